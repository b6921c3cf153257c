"""`writ acknowledge`: somebody accepts a yellow finding, for a time and for a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.completion import complete_app


def acknowledge(
    fingerprint: Annotated[
        str, typer.Argument(help="The fingerprint that `writ check` shows with the finding; its first 6 digits do.")
    ],
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="The folder of the app; every app in `specs` if none is named.", autocompletion=complete_app
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it may stay as it is, in a sentence.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="YYYY-MM-DD", help="The last day on which it counts.")] = "",
    by: Annotated[
        str, typer.Option("--by", help="Who accepts it; your address in git, or your user name, if not said.")
    ] = "",
) -> None:
    """Accept a yellow finding.

    It is written into the app's `acknowledgements.yaml`, and into the database with everything published. Red cannot be
    accepted.
    """
    from cli.acknowledging import acknowledgement, wanted, write_down
    from cli.checked_spec import check_folder
    from cli.commands.check import all_apps
    from cli.endings import Misused
    from cli.person import address

    checked, finding = wanted(fingerprint, [check_folder(each) for each in ([folder] if folder else all_apps())])
    if not until:
        raise Misused("until which day does it count?", "say `--until YYYY-MM-DD`, at most a year from today")
    accepted = acknowledgement(finding, reason=reason, by=by or address(checked.folder), until=until)
    path = write_down(checked, accepted)
    print(f"{path}: {finding.rule} {finding.path} is acknowledged by {accepted.by} until {accepted.until}")
    still = check_folder(checked.folder)
    print(f"{checked.folder}: {f'{still.obstacles()} left' if not still.deployable else 'nothing is left open'}")
