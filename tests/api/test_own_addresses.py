"""What the API keeps for itself: no app may have a name that would hide its tools behind our own addresses."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from api.run_filters import AUDITOR
from tests.api.conftest import Api
from tests.clinic import SPECS
from writ.check import OWN_ADDRESSES, OWN_ROLES, check_app


def codes(name: str) -> list[str]:
    files = {str(path.relative_to(SPECS.parent)): path.read_bytes() for path in SPECS.rglob("*.yaml")}
    renamed = {path: text.replace(b"app: clinic\n", f"app: {name}\n".encode()) for path, text in files.items()}
    return [problem.code for problem in check_app(renamed, name).problems]


@pytest.mark.parametrize("name", [*sorted(OWN_ADDRESSES), "v2", "v10"])
def test_an_app_cannot_be_called_like_an_address_of_ours(name: str) -> None:
    assert codes(name) == ["reserved-name"]


@pytest.mark.parametrize("name", ["vet", "v", "document"])
def test_other_names_are_free(name: str) -> None:
    assert codes(name) == []


def test_every_address_of_ours_is_reserved(shared_api: Api) -> None:
    routes = [route.path for route in shared_api.made.router.routes if isinstance(route, Route)]
    served = {path.split("/")[1].partition(".")[0] for path in routes}
    assert served - {"{path:path}"} == OWN_ADDRESSES


def test_every_role_of_ours_is_reserved() -> None:
    assert {AUDITOR} == OWN_ROLES
