"""Tool documents to typed tools: contracts, roles, route and flow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from writ.nodes.context import Context, ToolFacts
from writ.nodes.kinds import check_nodes
from writ.nodes.typed import TypedTool
from writ.problems import Problem, did_you_mean
from writ.refusals import REFUSALS
from writ.source import Span
from writ.spec.complaints import quoted
from writ.spec.contracts import check_contract
from writ.spec.documents import ToolDocument
from writ.spec.expressions import Names
from writ.spec.remains import Remains
from writ.spec.resolved import Entity
from writ.spec.routes import route_problems
from writ.spec.shape import Name
from writ.values import Anything, ListOf, Record, Text, Timestamp, Unknown, ValueType
from writ.values.types import FieldType

PRINCIPAL = Record(
    name="principal",
    fields=(
        FieldType(name="subject", type=Text()),
        FieldType(name="roles", type=ListOf(element=Text())),
        FieldType(name="claims", type=Anything()),
    ),
)
RUN = Record(name="run", fields=(FieldType(name="id", type=Text()),))


class ToolChecker:
    """Checks tools against the entities and roles of their app. `roles` None: the app's document is broken."""

    def __init__(
        self,
        entities: Mapping[str, Entity],
        broken: Collection[str],
        roles: Mapping[Any, str] | None,
        problems: list[Problem],
    ) -> None:
        self._entities = entities
        self._broken = broken
        self._roles = roles
        self._problems = problems

    def check(self, document: ToolDocument) -> TypedTool:
        """The typed tool, as far as it can be told; every problem is reported."""
        self._check_roles(document)
        self._check_refusals(document)
        input = check_contract(document.input, "input", self._problems)
        output = check_contract(document.output, "output", self._problems)
        if isinstance(input.type, Record):
            self._problems.extend(route_problems(document, input.schema))
        facts = self._facts(document.refusals, input.type, output.type)
        context = Context(facts, Names(dict(facts.types)))
        before = len(self._problems)
        flow = check_nodes(document.flow, context)
        if len(self._problems) == before:
            self._check_scopes(document, facts)
        self._check_end(document, context)
        return TypedTool(
            name=str(document.tool),
            description=document.description,
            span=document.tool.span,
            http=(document.trigger.http.method, document.trigger.http.path) if document.trigger.http else None,
            allow={str(role): scope for role, scope in document.allow.items()},
            conceal=document.conceal,
            input_schema=input.schema,
            output_schema=output.schema,
            input_type=input.type,
            output_type=output.type,
            types=facts.types,
            refusals={str(code): (refusal.status, refusal.message) for code, refusal in document.refusals.items()},
            policies=(),
            flow=flow,
        )

    def check_remains(self, remains: Remains) -> None:
        """Report what is wrong in the contracts and the flow of a tool whose document is wrong elsewhere."""
        document = remains.tool
        input = check_contract(document.input, "input", self._problems)
        output = check_contract(document.output, "output", self._problems)
        known = Unknown() if isinstance(input.type, Anything) else input.type
        facts = self._facts(remains.refusals, known, output.type)
        check_nodes(document.flow, Context(facts, Names(dict(facts.types))))

    def _facts(self, refusals: Collection[str] | None, input: ValueType, output: ValueType) -> ToolFacts:
        types: dict[str, ValueType] = {"input": input, "principal": PRINCIPAL, "now": Timestamp(), "run": RUN}
        return ToolFacts(self._entities, self._broken, refusals, output, types, self._problems, check_nodes)

    def _check_roles(self, document: ToolDocument) -> None:
        if not document.allow:
            place = document.marked.key_spans["allow"]
            self._report("nobody-allowed", place, f"nobody may call `{document.tool}`", "name at least one role")
        if not self._roles:
            return
        for role in document.allow:
            if role not in self._roles:
                self._report(
                    "unknown-role", role.span, f"the app has no role `{role}`", did_you_mean(role, self._roles)
                )

    def _check_scopes(self, document: ToolDocument, facts: ToolFacts) -> None:
        """`own` limits nothing where no row has an owner, though its author believes it does."""
        if not facts.touched or any(entity is None or entity.owner for entity in facts.touched.values()):
            return
        names = [quoted(name) for name in sorted(facts.touched)]
        has, it = ("have", "them an `owner`") if len(names) > 1 else ("has", f"{names[0]} an `owner`")
        help = f"give {it}, or write `all` if every row may be seen"
        for role, scope in document.allow.items():
            if scope == "own":
                message = f"`own` limits nothing here: {' and '.join(names)} {has} no owner"
                self._report("own-without-owner", _scope_span(document, role), message, help)

    def _check_refusals(self, document: ToolDocument) -> None:
        for code in document.refusals:
            if code in REFUSALS:
                self._report("reserved-name", code.span, f"`{code}` is a refusal of the system", "choose another code")

    def _check_end(self, document: ToolDocument, context: Context) -> None:
        if not document.flow:
            self._report(
                "no-response", document.marked.key_spans["flow"], "the flow has no nodes", "end it with `respond`"
            )
        elif not context.ended and not context.unsure:
            help = "end every path with `respond` or `refuse`"
            self._report("no-response", document.tool.span, f"`{document.tool}` can end without an answer", help)

    def _report(self, code: str, span: Any, message: str, help: str) -> None:
        self._problems.append(Problem(code, span, message, help))


def _scope_span(document: ToolDocument, role: Name) -> Span:
    """Where the scope of a role is written, behind the role."""
    written = document.marked.value
    scopes = written["allow"].value if isinstance(written, dict) else None
    return scopes[role].span if isinstance(scopes, dict) else role.span
