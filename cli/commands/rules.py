"""`writ rules`: the catalogue of the safety engine."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.terminal import Format, FormatOption, print_json, print_table


def rules(
    format: FormatOption = Format.text,
    level: Annotated[str, typer.Option("--level", help="Only `red` or only `yellow` ones.")] = "",
) -> None:
    """List every rule of the safety engine with its level.

    `writ explain CODE` prints the page of one.
    """
    from cli.endings import Misused
    from cli.rule_cases import count_cases
    from writ.findings import Colour
    from writ.rules.catalogue import RULES
    from writ.rules.page import page_of

    if level and level not in (Colour.red, Colour.yellow):
        raise Misused(f"`{level}` is not a level", "write `red` or `yellow`")
    shown = [rule for rule in RULES if not level or rule.colour == level]
    if format is Format.text:
        print_table(
            ("ID", "NAME", "LEVEL", "CATCHES"),
            [(rule.id, rule.name, str(rule.colour), page_of(rule).summary) for rule in shown],
            least=("NAME",),
        )
        return
    cases = count_cases()
    print_json(
        [
            {
                "id": rule.id,
                "name": rule.name,
                "level": str(rule.colour),
                "severity": str(rule.severity),
                "confidence": str(rule.confidence),
                "summary": page_of(rule).summary,
                "page": f"docs/rules/{rule.id}.md",
                "cases": cases.get(rule.id, 0),
            }
            for rule in shown
        ]
    )
