from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from writ.spec import reader
from writ.spec.marked import Marked
from writ.spec.reader import BYTES_AT_MOST, read_document
from writ.spec.source_text import LINE_BREAK, SourceText
from writ.spec.tree import Tree


def found(text: str | bytes) -> list[tuple[str, int, int, int]]:
    """Each problem's code, line, column and length."""
    data = text.encode() if isinstance(text, str) else text
    problems = read_document(data, "x.yaml").problems
    return [(problem.code, problem.span.line, problem.span.column, problem.span.length) for problem in problems]


def document(text: str) -> Marked:
    read = read_document(text.encode(), "x.yaml")
    assert read.problems == ()
    assert read.document is not None
    return read.document


def child(marked: Marked, *path: str | int) -> Marked:
    for step in path:
        if isinstance(step, str):
            assert isinstance(marked.value, dict)
            marked = marked.value[step]
        else:
            assert isinstance(marked.value, list)
            marked = marked.value[step]
    return marked


def at(text: str, part: str, *path: str | int) -> tuple[int, int, int]:
    """Where the part of the value at `path` is said to stand."""
    value = child(document(text), *path)
    assert isinstance(value.value, str)
    span = value.place(value.value.index(part), len(part))
    return span.line, span.column, span.length


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("NO", "NO"), ("on", "on"), ("yes", "yes"), ("y", "y"), ("off", "off"),
        ("010", 10), ("+5", 5), ("-0", 0), ("0o10", 8), ("0x1F", 31), ("-0x1F", "-0x1F"), ("1_000", "1_000"),
        ("12:30:45", "12:30:45"), ("2024-02-30", "2024-02-30"), ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("1e3", 1000.0), (".5", 0.5), ("1.", 1.0), ("1.5e-3", 0.0015), ("1e", "1e"), (".", "."),
        ("true", True), ("False", False), ("TRUE", True), ("tRue", "tRue"),
        ("null", None), ("~", None), ("", None), ("Null", None), ("nil", "nil"),
        ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
        ("'5'", "5"), ('"true"', "true"), ("'~'", "~"), ("=", "="),
    ],
)  # fmt: skip
def test_bare_words_mean_what_yaml_1_2_says(word: str, value: object) -> None:
    plain = document(f"a: {word}\n").plain()
    assert plain == {"a": value}
    assert isinstance(plain, dict)
    assert type(plain["a"]) is type(value)


def test_the_place_of_every_value_and_key_is_known() -> None:
    text = "entity: Slot\nfields:\n  at: {type: text, of: 'x y'}\nlist:\n  - one\n  - \"two\"\n"
    root = document(text)
    assert [str(root.key_spans[key]) for key in ("entity", "fields", "list")] == [
        "x.yaml:1:1",
        "x.yaml:2:1",
        "x.yaml:4:1",
    ]
    assert str(root.head) == "x.yaml:1:1"
    quoted = child(root, "fields", "at", "of")
    assert (quoted.span.line, quoted.span.column, quoted.span.length, quoted.style) == (3, 25, 3, "quoted")
    assert str(child(root, "list").span) == "x.yaml:5:3"
    assert str(child(root, "list", 1).span) == "x.yaml:6:6"
    assert str(child(root, "fields", "at").key_spans["type"]) == "x.yaml:3:8"


def test_a_value_that_is_missing_stands_at_its_key() -> None:
    root = document("a:\nb: x\n")
    assert child(root, "a").span == root.key_spans["a"]


def test_a_byte_order_mark_and_crlf_change_no_place() -> None:
    read = read_document("\ufeffa: 1\r\nbé: 'xy'\r\n".encode(), "x.yaml")
    assert read.problems == ()
    assert read.document is not None
    assert str(child(read.document, "bé").span) == "x.yaml:2:6"
    assert read.document.plain() == {"a": 1, "bé": "xy"}


def test_a_part_of_a_scalar_is_found_in_every_notation() -> None:
    assert at("a: slot.state == 'x'\n", "state", "a") == (1, 9, 5)
    assert at("a: 'it''s == slot.x'\n", "slot.x", "a") == (1, 14, 6)
    assert at('a: "\\u00e9\\t\\"b\\" == slot.x"\n', "slot.x", "a") == (1, 22, 6)
    assert at("{a: [x && y]}\n", "y", "a", 0) == (1, 11, 1)


def test_a_part_of_a_scalar_over_several_lines_is_found() -> None:
    assert at("a: |\n  one &&\n\n    two\nb: 1\n", "two", "a") == (4, 5, 3)
    assert at("a: >-\n  one &&\n  two ||\n\n  three\n", "three", "a") == (5, 3, 5)
    assert at("a: |2\n    one\n   two\n", "two", "a") == (3, 4, 3)
    assert at("a: one &&\n   two\n", "two", "a") == (2, 4, 3)
    assert at("a: 'one &&\n\n   two'\n", "two", "a") == (3, 4, 3)
    assert at('a: "one \\\n   two"\n', "two", "a") == (2, 4, 3)
    assert at("a: |\r\n  one &&\r\n  two\r\n", "two", "a") == (3, 3, 3)


def test_the_span_of_a_block_begins_at_its_content() -> None:
    span = child(document("a: |\n\n  one\n  two\n"), "a").span
    assert (span.line, span.column, span.length) == (3, 3, 3)


def test_the_place_behind_the_end_of_a_value_is_behind_its_last_character() -> None:
    value = child(document("a: slot.\nb: |\n  slot.\n"), "a")
    assert str(value.place(5)) == "x.yaml:1:9"
    assert str(value.place(500)) == "x.yaml:1:9"


def test_an_anchored_value_stands_behind_its_anchor_and_is_repeated() -> None:
    root = document("a: &n [x]\nb: *n\nc: &m 'y'\nd: *m\n")
    assert root.plain() == {"a": ["x"], "b": ["x"], "c": "y", "d": "y"}
    assert str(child(root, "c").span) == "x.yaml:3:8"
    assert child(root, "d").span == child(root, "c").span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n'b': 4\n", [("duplicate-key", 3, 1, 1), ("duplicate-key", 4, 2, 1)]),
        ("{x: 1, x: 2}", [("duplicate-key", 1, 8, 1)]),
        ("5: a\ntrue: b\n", [("not-a-string-key", 1, 1, 1), ("not-a-string-key", 2, 1, 4)]),
        ("[x]: d\n~: e\n", [("not-a-string-key", 1, 1, 3), ("not-a-string-key", 2, 1, 1)]),
        ("? {x: y}\n: e\nb: 1\n", [("not-a-string-key", 1, 4, 1)]),
        ("<<: {a: 1}\n", [("merge-key", 1, 1, 2)]),
        ("a: !slot.taken\nb: !!python/object:x y\n", [("unsupported-tag", 1, 4, 11), ("unsupported-tag", 2, 4, 17)]),
        ("a: !!map {}\nb: &x !q z\n", [("unsupported-tag", 1, 4, 5), ("unsupported-tag", 2, 7, 2)]),
        ("a: *b\n", [("unknown-alias", 1, 4, 2)]),
        ("a: &b [*b]\n", [("alias-to-itself", 1, 8, 2)]),
        ("a: .inf\nb: -.INF\nc: .nan\n", [("number-out-of-range", n, 4, w) for n, w in ((1, 4), (2, 5), (3, 4))]),
        ("a: 9223372036854775808\nb: 1e400\n", [("number-out-of-range", 1, 4, 19), ("number-out-of-range", 2, 4, 5)]),
        ("a: 1\n---\nb: 2\n", [("more-than-one-document", 2, 1, 3)]),
        ("%YAML 1.1\n---\na: 1\n", [("yaml-version", 1, 1, 9)]),
        ('a: "x\\0"\n', [("control-character", 1, 6, 2)]),
        ("a: b\x07\nc: \u202ed\n", [("control-character", 1, 5, 1), ("control-character", 2, 4, 1)]),
        (b"a: 1\nb: x\xffy\n", [("not-utf8", 2, 5, 1)]),
        ("a: 1\n".encode("utf-16"), [("not-utf8", 1, 1, 1)]),
        ("", [("empty-file", 1, 1, 1)]),
        ("# only a comment\n", [("empty-file", 1, 1, 1)]),
        ("---\n", [("empty-file", 1, 1, 1)]),
        ("a:\n\tb: 1\n", [("tab-indentation", 2, 1, 1)]),
        ("a:\n  b: 1\n\t\tc: 2\n", [("tab-indentation", 3, 1, 2)]),
        ("a: |\n\tx\n", [("tab-indentation", 2, 1, 1)]),
        ("a: x ? b : c\n", [("yaml-syntax", 1, 10, 1)]),
        ("a: 'free' == x\nb: 1\n", [("yaml-syntax", 1, 11, 1)]),
        ("a: [1,\nb: 2\n", [("yaml-syntax", 1, 4, 1)]),
        ("a: 1\nb: 'x\n", [("yaml-syntax", 2, 4, 1)]),
        ("a: 1\na: 2\nb: @x\n", [("duplicate-key", 2, 1, 1), ("yaml-syntax", 3, 4, 1)]),
    ],
)  # fmt: skip
def test_each_mistake_is_a_problem_at_its_place(text: str | bytes, expected: list[tuple[str, int, int, int]]) -> None:
    assert found(text) == expected


def test_a_duplicate_says_where_the_first_stands_and_the_first_stays() -> None:
    read = read_document(b"a: 1\nb: 2\na: 3\n", "x.yaml")
    assert read.problems[0].message == "the key `a` stands in line 1 already"
    assert read.document is not None
    assert read.document.plain() == {"a": 1, "b": 2}


def test_a_key_that_cannot_stand_is_dropped_with_its_value_and_reading_goes_on() -> None:
    read = read_document(b"[x]: {deep: [1]}\n<<: {a: 1}\nb: 2\n", "x.yaml")
    assert read.document is not None
    assert read.document.plain() == {"b": 2}


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("a: x ? b : c", "double quotes"),
        ("a: 'free' == x", "quoted as a whole"),
        ("a: !slot.taken", "must be quoted"),
        ("a: {x: f[0]}", "must be quoted"),
        ("a: > 5", "double quotes"),
    ],
)
def test_an_expression_that_yaml_takes_for_something_else_is_told_to_be_quoted(text: str, help: str) -> None:
    (problem,) = read_document(text.encode(), "x.yaml").problems
    assert help in problem.help


def test_messages_say_nothing_of_the_yaml_library() -> None:
    for text in (
        "a: [",
        "- a\nb",
        "a: b: c",
        "{",
        "a: }",
        "&",
        "%X",
        "  a: 1\nb: 2",
        'a: "\\q"',
        "a: `x`",
        "!<x",
        "? ?\n-",
    ):
        for problem in read_document(text.encode(), "x.yaml").problems:
            assert not any(word in problem.message for word in ("token", "scanning", "stream", "block end", "scalar"))
            assert problem.message[0] in "`" or problem.message[0].islower()
            assert not problem.message.endswith(".")


def test_reading_ends_after_too_many_problems() -> None:
    problems = read_document(b"a: 1\n" * 5000, "x.yaml").problems
    assert len(problems) == 101
    assert "too-many-problems" in {problem.code for problem in problems}


def test_depth_up_to_the_limit_is_read() -> None:
    assert found("[" * 64 + "]" * 64) == []
    assert found("[" * 65 + "]" * 65) == [("too-deep", 1, 65, 1)]
    assert found("[" * 64 + "x" + "]" * 64) == []


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP_ALIASES = "a: &a0 [x]\n" + "".join(f"k{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 80))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LAUGHS, "alias-limit"),
        (DEEP_ALIASES, "too-deep"),
        ("[" * BYTES_AT_MOST, "too-deep"),
        ("[" * 10_000 + "]" * 10_000, "too-deep"),
        ("- " * 500_000, "too-deep"),
        ("{a: " * 200_000, "too-deep"),
        ("? " * 500_000, "too-deep"),
        ("[" + "a," * 500_000 + "]", "too-large"),
        ("-\n" * 500_000, "too-large"),
        ("x" * (BYTES_AT_MOST + 1), "too-large"),
        ("\x00" * 1_000_000, "control-character"),
        ("!" * 1_000_000, "unsupported-tag"),
        ("*" * 1_000_000, "yaml-syntax"),
        (": " * 500_000, "yaml-syntax"),
        ("9" * 1_000_000, "number-out-of-range"),
    ],
)
def test_hostile_files_are_answered_quickly(text: str, code: str) -> None:
    started = time.perf_counter()
    problems = read_document(text.encode(), "x.yaml").problems
    assert time.perf_counter() - started < 5
    assert {problem.code for problem in problems} == {code}
    assert all(len(problem.message) < 300 for problem in problems)


def test_a_part_of_a_very_long_scalar_is_found_quickly() -> None:
    value = child(document('a: "' + " " * 500_000 + "\\x41" * 100_000 + '"\n'), "a")
    started = time.perf_counter()
    assert str(value.place(500_001)) == "x.yaml:1:500009"
    assert time.perf_counter() - started < 5


def test_both_parts_of_the_yaml_library_give_the_same_tree() -> None:
    text = "a: &x [1, 'it''s']\nb:\n  - *x\n  - |\n    one\n    two\nc: {d: \"\\u00e9 y\", e: }\n"
    source = SourceText("x.yaml", text)
    trees = []
    for loader in (yaml.SafeLoader, reader._LOADER):
        tree = Tree(source)
        for event in yaml.parse(text, Loader=loader):
            tree.take(event)
        trees.append((tree.root, tree.problems))
    assert trees[0] == trees[1]


def spans_inside(text: str, data: bytes) -> None:
    read = read_document(data, "x.yaml")
    lines = LINE_BREAK.split(text.removeprefix("\ufeff"))
    spans = [problem.span for problem in read.problems]
    pending = [read.document] if read.document else []
    while pending:
        marked = pending.pop()
        spans += [marked.span, *marked.key_spans.values()]
        if isinstance(marked.value, dict):
            assert set(marked.value) == set(marked.key_spans)
            pending += marked.value.values()
        elif isinstance(marked.value, list):
            pending += marked.value
        elif isinstance(marked.value, str):
            spans += [marked.place(offset) for offset in range(len(marked.value) + 2)]
    for span in spans:
        assert 1 <= span.line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert span.length >= 1
        assert span.column + span.length - 1 <= max(len(lines[span.line - 1]), span.column)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes_never_raise_and_places_lie_inside_the_file(data: bytes) -> None:
    spans_inside(data.decode("utf-8", errors="replace"), data)


YAML_MARKS = st.sampled_from(
    ["b: ", ": ", "- ", "'", '"', "|", ">", "[", "]", "{", "}", ", ", "#", "? ", "%", "\\", "''"]
)
YAML_WORDS = st.sampled_from(["a", "é", "日", "\u0301", "5", "~", "&x ", "*x", "!t ", "\\x41", "|2-\n", ">2-\n", "..."])
YAML_BREAKS = st.sampled_from(["\n", "\n  ", "\n    ", "\r\n", "\t", "---\n", "\ufeff", "\x85"])


@given(st.lists(YAML_MARKS | YAML_WORDS | YAML_BREAKS, max_size=25).map("".join) | st.text(max_size=60))
@settings(max_examples=1500, deadline=None)
def test_arbitrary_text_never_raises_and_places_lie_inside_the_file(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    spans_inside(text, data)


WORDS = st.text(alphabet="ab é日'\"\\", min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(["'", '"', "|", ">"]))
@settings(max_examples=400, deadline=None)
def test_every_character_of_a_dumped_text_is_found_where_it_stands(words: list[str], style: str) -> None:
    value = "\n".join(words)
    text = yaml.dump({"key": value}, default_style=style, allow_unicode=True, width=20)
    read = read_document(text.encode(), "x.yaml")
    assert read.document is not None
    marked = child(read.document, "key")
    assert marked.value == value
    lines = text.split("\n")
    for offset, character in enumerate(value):
        if character in "ab日":
            span = marked.place(offset)
            written = lines[span.line - 1][span.column - 1 :]
            assert written.startswith(character) or written.startswith("\\"), (text, offset)
