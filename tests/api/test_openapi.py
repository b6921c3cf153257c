from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.openapi import document
from tests.api.plans import booking, listing, release, tool


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return document({"sha256:abc": release(booking(), listing(), tool("hidden"))})


def test_the_description_is_valid_openapi(described: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_every_tool_has_its_own_and_the_generic_address(described: dict[str, Any]) -> None:
    assert "post" in described["paths"]["/clinic/slots/{slot}/appointments"]
    assert "get" in described["paths"]["/clinic/slots"]
    assert "post" in described["paths"]["/v1/tools/clinic.hidden"]


def test_path_parameters_leave_the_body(described: dict[str, Any]) -> None:
    operation = described["paths"]["/clinic/slots/{slot}/appointments"]["post"]
    body = operation["requestBody"]["content"]["application/json"]
    assert "slot" not in body["schema"]["properties"]
    assert body["schema"]["required"] == ["personal"]
    assert "slot" not in str(body["schema"]["required"])


def test_query_inputs_are_parameters(described: dict[str, Any]) -> None:
    parameters = {each.get("name"): each for each in described["paths"]["/clinic/slots"]["get"]["parameters"]}
    assert parameters["day"]["required"] and parameters["day"]["in"] == "query"
    assert parameters["limit"]["schema"]["maximum"] == 50


def test_our_own_keyword_is_an_extension_and_a_property_of_that_name_stays(described: dict[str, Any]) -> None:
    given = described["components"]["schemas"]["clinic.book_appointment.input"]
    assert given["properties"]["personal"] == {"type": "string", "maxLength": 5, "x-personal": True}


def test_references_inside_a_schema_still_lead_somewhere(described: dict[str, Any]) -> None:
    given = described["components"]["schemas"]["clinic.book_appointment.input"]
    place = given["properties"]["kind"]["$ref"].removeprefix("#/").split("/")
    found: Any = described
    for part in place:
        found = found[part]
    assert found == {"enum": ["first", "next"]}


def test_the_tools_refusals_stand_under_their_statuses(described: dict[str, Any]) -> None:
    responses = described["paths"]["/v1/tools/clinic.book_appointment"]["post"]["responses"]
    assert "slot_not_free" in responses["409"]["content"]["application/problem+json"]["examples"]
    assert "no_debts" in responses["403"]["content"]["application/problem+json"]["examples"]


def test_an_example_that_does_not_fit_is_left_out(described: dict[str, Any]) -> None:
    body = described["paths"]["/v1/tools/clinic.list_slots"]["post"]["requestBody"]["content"]["application/json"]
    assert "example" not in body


def test_a_concealed_tool_is_not_described() -> None:
    found = document({"sha256:abc": release(tool("secret", ("GET", "/secret"), conceal=True), listing())})
    assert "secret" not in str(found)
    assert "/v1/tools/clinic.list_slots" in found["paths"]


def test_a_concealed_tool_hides_no_other_at_its_address() -> None:
    found = document({"sha256:abc": release(tool("secret", ("POST", "/slots"), conceal=True), listing())})
    assert set(found["paths"]["/clinic/slots"]) == {"get"}
