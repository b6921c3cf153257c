"""`writ schema`: the JSON Schemas of documents, for editors, and of the report of a check, for programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.endings import CannotGoOn, Misused


def _complete_kind(incomplete: str) -> Iterator[str]:
    from cli.schemas.catalogue import KINDS

    yield from (kind for kind in KINDS if kind.startswith(incomplete))


def schema(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="[KIND]",
            help="`app`, `entity`, `tool`, `policy`, `connector`, `acknowledgements`, any of them: `spec`; `report`.",
            autocompletion=_complete_kind,
        ),
    ] = "",
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FOLDER", help="Write them as files, all if no kind is named.")
    ] = None,
) -> None:
    """Print the JSON Schema (2020-12) of a kind of document.

    Editors complete and check documents by it.
    """
    from cli.schemas.catalogue import KINDS
    from writ.problems import did_you_mean

    if kind and kind not in KINDS:
        help = did_you_mean(kind, KINDS)
        raise Misused(f"there is no schema of `{kind}`", help if help.startswith("did") else _choices(KINDS))
    if not kind and write is None:
        raise Misused("of which kind of document is not said", _choices(KINDS))
    if write is None:
        _print(kind)
    else:
        _write(write, (kind,) if kind else KINDS)


def _choices(kinds: tuple[str, ...]) -> str:
    return "one of " + ", ".join(f"`{kind}`" for kind in kinds)


def _print(kind: str) -> None:
    from cli.schemas.files import schema_text

    print(schema_text(kind), end="")


def _write(folder: Path, kinds: tuple[str, ...]) -> None:
    from cli.schemas.files import write_schemas

    try:
        for path in write_schemas(folder, kinds):
            print(f"wrote {path}")
    except OSError as error:
        raise CannotGoOn(f"`{folder}` cannot be written: {(error.strerror or str(error)).lower()}") from error
