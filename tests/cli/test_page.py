"""The page about the command line tells what is there."""

from __future__ import annotations

import re
from typing import Any

from cli.main import _COMMANDS
from tests.cli.conftest import CHECKOUT, Dev, Writ

PAGE = (CHECKOUT / "docs" / "cli.md").read_text()


def members(command: str) -> set[str]:
    """The members of the JSON value of a command, as the page names them."""
    (row,) = re.findall(rf"^\| `{command}` \| .*?`{{(.*?)}}`", PAGE, re.MULTILINE)
    return {name.strip() for name in row.split(",")}


def test_every_command_has_its_line() -> None:
    assert [name for name in _COMMANDS if not re.search(rf"^\| `writ {name}\b", PAGE, re.MULTILINE)] == []


def test_every_option_it_names_is_there(writ: Writ) -> None:
    for command, options in re.findall(r"^\| `writ (\w+).*\| ([^|]*) \|$", PAGE, re.MULTILINE):
        shown = writ(command, "--help").out
        assert [option for option in re.findall(r"`(--[\w-]+)", options) if option not in shown] == [], command


def test_json_has_the_members_it_names(writ: Writ, here: Dev) -> None:
    def printed(*arguments: str) -> Any:
        return writ(*arguments, "--format", "json").json

    assert set(printed("call", "clinic.list_free_slots", "--role", "reception")) == members("call")
    assert set(printed("runs", "--limit", "1")[0]) == members("runs") == set(printed("why"))
    assert set(printed("doctor")) == members("doctor")
    assert set(printed("token", "--subject", "ada")) == members("token")
    assert set(printed("publish", "specs/clinic")) == members("publish")
    assert set(printed("check", "specs/clinic")) == members("check")
    assert set(printed("rules")[0]) == members("rules")
