from __future__ import annotations

import pytest

from tests.writ.library import READER, edited, library, mistake

BRANCH = "  branch: {type: text, max_length: 50}\n"

MISTAKES = [
    ("tenant: brnch", "unknown-field", "brnch", "did you mean `branch`?"),
    ("tenant: id", "unknown-field", "id", "no field"),
    ("tenant: days", "tenant", "days", "not a text"),
    ("tenant: note", "tenant", "note", "optional"),
    ("tenant: place", "tenant", "place", "default"),
    ("tenant:", "wrong-type", "tenant", "remove the key"),
    ("tenant: [branch]", "wrong-type", "[branch]", "a name"),
]
FIELDS = """\
owner: account
{tenant}
fields:
  branch: {{type: text, max_length: 50}}
  days: {{type: integer}}
  note: {{type: text, max_length: 50, optional: true}}
  place: {{type: text, max_length: 50, default: here}}
"""


@pytest.mark.parametrize(("tenant", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_tenant_is_one_problem(tenant: str, code: str, underlined: str, words: str) -> None:
    found = mistake("reader", "owner: account\nfields:\n", FIELDS.format(tenant=tenant))
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_an_entity_has_its_tenant() -> None:
    app = library(reader=edited("reader", "owner: account\n", "owner: account\ntenant: branch\n") + BRANCH).app
    assert app is not None
    assert app.entities["Reader"].tenant == "branch"
    assert app.entities["Book"].tenant is None


def test_a_field_may_be_secret() -> None:
    app = library(reader=READER + "  pin: {type: text, max_length: 9, secret: true}\n").app
    assert app is not None
    fields = app.entities["Reader"].fields
    assert (fields["pin"].secret, fields["name"].secret) == (True, False)


def test_whether_a_field_is_secret_is_yes_or_no() -> None:
    assert mistake("reader", "personal: true", "secret: 1")[:2] == ("wrong-type", "1")
