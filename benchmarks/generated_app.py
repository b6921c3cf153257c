"""A large app for measuring the checker: the tools of clinic and shop again and again, each under a new name.

A department has entities, tools and policies of its own; ten tools share an entity, as in a large app they do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLINIC = ROOT / "specs" / "clinic"
SHOP = ROOT / "tests" / "writ" / "rules" / "apps" / "shop"
APP = "generated"
TOOLS_PER_ENTITY = 10
_INVARIANT = re.compile(r"^(  \w+):$", re.MULTILINE)  # the only keys of an entity with a block below them

_HEAD = """\
app: generated
description: Many departments that do the same in rooms of their own.
history: encrypted
roles:
"""


def generated(tools: int, *, runnable: bool = False) -> dict[str, bytes]:
    """The files of an app with so many tools and a tenth as many entities. `runnable`: only of what can be compiled."""
    sources = [_texts(CLINIC)] if runnable else [_texts(CLINIC), _texts(SHOP)]
    texts = {"app.yaml": _HEAD + "".join(source["app.yaml"].partition("roles:\n")[2] for source in sources)}
    for source in sources[1:]:
        texts |= _part(source, "connectors/")
    entities = sum(len(_part(source, "entities/")) for source in sources)
    for department in range(-(-tools // (TOOLS_PER_ENTITY * entities))):
        first = department * TOOLS_PER_ENTITY * entities
        texts |= dict(_department(sources, str(department), min(tools - first, TOOLS_PER_ENTITY * entities)))
    return {path: text.encode() for path, text in texts.items()}


def _department(sources: list[dict[str, str]], department: str, tools: int) -> Iterator[tuple[str, str]]:
    whole = {path: text for source in sources for path, text in source.items()}
    names = [_stem(path) for path in _part(whole, "entities/")]
    renamed = re.compile(rf"\b({'|'.join(''.join(part.title() for part in name.split('_')) for name in names)})\b")
    for path, text in _part(whole, "entities/").items():
        own = _INVARIANT.sub(rf"\g<1>_{department}:", renamed.sub(rf"\g<1>{department}", text))
        yield f"entities/{_stem(path)}_{department}.yaml", own
    originals = list(_part(whole, "tools/").items())
    for number in range(tools):
        path, text = originals[number % len(originals)]
        copy = f"{department}_{number // len(originals)}"
        yield f"tools/{_stem(path)}_{copy}.yaml", _tool(_stem(path), renamed.sub(rf"\g<1>{department}", text), copy)
    yield from _policies(whole, department)


def _tool(name: str, text: str, copy: str) -> str:
    named = text.replace(f"tool: {name}\n", f"tool: {name}_{copy}\n", 1)
    return re.sub(r'path: ("?)/', rf"path: \1/d{copy}/", named, count=1)


def _policies(whole: Mapping[str, str], department: str) -> Iterator[tuple[str, str]]:
    for path, text in _part(whole, "policies/").items():
        name = _stem(path)
        narrowed = re.sub(r"applies_to: \[(\w+)\]", rf"applies_to: [\1_{department}_0]", text)
        if narrowed != text or department == "0":
            renamed = narrowed.replace(f"policy: {name}\n", f"policy: {name}_{department}\n")
            yield f"policies/{name}_{department}.yaml", renamed


def _texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}


def _part(texts: Mapping[str, str], folder: str) -> dict[str, str]:
    return {path: text for path, text in texts.items() if path.startswith(folder)}


def _stem(path: str) -> str:
    return Path(path).stem
