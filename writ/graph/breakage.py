"""What a new contract breaks for those who rely on the old one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from writ.graph.contracts import Contract, Part, kinds_of, properties_of

_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_EXACT = ("pattern", "format", "multipleOf", "const")


@dataclass(frozen=True, slots=True)
class Breakage:
    """`name` and what is wrong with it now; `places`: where that is written, the nearest first."""

    name: str
    what: str
    places: tuple[str, ...]


def broken_input(old: Contract, new: Contract, part: Part) -> Iterator[Breakage]:
    """What was taken and no longer is."""
    yield from _narrower(old, new, part)
    before, after = properties_of(old), properties_of(new)
    asked = {name for name in new.get("required", ()) if name not in old.get("required", ())}
    for name in sorted(asked):
        yield Breakage(part.property(name).name, "must now be given", _required(new, part, name))
    for name in before:
        inner = part.property(name)
        if name in after:
            yield from broken_input(before[name], after[name], inner)
        elif new.get("additionalProperties") is False:
            yield Breakage(inner.name, "is no longer taken", (f"{part.place}.properties", part.place))
    if _has_items(old, new):
        yield from broken_input(old["items"], new["items"], part.items())


def broken_output(old: Contract, new: Contract, part: Part) -> Iterator[Breakage]:
    """What was answered and no longer is."""
    if not kinds_of(old) >= kinds_of(new) or (kinds_of(old) and not kinds_of(new)):
        yield Breakage(part.name, "is answered as another type", (f"{part.place}.type", part.place))
        return
    before, after = properties_of(old), properties_of(new)
    for name in before:
        inner = part.property(name)
        if name not in after:
            yield Breakage(inner.name, "is no longer answered", (f"{part.place}.properties", part.place))
            continue
        if name in old.get("required", ()) and name not in new.get("required", ()):
            yield Breakage(inner.name, "may now be missing", (f"{part.place}.required", inner.place))
        yield from broken_output(before[name], after[name], inner)
    if _has_items(old, new):
        yield from broken_output(old["items"], new["items"], part.items())


def _required(new: Contract, part: Part, name: str) -> tuple[str, ...]:
    return f"{part.place}.required.{list(new.get('required', ())).index(name)}", f"{part.place}.required", part.place


def _narrower(old: Contract, new: Contract, part: Part) -> Iterator[Breakage]:
    """Why values of the old schema may be refused by the new one, apart from its parts: one reason is enough."""
    old_kinds, new_kinds = _wide(kinds_of(old)), _wide(kinds_of(new))
    if new_kinds and not (old_kinds and old_kinds <= new_kinds):
        yield Breakage(part.name, "is no longer taken as the type it was", (f"{part.place}.type", part.place))
        return
    word = next((word for word in (*_LEAST, *_MOST, *_EXACT, "enum") if _excludes(word, old, new)), None)
    if word is not None:
        yield Breakage(part.name, f"takes fewer values: `{word}` is narrower", (f"{part.place}.{word}", part.place))


def _wide(kinds: frozenset[str]) -> frozenset[str]:
    return kinds | {"integer"} if "number" in kinds else kinds


def _excludes(word: str, old: Contract, new: Contract) -> bool:
    if word not in new:
        return False
    if word not in old:
        return not _stands_for(word, old, new)
    before: Any = old[word]
    after: Any = new[word]
    if word in _LEAST:
        return bool(after > before)
    if word in _MOST:
        return bool(after < before)
    if word == "enum":
        return any(value not in after for value in before)
    return bool(after != before)


def _stands_for(word: str, old: Contract, new: Contract) -> bool:
    """Whether a bound that is new says nothing new: the least length was 0 before."""
    if word in ("minLength", "minItems") and new[word] == 0:
        return True
    given = old.get("enum", [old["const"]] if "const" in old else None)
    return word == "enum" and given is not None and all(value in new["enum"] for value in given)


def _has_items(old: Contract, new: Contract) -> bool:
    return isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict)
