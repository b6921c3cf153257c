"""`writ graph`: a tool's flow, an entity's states or all of an app as a picture."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.completion import complete_app, complete_tool
from cli.endings import CannotGoOn, Misused
from cli.terminal import say

if TYPE_CHECKING:
    from cli.graph.model import AppPicture, Picture
    from cli.graph.of_app import Drawn


class PictureFormat(StrEnum):
    """The languages of pictures."""

    mermaid = "mermaid"
    dot = "dot"
    svg = "svg"
    html = "html"


def graph(
    name: Annotated[
        str,
        typer.Argument(
            help="A tool, an entity or an app: `clinic.book_appointment`, `Appointment`, `clinic`.",
            autocompletion=complete_tool,
        ),
    ],
    format: Annotated[
        PictureFormat | None,
        typer.Option(
            "--format",
            help="`svg` and `html` need nothing else to be looked at. If not given, the ending of the file decides, "
            "else `mermaid`.",
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file; stdout if not given.")] = None,
    app: Annotated[
        Path | None, typer.Option("--app", help="The folder of the app, if elsewhere.", autocompletion=complete_app)
    ] = None,
) -> None:
    """Draw a tool's flow, an entity's states, or all of an app.

    With what the safety engine found. An app is one page: `--output clinic.html`.
    """
    from cli.graph.chosen import chosen
    from settings import Settings

    picture, drawn = chosen(name, Settings().specs_folder, app)
    text = _written(picture, format or _by_ending(output, picture))
    _tell(drawn)
    if output is None:
        # Pictures are UTF-8 wherever they are read.
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return
    _write(output, text)
    say(f"wrote {output}")


_ENDINGS = {
    ".html": PictureFormat.html,
    ".htm": PictureFormat.html,
    ".svg": PictureFormat.svg,
    ".dot": PictureFormat.dot,
    ".gv": PictureFormat.dot,
    ".mmd": PictureFormat.mermaid,
    ".mermaid": PictureFormat.mermaid,
}


def _by_ending(output: Path | None, picture: Picture | AppPicture) -> PictureFormat:
    from cli.graph.model import AppPicture

    ending = output.suffix.lower() if output is not None else ""
    whole = isinstance(picture, AppPicture) and output is not None
    return _ENDINGS.get(ending, PictureFormat.html if whole else PictureFormat.mermaid)


def _written(picture: Picture | AppPicture, format: PictureFormat) -> str:
    from cli.graph.dot import dot
    from cli.graph.html import page
    from cli.graph.mermaid import mermaid
    from cli.graph.model import AppPicture
    from cli.graph.svg import svg

    if format is PictureFormat.html:
        return page(picture)
    if isinstance(picture, AppPicture):
        raise Misused(
            f"`{picture.name}` is an app, which is many pictures",
            f"one page holds them: `--format html`, or `--output {picture.name}.html`",
        )
    return {PictureFormat.mermaid: mermaid, PictureFormat.dot: dot, PictureFormat.svg: svg}[format](picture)


def _tell(drawn: Drawn) -> None:
    """Say that the picture may lack something: what is wrong cannot be drawn."""
    count, wrong = len(drawn.judgement.problems), drawn.judgement.unjudged
    if count or wrong:
        told = f"{count} problem{'s' if count != 1 else ''}" if count else "mistakes"
        parts = f"; not whole: {', '.join(f'`{name}`' for name in wrong)}" if wrong else ""
        say(f"`{drawn.app.name}` has {told} and is drawn as far as it can be read{parts}")


def _write(output: Path, text: str) -> None:
    from cli.whole_file import write_whole

    try:
        write_whole(output, text)
    except OSError as error:
        raise CannotGoOn(f"`{output}` cannot be written: {(error.strerror or str(error)).lower()}") from error
