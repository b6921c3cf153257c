"""From the bytes of a spec file to a tree of marked values, and every problem found on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from writ.problems import Problem, in_order
from writ.source import Span
from writ.spec.marked import Marked
from writ.spec.source_text import LINE_BREAK, SourceText
from writ.spec.syntax import syntax_problem
from writ.spec.tree import Tree

BYTES_AT_MOST = 1_048_576

# The same events from C, about ten times faster, where the library was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Besides control characters: line separators that YAML 1.2 does not count as line breaks but the library does, byte
# order marks inside the text, and the characters that make an editor show text in another order than it is read.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_REFUSED_REPORTED_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds. `document` is None when nothing of it can be used; it may be there in spite of problems.

    A key or value with a problem of its own is left out of the document, or stands in it as nothing or 0, so that the
    checks that follow can go on.
    """

    document: Marked | None
    problems: tuple[Problem, ...]


def read_document(text: bytes, file: str) -> Read:
    """Reads one YAML 1.2 document. `file` is the path that problems show. Never raises, whatever the bytes are."""
    if len(text) > BYTES_AT_MOST:
        return _refused("too-large", Span(file, 1, 1), f"this file is larger than {BYTES_AT_MOST // 1024:,} KiB")
    try:
        decoded = text.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        return _not_utf8(text[: error.start], text[error.start], file)
    source = SourceText(file, decoded)
    hidden = _control_characters(source)
    return Read(None, hidden) if hidden else _read(source)


def _read(source: SourceText) -> Read:
    tree = Tree(source)
    try:
        for event in yaml.parse(source.text, Loader=_LOADER):
            tree.take(event)
            if tree.finished:
                break
    except yaml.YAMLError as error:
        return Read(None, tuple(in_order([*tree.problems, syntax_problem(error, source)])))
    if not tree.problems and _is_empty(tree.root):
        return _refused(
            "empty-file", Span(source.file, 1, 1), "this file holds no document", "write one, or remove the file"
        )
    return Read(tree.root, tuple(in_order(tree.problems)))


def _is_empty(root: Marked | None) -> bool:
    return root is None or (root.value is None and root.written is not None and not root.written.text.strip())


def _refused(code: str, span: Span, message: str, help: str = "") -> Read:
    return Read(None, (Problem(code, span, message, help),))


def _not_utf8(before: bytes, byte: int, file: str) -> Read:
    lines = LINE_BREAK.split(before.decode("utf-8").removeprefix("\ufeff"))
    span = Span(file, len(lines), len(lines[-1]) + 1)
    return _refused("not-utf8", span, f"the byte 0x{byte:02x} is not part of a UTF-8 text", "save the file as UTF-8")


def _control_characters(source: SourceText) -> tuple[Problem, ...]:
    problems = []
    for found in _REFUSED.finditer(source.text):
        code_point = ord(found.group())
        message = f"the invisible character U+{code_point:04X} stands here"
        way_out = f'remove it, or write "\\u{code_point:04x}" in double quotes' if code_point > 0x9F else "remove it"
        problems.append(Problem("control-character", source.span(found.start(), found.end()), message, way_out))
        if len(problems) == _REFUSED_REPORTED_AT_MOST:
            break
    return tuple(problems)
