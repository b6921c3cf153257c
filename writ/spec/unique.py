"""`unique` of an entity: keys of several fields, each of which must be comparable and always there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from writ.problems import Problem, did_you_mean
from writ.spec.authored import Name
from writ.spec.entity_documents import EntityDocument
from writ.spec.resolved import EntityField
from writ.values import ListOf


def resolve_unique(
    document: EntityDocument, fields: Mapping[str, EntityField], problems: list[Problem]
) -> tuple[tuple[str, ...], ...]:
    """The keys of an entity, with every reason why one is wrong added to `problems`."""
    for place, key in enumerate(document.unique):
        found = [*_key_problems(document, key), *_field_problems(document, key, fields)]
        if not found and {*key} in [{*other} for other in document.unique[:place]]:
            found = [Problem("duplicate-value", key[0].span, "this key is listed twice", "keep one of the two")]
        problems.extend(found)
    return tuple(tuple(str(name) for name in key) for key in document.unique if key)


def _key_problems(document: EntityDocument, key: Sequence[Name]) -> Iterator[Problem]:
    if not key:
        span = document.marked.key_spans["unique"]
        yield Problem("empty-key", span, "a key names no field", "name its fields, e.g. `- [practitioner, starts_at]`")
    for place, name in enumerate(key):
        if name in key[:place]:
            yield Problem("duplicate-value", name.span, f"`{name}` is listed twice", "keep one of the two")


def _field_problems(
    document: EntityDocument, key: Sequence[Name], fields: Mapping[str, EntityField]
) -> Iterator[Problem]:
    for name in dict.fromkeys(key):
        field = fields.get(name)
        if field is None:
            message = f"`{document.entity}` has no field `{name}`"
            yield Problem("unknown-field", name.span, message, did_you_mean(name, fields))
        elif name == "id":
            yield Problem("needless-key", name.span, "`id` is unique by itself", "leave it out")
        elif isinstance(field.type, ListOf):
            yield Problem(
                "misplaced-field", name.span, f"`{name}` is a list, and lists are not compared", "leave it out"
            )
        elif field.optional and len(key) > 1:
            message = f"`{name}` may be absent, and rows without it would not be compared"
            yield Problem("misplaced-field", name.span, message, f"make `{name}` required, or leave it out of the key")
