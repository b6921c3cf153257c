"""The three forms of a policy: which keys belong to a denial, to an approval and to a rule of the app's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from writ.problems import Problem
from writ.spec.complaints import listed, quoted
from writ.spec.documents import PolicyDocument


class Form(NamedTuple):
    """The keys beside the one that gives a form its name: those it needs, and those it may have."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


FORMS: Mapping[str, Form] = {
    "deny_when": Form(("message",), ("applies_to", "status")),
    "require_approval_when": Form(("roles",), ("applies_to",)),
    "design": Form(("id", "about", "level", "message"), ("help",)),
}
"""The forms by the key that makes a policy one of them."""

COMMON = ("policy", "description")
"""The keys of every form."""

_VALUES: Mapping[str, str] = {
    "message": "a text",
    "roles": "a list",
    "id": "an id such as `ORG001`",
    "about": "`tool`, `entity`, `node` or `edge`",
    "level": "`red` or `yellow`",
}


def form_problems(policy: PolicyDocument) -> Iterator[Problem]:
    """Every reason why the keys of the policy are not those of one form."""
    written = policy.marked.key_spans
    forms = [form for form in FORMS if form in written]
    if not forms:
        message = f"a policy needs {listed([quoted(form) for form in FORMS])}"
        yield Problem("missing-key", policy.marked.head, message, "add the one that is meant, with an expression")
    for form in forms[1:]:
        message = f"a policy has `{forms[0]}` or `{form}`, not both"
        yield Problem("misplaced-key", written[form], message, "write two policies")
    if len(forms) == 1:
        yield from _problems_in(policy, forms[0])


def _problems_in(policy: PolicyDocument, form: str) -> Iterator[Problem]:
    written = policy.marked.key_spans
    for key, span in written.items():
        if key not in (form, *FORMS[form].needs, *FORMS[form].may, *COMMON):
            homes = [quoted(other) for other, keys in FORMS.items() if key in keys.needs + keys.may]
            message = f"`{key}` has no meaning in a policy with `{form}`"
            yield Problem("misplaced-key", span, message, f"it goes with {listed(homes)}")
    for key in FORMS[form].needs:
        if key not in written:
            message = f"the key `{key}` is missing in a policy with `{form}`"
            yield Problem("missing-key", policy.marked.head, message, f"add `{key}:` with {_VALUES[key]}")
