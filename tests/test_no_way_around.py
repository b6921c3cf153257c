"""There is no flag, setting, variable, comment, file or route that lets a red app be published."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import pytest
import typer

from cli.main import app as command_line
from cli.main import main
from settings import Settings
from tests import shelf
from writ.judgement import judge

ROOT = Path(__file__).parents[1]
FOLDERS = ("writ", "workflows", "activities", "embedded", "api", "cli")
SOURCES = [
    *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")),
    ROOT / "worker.py",
    ROOT / "settings.py",
]  # fmt: skip

_DODGING = re.compile(r"force|skip|ignore|unsafe|override|bypass|disable|no[-_]check|no[-_]verify|allow[-_]red|trust")


def commands() -> dict[str, set[str]]:
    """Every command and how its options are written."""
    found = typer.main.get_command(command_line).commands  # type: ignore[attr-defined]
    return {
        name: {spelled for it in command.params for spelled in (*it.opts, *it.secondary_opts) if spelled[0] == "-"}
        for name, command in sorted(found.items())
    }


def written(folder: Path, files: shelf.Files) -> Path:
    """The app of these files in a folder below `folder`."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    return Path(*Path(next(iter(files))).parts[:2])


@pytest.fixture
def red_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return written(tmp_path, shelf.red())


@pytest.mark.parametrize("name", commands())
def test_no_option_of_a_command_is_about_going_round_the_check(name: str) -> None:
    assert [option for option in commands()[name] if _DODGING.search(option)] == []


def test_publishing_has_no_option_but_how_it_prints() -> None:
    assert commands()["publish"] == {"--format"}


@pytest.mark.parametrize(
    "arguments",
    [[], ["--format", "text"], ["--format", "json"]],
    ids=" ".join,
)
def test_a_red_app_is_published_with_no_option(
    red_app: Path, arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["publish", str(red_app), *arguments]) == 1
    assert "has 1 red finding, so nothing was done" in capfd.readouterr().err


_VARIABLES = [
    *(field.validation_alias or f"WRIT_{name.upper()}" for name, field in Settings.model_fields.items()),
    *(f"WRIT_{word}" for word in ("FORCE", "SKIP_CHECK", "NO_CHECK", "UNSAFE", "ALLOW_RED", "IGNORE", "TODAY")),
    "WRIT_DEBUG", "CI", "PYTHONOPTIMIZE",
]  # fmt: skip


@pytest.mark.parametrize(("variable", "value"), list(itertools.product(map(str, _VARIABLES), ["1", "development"])))
def test_a_red_app_is_published_under_no_variable(
    red_app: Path, variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert main(["publish", str(red_app)]) == 1


def test_what_judges_compiles_and_publishes_reads_no_variable() -> None:
    judging = ("writ/", "activities/publish", "activities/releases.py", "cli/checked_spec.py", "cli/publishing.py")
    readers = importers("os") | importers("settings")
    assert readers
    assert [path for path in readers if path.startswith(judging)] == []


def test_no_setting_is_about_going_round_the_check() -> None:
    for name, field in Settings.model_fields.items():
        if name != "environment":
            assert not _DODGING.search(name), name
            assert "finding" not in (field.description or ""), name


@pytest.mark.parametrize(
    "comment", ["# noqa", "# writ: ignore", "# writ: ignore ORG001", "# type: ignore", "# nosec", "# green: fine"]
)
def test_no_comment_makes_red_green(comment: str) -> None:
    files = {
        path: f"{comment}\n".encode() + text.replace(b"\n", f" {comment}\n".encode())
        for path, text in shelf.red().items()
    }
    assert [str(finding.colour) for finding in judge(shelf.typed(files), today=shelf.today()).findings] == ["red"]


@pytest.mark.parametrize("path", ["app.yaml", "tools/find_book.yaml", "policies/looked_at.yaml"])
@pytest.mark.parametrize("key", ["ignore: [ORG001]", "safety: off", "check: false", "force: true", "colour: green"])
def test_no_key_of_a_document_switches_the_check_off(path: str, key: str) -> None:
    files = shelf.red()
    whole = next(each for each in files if each.endswith(path))
    found = shelf.checked({**files, whole: files[whole] + f"{key}\n".encode()})
    assert [problem.code for problem in found.problems] == ["unknown-key"]


@pytest.mark.parametrize("file", [".writ.yaml", "writ.yaml", ".writignore", "safety.yaml", "baseline.json"])
def test_no_file_beside_the_documents_makes_a_red_app_green(red_app: Path, file: str) -> None:
    (red_app / file).write_text("ignore: [ORG001]\n")
    Path(file).write_text("ignore: [ORG001]\n")
    assert main(["publish", str(red_app)]) == 1


def importers(module: str, name: str | None = None) -> set[str]:
    """The files that import `module`, or `name` from it."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = {it.name for it in node.names} if isinstance(node, ast.Import | ast.ImportFrom) else set()
            if isinstance(node, ast.ImportFrom) and node.module == module and (name is None or name in names):
                found.add(path.relative_to(ROOT).as_posix())
            if isinstance(node, ast.Import) and module in names:
                found.add(path.relative_to(ROOT).as_posix())
    return found


def test_only_the_command_line_publishes_and_only_through_the_gate() -> None:
    assert importers("activities.publish") == {"cli/publishing.py", "cli/commands/retire.py"}
    assert importers("activities.publish", "_keep") == set()
    assert importers("writ.plan.compile", "_release") == set()


def test_neither_api_nor_worker_nor_workflows_can_make_a_release() -> None:
    makers = importers("writ.plan.compile") | importers("writ.check") | importers("writ.judgement")
    assert makers
    assert [path for path in makers if path.startswith(("api/", "workflows/", "worker"))] == []


def test_one_statement_alone_stores_a_release_and_one_makes_it_decide() -> None:
    texts = [path.read_text() for path in (*SOURCES, *(ROOT / "activities" / "sql").rglob("*.sql"))]
    for table in ("release", "active_release", "publication"):
        writing = re.compile(rf"INSERT INTO writ\.{table}\b")
        assert sum(len(writing.findall(text)) for text in texts) == 1, table
