"""`writ explain`: the page of a rule."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.completion import complete_rule
from cli.endings import Misused


def explain(
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            help="The id or name of a rule, or the letters of a family (`PAY`).",
            autocompletion=complete_rule,
        ),
    ],
) -> None:
    """Print the page of a rule: what it catches, why that is dangerous, what to write instead."""
    from cli.report.explanation import explanation
    from cli.terminal import console, print_table
    from writ.problems import did_you_mean
    from writ.rules.catalogue import RULES

    wanted = code.strip().upper()
    family = [rule for rule in RULES if rule.id.rstrip("0123456789") == wanted]
    if family:
        print_table(("ID", "LEVEL", "NAME"), [(rule.id, str(rule.colour), rule.name) for rule in family])
        return
    found = next((rule for rule in RULES if wanted in (rule.id, rule.name.upper())), None)
    if found is None:
        known = [rule.id for rule in RULES] + [rule.name for rule in RULES]
        help = did_you_mean(wanted, known) or did_you_mean(code, known)
        raise Misused(f"there is no rule `{code}`", help if help.startswith("did") else "`writ rules` lists them all")
    screen = console()
    for line in explanation(found, screen.width):
        screen.print(line, soft_wrap=True)
