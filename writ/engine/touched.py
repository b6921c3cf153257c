"""The rows one transaction touched, as they were before it and as they are at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from writ.values.wire import Json

Row = dict[str, Json]


@dataclass(slots=True)
class Touched:
    """By entity and id: the row before the transaction (None: it was not there) and the row after its last change."""

    _rows: dict[str, dict[str, tuple[Row | None, Row]]] = field(default_factory=dict)

    def add(self, entity: str, old: Row | None, new: Row) -> None:
        """Note one change; of several changes to one row the first old and the last new form count."""
        rows = self._rows.setdefault(entity, {})
        first = rows.get(new["id"])
        rows[new["id"]] = (old if first is None else first[0], new)

    def entities(self) -> Iterator[str]:
        """The entities of which rows were touched, in the order they were first touched."""
        return iter(self._rows)

    def after(self, entity: str) -> list[Row]:
        """The touched rows of an entity as they are now."""
        return [new for _, new in self._rows.get(entity, {}).values()]

    def forms(self, entity: str) -> list[Row]:
        """The touched rows of an entity in both forms, as they were and as they are."""
        return [form for pair in self._rows.get(entity, {}).values() for form in pair if form is not None]

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._rows.values())
