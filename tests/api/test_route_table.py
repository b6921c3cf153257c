from __future__ import annotations

from api.route_table import Found, RouteTable, WrongMethod
from tests.api.plans import tool


def table() -> RouteTable:
    tools = (
        tool("book", ("POST", "/appointments")),
        tool("list", ("GET", "/appointments")),
        tool("cancel", ("POST", "/appointments/{appointment}/cancel")),
        tool("show", ("GET", "/appointments/{appointment}")),
        tool("mine", ("GET", "/appointments/mine")),
        tool("erase", ("DELETE", "/appointments/{id}")),
        tool("hidden"),
    )
    return RouteTable({each.tool: each for each in tools})


def test_a_fixed_path_is_found_by_its_method() -> None:
    assert table().find("POST", ["appointments"]) == Found("book", {})
    assert table().find("GET", ["appointments"]) == Found("list", {})


def test_parameters_are_taken_from_the_path() -> None:
    assert table().find("POST", ["appointments", "7", "cancel"]) == Found("cancel", {"appointment": "7"})


def test_a_fixed_segment_comes_before_a_parameter() -> None:
    assert table().find("GET", ["appointments", "mine"]) == Found("mine", {})
    assert table().find("GET", ["appointments", "yours"]) == Found("show", {"appointment": "yours"})


def test_a_parameter_answers_where_only_the_fixed_paths_method_is_wrong() -> None:
    assert table().find("DELETE", ["appointments", "mine"]) == Found("erase", {"id": "mine"})


def test_a_wrong_method_names_the_right_ones() -> None:
    assert table().find("PUT", ["appointments", "7"]) == WrongMethod(("DELETE", "GET"))


def test_an_unknown_path_is_not_found() -> None:
    assert table().find("GET", ["practitioners"]) is None
    assert table().find("GET", ["appointments", "7", "nothing"]) is None


def test_an_empty_segment_is_no_parameter() -> None:
    assert table().find("GET", ["appointments", ""]) is None
