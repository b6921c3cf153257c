"""Who imports whom. The contracts are in `.importlinter`; here they run, and what they cannot hold is checked:
the single modules at the root, and that no package, module or third party escapes them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("writ", "workflows", "activities", "embedded", "api", "cli")
# What the single modules at the root may import of ours.
SINGLE_MODULES = {
    "settings": {"writ"},
    "worker": {"writ", "workflows", "activities", "embedded", "settings"},
}
OURS = {*PACKAGES, *SINGLE_MODULES, "benchmarks", "tests"}


def contracts() -> ConfigParser:
    parser = ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser


def lines(section: str, option: str) -> list[str]:
    return [line for line in contracts()[section][option].split("\n") if line and not line.startswith("#")]


def imported(file: Path) -> set[str]:
    """The first names of all imports of a file, those inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def calls(file: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted end of every call: `open`, `datetime.now`, `.read_text`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id
        elif isinstance(node.func, ast.Attribute):
            owner = node.func.value
            yield node.lineno, f"{owner.id if isinstance(owner, ast.Name) else ''}.{node.func.attr}"


def test_every_contract_is_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    code = lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_every_package_at_the_root_is_under_the_contracts() -> None:
    there = {path.parent.name for path in ROOT.glob("*/*.py") if not path.parent.name.startswith(".")}
    assert there - {"tests", "benchmarks"} == set(PACKAGES) == set(lines("importlinter", "root_packages"))


def test_every_module_at_the_root_is_placed() -> None:
    assert {path.stem for path in ROOT.glob("*.py")} == set(SINGLE_MODULES)


@pytest.mark.parametrize("module", sorted(SINGLE_MODULES))
def test_the_modules_at_the_root_import_only_what_stands_below_them(module: str) -> None:
    assert imported(ROOT / f"{module}.py") & OURS <= SINGLE_MODULES[module]


def test_nothing_that_ships_imports_tests_or_benchmarks() -> None:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    files += [ROOT / f"{module}.py" for module in SINGLE_MODULES]
    assert [str(file.relative_to(ROOT)) for file in files if imported(file) & {"tests", "benchmarks", "pytest"}] == []


def test_the_core_reads_no_file_no_clock_and_no_chance() -> None:
    asked = {
        "open", "print", "input", ".read_text", ".read_bytes", ".write_text", ".write_bytes", "datetime.now",
        "datetime.utcnow", "datetime.today", "date.today", "uuid.uuid1", "uuid.uuid4", "uuid4", "os.getenv",
    }  # fmt: skip
    found = [
        f"{file.relative_to(ROOT)}:{line} {call}"
        for file in sorted((ROOT / "writ").rglob("*.py"))
        for line, call in calls(file)
        if call in asked
    ]
    assert found == []


def test_no_test_uses_a_mock() -> None:
    files = sorted((ROOT / "tests").rglob("*.py"))
    assert [str(file.relative_to(ROOT)) for file in files if imported(file) & {"mock", "unittest"}] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {file.parent for package in PACKAGES for file in (ROOT / package).rglob("*.py")}
    missing = sorted(str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists())
    assert missing == []
