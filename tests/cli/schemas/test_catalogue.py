"""The schemas are sound, say everything the models say, and describe it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from cli.report.document import Report
from cli.schemas.catalogue import KINDS, schema
from cli.schemas.files import schema_text
from cli.schemas.models import definition_name, written_key
from tests.cli.conftest import CHECKOUT, Writ
from tests.cli.schemas.documents import read, schema_refuses, shipped
from writ.nodes.kinds import KINDS as NODE_KINDS
from writ.spec.authored import SpecModel
from writ.spec.parse import DOCUMENTS

FOLDER = CHECKOUT / "docs" / "schemas"


def inner_models(annotation: Any) -> Iterator[type[SpecModel]]:
    if isinstance(annotation, type) and issubclass(annotation, SpecModel):
        yield annotation
    for argument in get_args(annotation):
        yield from inner_models(argument)


def all_models() -> set[type[SpecModel]]:
    """Every model that a document or a node is read into."""
    found: set[type[SpecModel]] = set()
    waiting = [*DOCUMENTS.values(), *(kind.model for kind in NODE_KINDS)]
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            waiting += [each for field in model.model_fields.values() for each in inner_models(field.annotation)]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_one(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_are_up_to_date(kind: str) -> None:
    assert (FOLDER / f"{kind}.json").read_text() == schema_text(kind), "run `writ schema --write docs/schemas`"


def test_there_is_no_other_file() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{kind}.json" for kind in KINDS}


@pytest.mark.parametrize("model", sorted(all_models(), key=str))
def test_every_key_of_every_model_is_described(model: type[SpecModel]) -> None:
    definition = schema("spec")["$defs"][definition_name(model)]
    keys = {written_key(name, field): field for name, field in model.model_fields.items()}
    assert set(definition["properties"]) == set(keys)
    assert set(definition["required"]) == {key for key, field in keys.items() if field.is_required()}
    assert definition["description"].endswith(".")
    assert [key for key, it in definition["properties"].items() if not it["description"].endswith(".")] == []


def test_no_description_speaks_of_the_code() -> None:
    names = [name for model in all_models() for name, field in model.model_fields.items() if field.alias]
    described = schema_text("spec")
    assert [name for name in set(names) - {"name", "values"} if f"`{name}`" in described] == []


def test_every_kind_of_node_is_recognised_by_its_key() -> None:
    node = schema("tool")["$defs"]["node"]
    assert set(node["properties"]) == {kind.word for kind in NODE_KINDS}
    assert all(it["description"] for it in node["properties"].values())


def test_every_member_of_the_report_is_described() -> None:
    definitions = schema("report")["$defs"]
    assert set(definitions["Report"]["properties"]) == set(Report.model_fields)
    for definition in definitions.values():
        assert all(member["description"].endswith(".") for member in definition["properties"].values())


def test_the_report_of_a_check_fits_its_schema(writ: Writ, folder: Path) -> None:
    writ("new", "shop")
    file = folder / "shop" / "tools" / "list_tasks.yaml"
    validator = Draft202012Validator(schema("report"))
    assert validator.is_valid(writ("check", "shop", "--format", "json").json)
    file.write_text(file.read_text().replace("limit:", "limt:"))
    wrong = writ("check", "shop", "shop", "--format", "json").json
    assert validator.is_valid(wrong)
    assert not validator.is_valid([{**wrong[0], "colour": "blue"}])


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_printed(writ: Writ, kind: str) -> None:
    assert writ("schema", kind).json == json.loads(schema_text(kind))


def test_they_are_written_to_a_folder(writ: Writ, folder: Path) -> None:
    assert writ("schema", "--write", "out/here").code == 0
    assert {path.stem for path in (folder / "out" / "here").iterdir()} == set(KINDS)
    assert writ("schema", "tool", "--write", "one").code == 0
    assert [path.name for path in (folder / "one").iterdir()] == ["tool.json"]


def test_what_cannot_be_written_is_reported(writ: Writ, folder: Path) -> None:
    (folder / "file").write_text("")
    refused = writ("schema", "--write", "file/inner")
    assert refused.code == 1
    assert "cannot be written" in refused.err


def test_an_unknown_kind_is_refused_with_the_one_that_was_meant(writ: Writ) -> None:
    assert "did you mean `entity`?" in writ("schema", "entty").err
    assert writ("schema", "entty").code == 2
    assert "`acknowledgements`" in writ("schema").err


def test_every_document_there_is_fits_the_schema_of_its_kind() -> None:
    documents = list(shipped())
    assert len(documents) > 100
    assert [name for name, text in documents if schema_refuses(read(text))] == []


@pytest.mark.parametrize("path", sorted((CHECKOUT / "specs").rglob("*.yaml")), ids=str)
def test_every_example_names_the_schema_of_its_kind(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    named = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
    assert named == FOLDER / f"{next(iter(read(path.read_text())))}.json"
