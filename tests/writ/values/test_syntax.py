from __future__ import annotations

from writ.values.decode import decode
from writ.values.dialect import evaluation
from writ.values.places import extent, text_of
from writ.values.syntax import Call, Comprehension, Literal, MapLiteral, Name, Node, Select, path_of, place_of, walk


def parse(source: str) -> Node:
    return decode(evaluation().compile(source, disable_check=True).serialize()).root


def test_each_form_is_read_into_its_node() -> None:
    assert isinstance(parse("a.b"), Select)
    assert isinstance(parse("a + 1"), Call)
    assert isinstance(parse("{'a': 1}"), MapLiteral)
    assert isinstance(parse("[1].map(x, x)"), Comprehension)
    asked = parse("has(a.b)")
    assert isinstance(asked, Select)
    assert asked.test


def test_constants_keep_their_values() -> None:
    for source, value in (
        ("1", 1),
        ("-1", -1),
        ("1u", 1),
        ("1.5", 1.5),
        ("'é'", "é"),
        ("b'x'", b"x"),
        ("true", True),
        ("0", 0),
    ):
        node = parse(source)
        assert isinstance(node, Literal)
        assert node.value == value
    null = parse("null")
    assert isinstance(null, Literal)
    assert null.value is None


def test_equal_expressions_are_equal_wherever_they_stand() -> None:
    assert parse("a.b + 1") == parse("  a.b  +  1")


def test_paths_are_names_and_dots_only() -> None:
    assert path_of(parse("a.b.c")) == ("a", "b", "c")
    assert path_of(parse(".a.b")) == ("a", "b")
    assert path_of(parse("a[0].c")) is None
    assert place_of(parse("a[0].c")) == ("a", "[0]", "c")
    assert place_of(parse("f(a).c")) is None


def test_every_part_knows_its_place() -> None:
    source = "size(a.b) > 1 && [x,  y ].exists(e, e == 'é)') ? {'k': a[ 0 ]} : f( 1 )"
    shown = {
        text_of(node, source) for node in walk(parse(source)) if isinstance(node, Name | Select) and node.at.offset >= 0
    }
    assert {"a.b", "a", "x", "y", "e"} <= shown
    assert extent(parse("  a . b "), "  a . b ") == (2, 5)
    assert text_of(parse("size( a )"), "size( a )") == "size( a )"
    assert text_of(parse("a[ 0 ]"), "a[ 0 ]") == "a[ 0 ]"
    assert text_of(parse("[1, 2 ]"), "[1, 2 ]") == "[1, 2 ]"
