"""The schema of a node: its kind is the key that names it, and the kind says which other keys there may be."""

from __future__ import annotations

from cli.schemas.key_descriptions import unwrapped
from cli.schemas.models import Definitions
from cli.schemas.texts import JsonSchema
from writ.nodes.kinds import KINDS, Kind


def node_definition(definitions: Definitions) -> JsonSchema:
    """The schema of any node; each kind's own is put into `definitions`."""
    return {
        "description": "A node of a flow. Its first key names its kind.",
        "type": "object",
        "properties": {kind.word: {"description": unwrapped(kind.model.__doc__ or "")} for kind in KINDS},
        "anyOf": [{"required": [kind.word]} for kind in KINDS],
        "allOf": [{"if": _is(kind), "then": definitions.of(kind.model)} for kind in KINDS],
    }


def _is(kind: Kind) -> JsonSchema:
    """`approval` is a kind of its own, and a key of `erase`: there the other kind counts."""
    owners = [other.word for other in KINDS if other is not kind and kind.word in other.keys]
    named: JsonSchema = {"required": [kind.word]}
    return named | {"not": {"anyOf": [{"required": [owner]} for owner in owners]}} if owners else named
