"""`writ new`: a small app that works, to start from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from cli import spec_folder
from cli.endings import CannotGoOn, Misused
from cli.typed import writ

PLACEHOLDER = "my_app"
FILES = ("app.yaml", "entities/task.yaml", "tools/add_task.yaml", "tools/list_tasks.yaml")
SCHEMAS = ".schemas"
"""Where an app keeps the schemas that its documents name for editors; no specs, for it is hidden."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")
_RESERVED = re.compile(r"pg_.*|writ|public|information_schema")


def new(
    folder: Annotated[Path, typer.Argument(help="Where to make it, such as `specs/shop`; its name is the app's.")],
) -> None:
    """Make a small app to start from.

    It works as it is, and its comments explain it.
    """
    name = app_name(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotGoOn(f"`{folder}` is there already", "nothing was changed; choose another folder")
    try:
        _write(folder, name)
    except OSError as error:
        raise CannotGoOn(f"`{folder}` cannot be written: {(error.strerror or str(error)).lower()}") from error
    for file in FILES:
        print(f"made {folder / file}")
    print(f"made {folder / SCHEMAS}, by which editors complete and check documents")
    print(_next_steps(folder, name))


def app_name(folder: Path) -> str:
    """The name of the app in `folder`; Misused, with one that would do, when it cannot be one."""
    name = folder.absolute().name
    if not _NAME.fullmatch(name):
        better = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_").lstrip("0123456789_")[:48] or PLACEHOLDER
        raise Misused(
            f"`{name}` cannot be the name of an app: small letters, digits and `_`, beginning with a letter",
            f"`writ new {folder.with_name(better)}`",
        )
    if _RESERVED.fullmatch(name):
        raise Misused(f"`{name}` is a name the database keeps for itself", "choose another name")
    return name


def _write(folder: Path, name: str) -> None:
    from cli.schemas.files import write_schemas
    from writ.spec.parse import DOCUMENTS

    source = files("cli") / "new_app"
    for file in FILES:
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.joinpath(file).read_text(encoding="utf-8")
        target.write_text(text.replace(PLACEHOLDER, name), encoding="utf-8")
    write_schemas(folder / SCHEMAS, DOCUMENTS)


def _next_steps(folder: Path, name: str) -> str:
    specs = spec_folder.specs()
    steps = {
        f"{writ()} check {folder}": "says what is wrong with it: nothing, yet",
        f"{writ()} dev": f"starts everything here, publishes the apps in `{specs}`, and again when you save one",
    }
    if folder.absolute().parent != specs.absolute():
        steps[f"{writ()} publish {folder}"] = (
            f"publishes it, once: `{writ()} dev` publishes only apps in `{specs}`; move it to `{specs / name}` for that"
        )
    steps[f"{writ()} call {name}.add_task title='Water the plants' --role member --subject ada"] = (
        "calls its first tool, from another terminal"
    )
    return "\nnext:\n" + "\n".join(f"  {command}\n      {why}" for command, why in steps.items())
