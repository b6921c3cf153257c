"""Findings by the place they belong to in a picture: a node, a tool, a state, an entity or the app."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cli.graph.model import Mark
from writ.judgement import Judgement


class Marks:
    """The findings of an app by their logical paths. Each has an id that is unique in the app."""

    def __init__(self, app: str, judgement: Judgement) -> None:
        accepted = {one.finding.fingerprint for one in judgement.acknowledged}
        self._app = app
        self._by_path: dict[str, list[Mark]] = {}
        for number, finding in enumerate(judgement.findings, 1):
            mark = Mark(
                id=f"finding-{number}",
                rule=finding.rule,
                name=finding.name,
                colour=finding.colour,
                message=finding.message,
                help=finding.help,
                witness=finding.witness,
                place=str(finding.span),
                acknowledged=finding.fingerprint in accepted,
                fingerprint=finding.fingerprint,
                fix=finding.fix.title if finding.fix else "",
            )
            self._by_path.setdefault(finding.path.removeprefix(f"{app}."), []).append(mark)

    def at(self, path: str) -> tuple[Mark, ...]:
        """Those at exactly this path (`checkout/placing/order`, `Order.total`, `payments/charge`)."""
        return tuple(self._by_path.get(path, ()))

    def below(self, path: str) -> tuple[Mark, ...]:
        """Those at this path and at all parts of it."""
        return tuple(self._where(lambda found: _is_within(found, path)))

    def elsewhere(self, names: Iterable[str]) -> tuple[Mark, ...]:
        """Those that belong to none of these tools, entities and connectors."""
        known = tuple(names)
        return tuple(self._where(lambda found: not any(_is_within(found, name) for name in known)))

    def nearest(self, path: str, known: frozenset[str]) -> tuple[Mark, ...]:
        """Those at this path and at parts of it that are not drawn by themselves: it is the nearest of `known`."""
        return tuple(self._where(lambda found: _nearest(found, known) == path))

    def _where(self, wanted: Callable[[str], bool]) -> Iterator[Mark]:
        for path, marks in self._by_path.items():
            if wanted(path):
                yield from marks


def _is_within(path: str, whole: str) -> bool:
    return path == whole or path.startswith((f"{whole}/", f"{whole}."))


def _nearest(path: str, known: frozenset[str]) -> str:
    while path and path not in known:
        path = path[: max(path.rfind("/"), path.rfind("."), 0)]
    return path
