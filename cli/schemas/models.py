"""From a model of a document to its schema: key by key, as the reader takes them, each with its description."""

from __future__ import annotations

import re
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from cli.schemas.key_descriptions import key_descriptions, unwrapped
from cli.schemas.key_rules import key_rules
from cli.schemas.texts import JsonSchema, part_definition, reference, text_definition
from writ.spec.authored import Expr, PlacedText, SpecModel
from writ.spec.raw_parts import Part

_ROLE = re.compile(r"(Document|Node)$")
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Definitions:
    """The definitions of models, made as they are referred to."""

    def __init__(self) -> None:
        self.found: dict[str, JsonSchema] = {}

    def of(self, model: type[SpecModel]) -> JsonSchema:
        """What refers to the definition of the model."""
        name = definition_name(model)
        if name not in self.found:
            self.found[name] = {}
            self.found[name] = self._definition(model)
        return reference(name)

    def _definition(self, model: type[SpecModel]) -> JsonSchema:
        return {
            "description": unwrapped(model.__doc__ or ""),
            "type": "object",
            "properties": {written_key(name, field): self._key(model, name) for name, field in _fields(model)},
            "required": [written_key(name, field) for name, field in _fields(model) if field.is_required()],
            "additionalProperties": False,
            **key_rules(model),
        }

    def _key(self, model: type[SpecModel], name: str) -> JsonSchema:
        field = model.model_fields[name]
        wanted = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        schema = self._value(wanted, may_be_nothing=field.is_required())
        described = {**schema, "description": key_descriptions(model)[name]}
        if field.examples:
            described["examples"] = field.examples
        return described | _default(field)

    def _value(self, wanted: Any, *, may_be_nothing: bool = False) -> JsonSchema:
        """The schema of what the reader takes for an annotation."""
        bare, metadata = _apart(wanted)
        origin, arguments = get_origin(bare), get_args(bare)
        part = next((each for each in metadata if isinstance(each, Part)), None)
        if part is not None:
            return reference(part_definition(part))
        if origin in {Union, UnionType}:
            return self._any_of(arguments, metadata, may_be_nothing=may_be_nothing)
        if origin is list:
            return {"type": "array", "items": self._value(arguments[0]), **_bounds(list[Any], metadata)}
        if origin is dict:
            return self._mapping(*arguments)
        if isinstance(bare, type) and issubclass(bare, SpecModel):
            return self.of(bare)
        if isinstance(bare, type) and issubclass(bare, PlacedText | Expr):
            return reference(text_definition(bare))
        return _bounds(bare, metadata)

    def _any_of(self, members: tuple[Any, ...], metadata: tuple[Any, ...], *, may_be_nothing: bool) -> JsonSchema:
        """Nothing is a value only of a key that must stand."""
        several = [member for member in members if member is not NoneType]
        if several == [int, float]:
            return {"type": "number"}
        schemas = [self._value(Annotated[member, *metadata] if metadata else member) for member in several]
        if may_be_nothing and NoneType in members:
            schemas.append({"type": "null"})
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}

    def _mapping(self, key: Any, value: Any) -> JsonSchema:
        names = self._value(key)
        named = {} if names == {"type": "string"} else {"propertyNames": names}
        return {"type": "object", **named, "additionalProperties": self._value(value)}


def written_key(name: str, field: FieldInfo) -> str:
    """The key as an author writes it."""
    return field.alias or name


def definition_name(model: type[SpecModel]) -> str:
    """The name of a model's definition: `http_trigger` of `HttpTriggerDocument`."""
    role = "_node" if model.__name__.endswith("Node") else ""
    return _WORD.sub("_", _ROLE.sub("", model.__name__)).lower() + role


def _fields(model: type[SpecModel]) -> list[tuple[str, FieldInfo]]:
    return list(model.model_fields.items())


def _apart(wanted: Any) -> tuple[Any, tuple[Any, ...]]:
    if get_origin(wanted) is not Annotated:
        return wanted, ()
    bare, *metadata = get_args(wanted)
    return bare, tuple(metadata)


def _bounds(bare: Any, metadata: tuple[Any, ...]) -> JsonSchema:
    """The schema of a plain value with its bounds, as the validation library sees them."""
    schema = TypeAdapter(Annotated[bare, *metadata] if metadata else bare).json_schema()
    return {key: value for key, value in schema.items() if key not in ("description", "title", "items")}


def _default(field: FieldInfo) -> JsonSchema:
    default = field.default
    return {"default": default} if isinstance(default, str | int | float) and default != "" else {}
