"""Texts in keys: an entry of an index has at most 2704 bytes, and a row whose key needs more could not be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from writ.problems import Problem
from writ.spec.entity_documents import EntityDocument
from writ.spec.resolved import Entity, EntityField
from writ.values.types import Text

LONGEST_KEY = 650
"""Characters that the texts of one key may have together: in UTF-8 each has at most four bytes."""

_HELP = f"give it a `max_length` of at most {LONGEST_KEY}"


def key_text_problems(entities: Mapping[str, Entity], documents: Mapping[str, EntityDocument]) -> Iterator[Problem]:
    """Texts that are `unique` or an owner and have no `max_length`, and keys whose texts are too long together."""
    for name, entity in entities.items():
        uses = _uses(entity)
        for field, use in uses.items():
            yield from _unbounded(entity.fields[field], use, documents[name])
        for key in documents[name].unique:
            longest = [entity.fields[it].max_length or 0 for it in dict.fromkeys(key) if it in uses]
            if len(longest) > 1 and max(longest) <= LONGEST_KEY < sum(longest):
                message = f"the texts of this key have up to {sum(longest)} characters together"
                yield Problem("out-of-bounds", key[0].span, message, f"let them have {LONGEST_KEY} together")


def _uses(entity: Entity) -> dict[str, str]:
    """The text fields that stand in an index of their own accord, and what they are there."""
    found = {entity.owner or "": "the owner"}
    found |= {name: f"in a key of `{entity.name}`" for key in entity.unique for name in key}
    found |= {field.name: "unique" for field in entity.fields.values() if field.unique}
    return {name: use for name, use in found.items() if name in entity.fields and _is_text(entity.fields[name])}


def _is_text(field: EntityField) -> bool:
    return isinstance(field.type, Text) and not field.system


def _unbounded(field: EntityField, use: str, document: EntityDocument) -> Iterator[Problem]:
    written = next(it for name, it in document.fields.items() if name == field.name).marked.key_spans
    if field.max_length is None:
        message = f"`{field.name}` is {use}, and no row could be written whose text is too long for an index"
        yield Problem("missing-key", field.span, message, _HELP)
    elif field.max_length > LONGEST_KEY:
        message = f"`{field.name}` is {use}, and its texts may be too long for an index"
        yield Problem("out-of-bounds", written["max_length"], message, _HELP)
