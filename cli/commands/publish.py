"""`writ publish`: an app's release becomes the one that new runs follow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.completion import complete_app
from cli.terminal import Format, FormatOption, print_json, progress


def publish(
    folder: Annotated[Path, typer.Argument(help="The folder of the app.", autocompletion=complete_app)],
    format: FormatOption = Format.text,
) -> None:
    """Publish an app: new runs follow it.

    The release is stored for ever and the tables are made to fit, or nothing is changed. Runs that go on finish on
    theirs.
    """
    import asyncio

    from cli.checked_spec import check_folder
    from cli.engines import with_engines
    from cli.publishing import publish_checked, said
    from cli.showing import required
    from settings import Settings

    checked = check_folder(folder)
    required(checked)
    settings = with_engines(Settings(), "publish")
    with progress(f"publishing {folder}"):
        published = asyncio.run(publish_checked(checked, settings.require_publish_database()))
    if format is Format.json:
        print_json(
            {
                "app": published.app,
                "digest": published.digest,
                "already_active": published.already_active,
                "statements": list(published.statements),
            }
        )
    else:
        print(said(published))
