"""From YAML events to one tree of marked values, without recursion and within fixed limits.

The events arrive one by one, so that a hostile file is given up at the first event too many, before anything grows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from yaml import events as ev

from writ.problems import Problem, did_you_mean
from writ.source import Span
from writ.spec.marked import Marked, Written, marked_scalar
from writ.spec.scalar_places import Notation
from writ.spec.source_text import SourceText
from writ.spec.yaml12 import meaning

NODES_AT_MOST = 20_000
DEPTH_AT_MOST = 64
PROBLEMS_AT_MOST = 100
UNREAD_NUMBER = "number-out-of-range"
"""The code of the problem of a number that stands in the tree as 0."""

_SHOWN_AT_MOST = 60

_NOTATIONS: dict[str, Notation] = {"'": "single", '"': "double", "|": "block", ">": "block"}
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+|\Z))*")
# Words that no reader of YAML takes for anything but a text.
_WORD = re.compile(r"(?!(?:true|false|null)\Z)[a-z][a-z0-9_]*")
_TAG = re.compile(r"![^\s,\[\]{}]*")
# An escape such as "\u0000" can make what the file itself may not hold; PostgreSQL cannot store some of it.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


class _Mark(Protocol):
    """A place as the YAML library gives it, from its C part or its Python part."""

    @property
    def index(self) -> int: ...


class _Node(NamedTuple):
    """A finished value, how many values it holds with all aliases followed, and how deep they go."""

    marked: Marked
    size: int
    height: int


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    start: int
    in_flow: bool
    anchor: str | None
    keyed: bool
    items: list[Marked] = field(default_factory=list)
    entries: dict[str, Marked] = field(default_factory=dict)
    key_spans: dict[str, Span] = field(default_factory=dict)
    size: int = 1
    height: int = 1
    expects_value: bool = False
    key: tuple[str, Span] | None = None

    @property
    def expects_key(self) -> bool:
        return self.keyed and not self.expects_value


class Tree:
    """The tree under construction: give it each event until `finished`, then read `root` and `problems`.

    `root` is None when the file holds no value or was given up.
    """

    def __init__(self, source: SourceText) -> None:
        self.root: Marked | None = None
        self.problems: list[Problem] = []
        self.finished = False
        self._source = source
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Node] = {}
        self._documents = 0
        self._size = 0
        self._aliases = 0

    def take(self, event: ev.Event) -> None:
        """Builds on with the next event."""
        match event:
            case ev.DocumentStartEvent():
                self._start_document(event)
            case ev.AliasEvent():
                self._alias(event)
            case ev.ScalarEvent():
                self._scalar(event)
            case ev.MappingStartEvent() | ev.SequenceStartEvent():
                self._open(event)
            case ev.MappingEndEvent() | ev.SequenceEndEvent():
                self._close(event)

    def _report(self, code: str, span: Span, message: str, help: str = "") -> None:
        self.problems.append(Problem(code, span, message, help))
        if len(self.problems) == PROBLEMS_AT_MOST and not self.finished:
            self._give_up(
                "too-many-problems", span, f"after {PROBLEMS_AT_MOST} problems the rest of this file is not read"
            )

    def _give_up(self, code: str, span: Span, message: str, help: str = "") -> None:
        self.root = None
        self.finished = True
        self._report(code, span, message, help)

    def _span(self, event: ev.Event) -> Span:
        return self._source.span(_index(event.start_mark), _index(event.end_mark))

    def _start_document(self, event: ev.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._report(
                "more-than-one-document",
                self._span(event),
                "a second document begins here",
                "write one document per file: move what follows `---` into a file of its own",
            )
            self.finished = True
        elif event.version and event.version != (1, 2):
            written = ".".join(str(part) for part in event.version)
            self._report(
                "yaml-version",
                self._span(event),
                f"this asks for YAML {written}",
                "specs are YAML 1.2: remove the line",
            )

    def _alias(self, event: ev.AliasEvent) -> None:
        name, span = str(event.anchor), self._span(event)
        self._aliases += 1
        found = self._anchors.get(name)
        if found is not None:
            self._place(found, event)
            return
        if any(name == opened.anchor for opened in self._stack):
            self._report("alias-to-itself", span, f"`*{_shortened(name)}` stands inside of the value it repeats")
        else:
            self._report(
                "unknown-alias",
                span,
                f"nothing above is called `&{_shortened(name)}`",
                did_you_mean(name, self._anchors) or "an expression that begins with `*` must be quoted",
            )
        self._place(_Node(Marked(None, span), 1, 1), event)

    def _scalar(self, event: ev.ScalarEvent) -> None:
        if self._is_plain_key(event):
            return
        self._refuse_tag(event)
        start, end = _index(event.start_mark), _index(event.end_mark)
        if event.anchor or event.tag:
            properties = _PROPERTIES.match(self._source.text, start, end)
            start = properties.end() if properties else start
        notation = _NOTATIONS.get(event.style or "", "plain")
        marked = self._scalar_value(str(event.value), Written(self._source, start, end, notation))
        if event.anchor:
            self._anchors[event.anchor] = _Node(marked, 1, 1)
        self._place(_Node(marked, 1, 1), event)

    def _is_plain_key(self, event: ev.ScalarEvent) -> bool:
        """Enters a key that is just a word and new, as nearly all are: half of all scalars, worth a shorter way."""
        parent = self._stack[-1] if self._stack else None
        name = event.value
        if parent is None or not parent.expects_key or event.style or event.anchor or event.tag:
            return False
        if not _WORD.fullmatch(name) or name in parent.key_spans or self._size >= NODES_AT_MOST:
            return False
        span = self._source.span(_index(event.start_mark), _index(event.end_mark))
        parent.key_spans[name] = span
        parent.key, parent.expects_value = (name, span), True
        parent.size += 1
        parent.height = max(parent.height, 2)
        self._size += 1
        return True

    def _scalar_value(self, content: str, written: Written) -> Marked:
        if written.notation != "plain":
            marked = marked_scalar(content, content, written)
            self._refuse_unstorable(marked, content)
            return marked
        meant = meaning(content)
        marked = marked_scalar(meant.value, content, written)
        if meant.complaint:
            shown = content if len(content) <= 40 else content[:40] + "…"
            self._report(
                UNREAD_NUMBER, marked.span, f"`{shown}` {meant.complaint}", "quote it if it is meant as a text"
            )
        return marked

    def _refuse_unstorable(self, marked: Marked, content: str) -> None:
        for found in _UNSTORABLE.finditer(content):
            self._report(
                "control-character",
                marked.place(found.start()),
                f"this stands for the control character U+{ord(found.group()):04X}, which no text may hold",
            )

    def _refuse_tag(self, event: ev.ScalarEvent | ev.CollectionStartEvent) -> None:
        if event.tag is None:
            return
        written = _TAG.search(self._source.text, _index(event.start_mark))
        word = written.group() if written else str(event.tag)
        start = written.start() if written else _index(event.start_mark)
        self._report(
            "unsupported-tag",
            self._source.span(start, start + len(word)),
            f"`{_shortened(word)}` is a YAML tag, and specs have none",
            "remove it" if word.startswith("!!") else "an expression that begins with `!` must be quoted",
        )

    def _open(self, event: ev.CollectionStartEvent) -> None:
        self._refuse_tag(event)
        if len(self._stack) >= DEPTH_AT_MOST:
            self._too_deep(self._span(event))
            return
        if event.anchor:
            self._anchors.pop(event.anchor, None)
        keyed = isinstance(event, ev.MappingStartEvent)
        self._size += 1
        self._stack.append(_Open(_index(event.start_mark), bool(event.flow_style), event.anchor, keyed))

    def _close(self, event: ev.CollectionEndEvent) -> None:
        done = self._stack.pop()
        first = next(iter(done.key_spans.values()), None)
        span = first or self._whole_span(done, event)
        value = done.entries if done.keyed else done.items
        marked = Marked(value, span, key_spans=done.key_spans)
        node = _Node(marked, done.size, done.height)
        if done.anchor:
            self._anchors[done.anchor] = node
        # The value counts as a whole once it stands in what holds it.
        self._size -= done.size
        self._place(node, marked.span)

    def _whole_span(self, done: _Open, event: ev.CollectionEndEvent) -> Span:
        end = _index(event.end_mark) if done.in_flow else self._source.line_end(done.start)
        return self._source.span(done.start, end)

    def _place(self, node: _Node, used: ev.Event | Span) -> None:
        """Puts a finished value where it belongs; `used` is where it is used, for an alias not where it is written."""
        if not self._within_limits(node, used):
            return
        if not self._stack:
            self.root = node.marked
            return
        parent = self._stack[-1]
        parent.size += node.size
        self._size += node.size
        parent.height = max(parent.height, node.height + 1)
        if parent.expects_key:
            parent.key = self._checked_key(parent, node.marked, self._used_at(used))
            parent.expects_value = True
        elif parent.keyed:
            _enter(parent, node.marked)
        else:
            parent.items.append(node.marked)

    def _used_at(self, used: ev.Event | Span) -> Span:
        return used if isinstance(used, Span) else self._span(used)

    def _within_limits(self, node: _Node, used: ev.Event | Span) -> bool:
        if len(self._stack) + node.height > DEPTH_AT_MOST + 1:
            self._too_deep(self._used_at(used))
        elif self._size + node.size > NODES_AT_MOST:
            self._too_many(self._used_at(used))
        return not self.finished

    def _too_deep(self, span: Span) -> None:
        self._give_up("too-deep", span, f"this is nested more than {DEPTH_AT_MOST} levels deep")

    def _too_many(self, span: Span) -> None:
        if self._aliases:
            message = f"with its aliases followed, this file holds more than {NODES_AT_MOST:,} values"
            self._give_up("alias-limit", span, message, "write out what is needed instead of repeating aliases")
        else:
            self._give_up("too-large", span, f"this file holds more than {NODES_AT_MOST:,} values")

    def _checked_key(self, parent: _Open, key: Marked, span: Span) -> tuple[str, Span] | None:
        """The key if it can stand; None drops it together with its value, so that reading goes on."""
        name = key.value
        if not isinstance(name, str):
            self._report("not-a-string-key", span, _key_complaint(key), "write the key as a text, in quotes if need be")
        elif name == "<<" and key.style == "plain":
            self._report(
                "merge-key", span, "`<<` merges mappings, which specs do not have", "write the merged keys out"
            )
        elif name in parent.key_spans:
            first = parent.key_spans[name]
            where = f"in line {first.line}" if first.line != span.line else f"in column {first.column}"
            self._report(
                "duplicate-key", key.span, f"the key `{_shortened(name)}` stands {where} already", "keep one of the two"
            )
        else:
            parent.key_spans[name] = key.span if key.span.line == span.line else span
            return name, parent.key_spans[name]
        return None


def _index(mark: _Mark | None) -> int:
    if mark is None:
        raise LookupError("the YAML library gave an event without a place")
    return mark.index


def _enter(parent: _Open, value: Marked) -> None:
    key = parent.key
    parent.expects_value, parent.key = False, None
    if key is None:
        return
    name, span = key
    if value.value is None and value.written is not None and value.written.start == value.written.end:
        value = Marked(None, span)
    parent.entries[name] = value


def _key_complaint(key: Marked) -> str:
    if isinstance(key.value, list | dict):
        return "a list or mapping cannot be a key"
    if key.value is None:
        return "a key is missing here"
    written = key.written.text if key.written else str(key.value)
    return f"`{_shortened(written)}` is not a text, and every key is one"


def _shortened(word: str) -> str:
    return word if len(word) <= _SHOWN_AT_MOST else word[:_SHOWN_AT_MOST] + "…"
