"""What the YAML library says about broken syntax, in words that tell an author of specs what to do."""

from __future__ import annotations

from typing import NamedTuple

from yaml import MarkedYAMLError, YAMLError

from writ.problems import Problem
from writ.spec.source_text import SourceText


class _Explained(NamedTuple):
    """`says` is part of the library's message; `{where}` is where the enclosing thing begins."""

    says: str
    message: str
    help: str = ""


_QUOTE = 'put the whole value in double quotes: "…"'

_EXPLAINED = (
    _Explained(
        "mapping values are not allowed",
        "a `:` cannot stand here",
        f"if it belongs to the value, {_QUOTE}; if it ends a key, check the indentation of this line",
    ),
    _Explained(
        "unexpected end of stream", "the quoted text that begins here is never closed", "close it with the same quote"
    ),
    _Explained(
        "expected ',' or ']'",
        "expected `,` or `]` here, for the list that begins {where}",
        f"an expression with brackets, braces or commas inside of [ ] must be quoted: {_QUOTE}",
    ),
    _Explained(
        "expected ',' or '}'",
        "expected `,` or `}}` here, for the mapping that begins {where}",
        f"an expression with brackets, braces or commas inside of {{ }} must be quoted: {_QUOTE}",
    ),
    _Explained(
        "expected key",
        "expected a key or the end of the mapping that begins {where}",
        "check the indentation of this line and what stands before it",
    ),
    _Explained(
        "expected <block end>",
        "expected another entry or the end of what begins {where}",
        "check the indentation of this line and what stands before it",
    ),
    _Explained(
        "expected '-' indicator",
        "expected another `- ` or the end of the list that begins {where}",
        "check the indentation of this line",
    ),
    _Explained("could not find expected ':'", "expected a `:` after this", "a key is followed by `: ` and its value"),
    _Explained("node content", "expected a value here"),
    _Explained("expected <document start>", "the document ended before this", "check the indentation of this line"),
    _Explained("cannot start any token", "a value cannot begin with this character", _QUOTE),
    _Explained(
        "unknown escape character",
        "this is not an escape sequence",
        "in double quotes a backslash is written `\\\\`; in single quotes it stands for itself",
    ),
    _Explained("hexdecimal number", "this escape sequence is not complete"),
    _Explained("hexadecimal", "this escape sequence is not complete"),
    _Explained("invalid Unicode character", "this escape sequence is not a character"),
    _Explained(
        "expected comment or line break",
        "nothing may follow a `|` or `>` in its line",
        f"if it is an operator of an expression, {_QUOTE}",
    ),
    _Explained(
        "sequence entries are not allowed", "a list item cannot begin here", "put it into a line of its own, indented"
    ),
    _Explained("mapping keys are not allowed", "a key cannot begin here", "put it into a line of its own, indented"),
    _Explained(
        "alphabetic or numeric",
        "`&` and `*` are followed by a name",
        f"if it is an operator of an expression, {_QUOTE}",
    ),
    _Explained("indentation indicator", "the number after `|` or `>` is from 1 to 9"),
    _Explained("document indicator", "`---` or `...` cannot stand inside of a quoted text"),
    _Explained(
        "tag", "this is not a YAML tag, and specs have none", "an expression that begins with `!` must be quoted"
    ),
    _Explained(
        "directive", "a line that begins with `%` cannot stand here", "remove it: specs need no YAML directives"
    ),
    _Explained("YAML document", "this version of YAML is not supported", "specs are YAML 1.2: remove the line"),
)

_AFTER_QUOTE = _Explained(
    "expected key",
    "nothing may follow the closing quote in its line",
    "an expression that begins with a quote must be quoted as a whole: \"'free' == slot.state\"",
)
_NEVER_CLOSED = _Explained("flow", "what begins here with a bracket or brace is never closed", "close it")


def syntax_problem(error: YAMLError, source: SourceText) -> Problem:
    """The problem for what stopped the YAML library."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem("yaml-syntax", source.span(0, 1), "this file is not valid YAML")
    index = error.problem_mark.index
    tab = _tab_at(source.text, index, error.problem or "")
    if tab is not None:
        return _tab_problem(source, tab)
    opened = error.context_mark.index if error.context_mark else index
    explained = _explained(error, source.text, index)
    # What is never closed is noticed at the end of the file only; it is mended where it begins.
    points_back = explained is _NEVER_CLOSED or any(says in _says(error) for says in ("end of stream", "simple key"))
    place = opened if points_back else index
    where = f"in line {source.line_number(opened)}"
    return Problem("yaml-syntax", source.span(place, place + 1), explained.message.format(where=where), explained.help)


def _says(error: MarkedYAMLError) -> str:
    return f"{error.problem} {error.context}"


def _explained(error: MarkedYAMLError, text: str, index: int) -> _Explained:
    says = _says(error)
    if "while parsing a flow" in says and not text[index:].strip():
        return _NEVER_CLOSED
    if ("expected key" in says or "block end" in says) and _follows_quote(text, index):
        return _AFTER_QUOTE
    for explained in _EXPLAINED:
        if explained.says in says:
            return explained
    return _Explained("", "this is not valid YAML here", _QUOTE)


def _follows_quote(text: str, index: int) -> bool:
    return text[max(0, index - 80) : index].rstrip(" ")[-1:] in {"'", '"'}


def _tab_at(text: str, index: int, says: str) -> int | None:
    if "tab character" in says or "'\\t'" in says or ("cannot start" in says and text[index : index + 1] == "\t"):
        return index
    return None


def _tab_problem(source: SourceText, index: int) -> Problem:
    width = len(source.text) - index - len(source.text[index:].lstrip("\t"))
    return Problem(
        "tab-indentation",
        source.span(index, index + width),
        "a tab stands where only spaces can",
        "indent with spaces: how wide a tab is nobody can say",
    )
