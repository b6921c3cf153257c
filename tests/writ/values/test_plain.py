"""What is understood without the engine is understood as the engine does."""

from __future__ import annotations

import pytest

from writ.values import Anything as Untyped
from writ.values import Boolean, Checked, FieldType, Integer, ListOf, Money, Record, Text, ValueType, check
from writ.values.check import _engine_parse
from writ.values.plain import plain
from writ.values.syntax import walk

ROW = Record(
    name="Row",
    fields=(
        FieldType(name="name", type=Text(), optional=True),
        FieldType(name="price", type=Money()),
        FieldType(name="in", type=Integer()),
        FieldType(name="tags", type=ListOf(element=Text())),
        FieldType(name="inner", type=Record(fields=(FieldType(name="flag", type=Boolean()),))),
    ),
)
SCOPE: dict[str, ValueType] = {"row": ROW, "rows": ListOf(element=ROW), "any": Untyped(), "math": ROW, "n": Integer()}


@pytest.mark.parametrize(
    "source", ["row", "rows", "row.name", "row.price.amount", "row.inner.flag", "row.tags", "''", "'a b'", "0", "42",
               "999999999999999", "true", "false", "'#{}'"],
)  # fmt: skip
def test_a_plain_expression_is_read_as_the_engine_reads_it(source: str) -> None:
    read = plain(source, SCOPE)
    asked = _engine_parse(source, SCOPE)
    assert read is not None
    assert not isinstance(asked, tuple)
    assert not asked.errors
    assert read == asked.root
    places = [[(node.at.id, node.at.offset) for node in walk(root)] for root in (read, asked.root)]
    assert places[0] == places[1]


@pytest.mark.parametrize(
    "source", ["row.nothing", "row.in", "rows.name", "any.field", "int", "math.abs", "nobody", "in", "null", "-1",
               "007",
               "1.0", "1u", " row", "row.name ", "row .name", "'it\\'s'", "'ä'", "\"a\"", ".row", "row.", "n.x"],
)  # fmt: skip
def test_in_any_doubt_the_engine_is_asked(source: str) -> None:
    assert plain(source, SCOPE) is None


def test_an_optional_field_is_still_refused_where_it_may_be_absent() -> None:
    assert not isinstance(check("row.name", SCOPE), Checked)
    assert isinstance(check("row.name", SCOPE, may_be_absent=True), Checked)
