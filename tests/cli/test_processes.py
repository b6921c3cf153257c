"""`writ serve` and `writ worker` as processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.engines import with_engines
from settings import Settings
from tests.cli.conftest import Dev, Writ, clean_environment, run_process


@pytest.fixture
def variables(here: Dev, tmp_path: Path) -> dict[str, str]:
    """Settings of processes beside `writ dev`: its engines, but a task queue that its worker does not serve."""
    settings = with_engines(Settings(), "database", "temporal")
    return {
        "DATABASE_URL": settings.require_database(),
        "TEMPORAL_ADDRESS": settings.require_temporal(),
        "WRIT_TASK_QUEUE": "elsewhere",
        "WRIT_DATA_FOLDER": str(tmp_path),
        "WRIT_API_PORT": "0",
        "WRIT_ANSWER_WITHIN_SECONDS": "1.5",
        # As every process of one deployment has them: their data folder is another than that of `writ dev`.
        "WRIT_HISTORY_KEYS": (here.folder / ".writ" / "history-keys").read_text().strip(),
    }


def begin(*arguments: str, cwd: Path, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments],
        cwd=cwd, env=clean_environment(**variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.terminate()
    _, said = process.communicate(timeout=30)
    return process.returncode, said


@pytest.fixture
def api(here: Dev, variables: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = begin("serve", cwd=here.folder, **variables)
    assert process.stderr is not None
    while "the API answers at" not in (line := process.stderr.readline()):
        assert line
    yield process
    if process.poll() is None:
        ended(process)


def test_a_run_waits_for_a_worker_and_its_caller_for_the_run(
    writ: Writ, here: Dev, variables: dict[str, str], api: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    call = ("call", "clinic.list_free_slots", "--role", "reception")
    started = writ(*call, "--no-wait").json
    goes_on = writ("why", started["run"])
    assert goes_on.code == 1
    assert "`clinic.list_free_slots`" in goes_on.err
    assert "goes on, so nothing has been recorded yet" in goes_on.err
    waiting = begin(*call, cwd=here.folder, **variables)
    assert waiting.stderr is not None
    assert "goes on; waiting for it" in waiting.stderr.readline()
    worker = begin("worker", cwd=here.folder, **variables)
    answer, _ = waiting.communicate(timeout=30)
    assert waiting.returncode == 0
    assert "slots" in answer
    explained = writ("why", started["run"])
    assert "clinic.list_free_slots answered" in explained.out
    code, said = ended(worker)
    assert code == 0, said
    assert "taking runs from the task queue `elsewhere`" in said
    code, said = ended(api)
    assert code == 0, said
    assert not (Path(variables["WRIT_DATA_FOLDER"]) / "api.json").exists()


def test_a_server_without_keys_does_not_start_in_production(here: Dev, variables: dict[str, str]) -> None:
    refused = run_process("serve", cwd=here.folder, **{**variables, "WRIT_ENVIRONMENT": "production"})
    assert refused.code == 2
    assert "`WRIT_JWT_JWKS_URL` is not set" in refused.err
