from __future__ import annotations

from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.conftest import Api


async def test_the_description_is_of_the_active_releases_and_valid(api: Api) -> None:
    answer = await api.http.get("/openapi.json")
    described = answer.json()
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []
    assert described["info"]["x-releases"]["diary"] == api.app.release.digest


async def test_every_described_address_is_served(api: Api) -> None:
    described = (await api.http.get("/openapi.json")).json()
    for path, operations in described["paths"].items():
        for method in operations.keys() - {"parameters"}:
            address = path.replace("{slot}", "x").replace("{run}", "x")
            answer = await api.http.request(method, address)
            assert answer.status_code in ((401,) if "security" not in operations[method] else (200, 503)), path


async def test_people_can_read_it(api: Api) -> None:
    assert "/openapi.json" in (await api.http.get("/docs")).text
