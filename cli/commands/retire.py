"""`writ retire`: an app that nobody may call any longer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.completion import complete_app
from cli.endings import CannotGoOn
from cli.terminal import Format, FormatOption, print_json


def retire(
    app: Annotated[str, typer.Argument(help="The name of the app, or its folder.", autocompletion=complete_app)],
    format: FormatOption = Format.text,
) -> None:
    """Retire an app: nobody can call it.

    Its tables, releases and runs stay, and runs that go on finish. Publishing it again brings it back.
    """
    import asyncio

    from activities.publish import retire as retired
    from cli.engines import with_engines
    from settings import Settings
    from writ.effects import Failure

    name = Path(app).name
    settings = with_engines(Settings(), "publish")
    try:
        digest = asyncio.run(retired(settings.require_publish_database(), name))
    except Failure as failure:
        raise CannotGoOn(f"`{name}` was not retired: {failure.message}") from failure
    if digest is None:
        raise CannotGoOn(f"no app `{name}` is published", "`writ doctor` names those that are")
    if format is Format.json:
        print_json({"app": name, "digest": digest})
    else:
        print(said(name, digest, settings.specs_folder))


def said(app: str, digest: str, specs: Path) -> str:
    """What was done, and what would bring the app back."""
    from cli.typed import as_typed

    folder = specs / app
    again = f"`writ publish {folder}` and every start of `writ dev` bring it back" if folder.is_dir() else ""
    return as_typed("\n".join(filter(None, (f"{app}: retired, {digest} was active", again))))
