"""Which keys of a document go together: what its model alone does not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cli.schemas.texts import JsonSchema
from writ.spec.authored import SpecModel
from writ.spec.documents import PolicyDocument
from writ.spec.entity_documents import FieldDocument
from writ.spec.fields import BELONGS, NEEDS
from writ.spec.policy_forms import COMMON, FORMS


def key_rules(model: type[SpecModel]) -> JsonSchema:
    """What is to be added to the schema of the model; nothing for most."""
    return _RULES[model]() if model in _RULES else {}


def _of_fields() -> JsonSchema:
    """Bounds belong to types, and some types need one."""
    types = sorted({type for types in BELONGS.values() for type in types})
    return {"allOf": [_of_type(type) for type in [*types, "boolean"]]}


def _of_type(type: str) -> JsonSchema:
    strange = {key: False for key, types in BELONGS.items() if type not in types}
    needed = {"required": [NEEDS[type]]} if type in NEEDS else {}
    return {
        "if": {"properties": {"type": {"const": type}}, "required": ["type"]},
        "then": {"properties": strange} | needed,
    }


def _of_policies() -> JsonSchema:
    """A policy has one of the forms, and only its keys."""
    return {
        "oneOf": [{"required": [form]} for form in FORMS],
        "allOf": [_of_form(form) for form in FORMS],
    }


def _of_form(form: str) -> JsonSchema:
    keys = [*COMMON, form, *FORMS[form].needs, *FORMS[form].may]
    return {"if": {"required": [form]}, "then": {"required": [*FORMS[form].needs], "propertyNames": {"enum": keys}}}


_RULES: Mapping[type[SpecModel], Callable[[], JsonSchema]] = {
    FieldDocument: _of_fields,
    PolicyDocument: _of_policies,
}
