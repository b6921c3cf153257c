"""Documents as the schemas meet them, and what the checker says of the same text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from cli.schemas.catalogue import schema
from tests.writ.library import DOCUMENTS as LIBRARY
from tests.writ.rules.library import APPS, app_files, cases
from writ.spec.parse import DOCUMENTS
from writ.spec.reader import read_document


@cache
def validator(kind: str) -> Draft202012Validator:
    """What validates documents of a kind, or any with `spec`."""
    return Draft202012Validator(schema(kind))


def read(text: str) -> Any:
    """The value that the reader makes of a document."""
    document = read_document(text.encode(), "x.yaml").document
    assert document is not None, text
    return document.plain()


def plain(path: Path) -> Any:
    """The value that the reader makes of a file."""
    return read(path.read_text())


def kind_of(document: Mapping[str, Any]) -> str:
    """The head key of a document."""
    return next(kind for kind in document if kind in DOCUMENTS)


def schema_refuses(document: Any) -> bool:
    """Whether the schema of its kind, or the schema of any document, does not allow it. They never disagree."""
    alone = validator(kind_of(document)).is_valid(document)
    assert alone == validator("spec").is_valid(document)
    return not alone


def shipped() -> Iterator[tuple[str, str]]:
    """Every document of the examples and tests, as a name and its text, each once."""
    texts: dict[str, str] = {}
    for app in APPS:
        texts |= {text: f"{app}/{path}" for path, text in app_files(app).items()}
    for case in cases():
        for path, text in case.texts().items():
            texts.setdefault(text, f"{case}/{path}")
    texts |= {text: f"library/{name}" for name, text in LIBRARY.items()}
    yield from ((name, text) for text, name in texts.items())
