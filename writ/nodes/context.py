"""What a node is checked in: the names it may use, the entities, the tool's refusals, and where its problems go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from writ.nodes.typed import TypedNode
from writ.problems import Problem, did_you_mean
from writ.source import Span
from writ.spec.conditions import check_where
from writ.spec.expressions import CheckedExpression, Names, check_expression, typed_template
from writ.spec.marked import Marked
from writ.spec.resolved import Condition, Connector, Entity, TypedTemplate
from writ.spec.shape import Expr, Name
from writ.values import Unknown, ValueType
from writ.values.dialect import NAMESPACES, RESERVED, TYPE_NAMES

GIVEN = ("input", "principal", "now", "run", "this", "count", "sum", "row")
"""Names that are always taken."""

_NOT_NAMES = RESERVED | TYPE_NAMES | NAMESPACES | {"dyn"}


@dataclass(slots=True)
class ToolFacts:
    """What is the same for all nodes of a tool.

    `types` collects the type of every name bound anywhere in its flow, `taken` where each node was given its name,
    `left_out` that a node is missing in what was typed, `touched` the entities its nodes name (None for one that is
    broken or not there).
    `refusals` None: nobody can say which there are, `roles` None: likewise. `inputs` and `outputs` have what each tool
    of the app takes and answers.
    """

    entities: Mapping[str, Entity]
    broken: Collection[str]
    refusals: Collection[str] | None
    output_type: ValueType
    types: dict[str, ValueType]
    problems: list[Problem]
    check_nodes: Callable[[Sequence[Marked], Context], tuple[TypedNode, ...]]
    connectors: Mapping[str, Connector] = field(default_factory=dict)
    outputs: Mapping[str, ValueType] = field(default_factory=dict)
    inputs: Mapping[str, ValueType] = field(default_factory=dict)
    roles: Collection[str] | None = None
    left_out: bool = False
    taken: dict[str, Span] = field(default_factory=dict)
    touched: dict[str, Entity | None] = field(default_factory=dict)


@dataclass(slots=True)
class Context:
    """A place in the flow: `names` grows as nodes bind them; `ended` once a node has ended the run on this path,
    `unsure` once there was one that is so wrong that it might have.
    """

    tool: ToolFacts
    names: Names
    inside: str | None = None
    ended: bool = field(default=False)
    unsure: bool = field(default=False)

    def problem(self, code: str, span: Span, message: str, help: str = "") -> None:
        """Report a problem."""
        self.tool.problems.append(Problem(code, span, message, help))

    def entity(self, name: str, span: Span) -> Entity | None:
        """The entity of that name; None and a problem when there is none (no problem when its document is broken)."""
        found = self.tool.touched[name] = self.tool.entities.get(name)
        if found is None and name not in self.tool.broken:
            self.problem("unknown-entity", span, f"there is no entity `{name}`", did_you_mean(name, self.tool.entities))
        return found

    def expression(self, expr: Expr, expected: ValueType | None) -> CheckedExpression | None:
        """Check an expression."""
        return check_expression(expr, self.names, expected, self.tool.problems)

    def template(
        self, marked: Marked, expected: ValueType | None, *, may_be_absent: bool = False
    ) -> TypedTemplate | None:
        """Check a value made of mappings and lists of expressions."""
        return typed_template(marked, self.names, expected, self.tool.problems, may_be_absent=may_be_absent)

    def where(self, where: Mapping[Name, Marked], entity: Entity) -> tuple[Condition, ...]:
        """Check a `where`."""
        return check_where(where, entity, self.names, self.tool.problems)

    def refusal(self, code: Name | None, default: str) -> str:
        """The refusal code to use; a problem when the tool does not declare it."""
        if code is None:
            return default
        if self.tool.refusals is not None and code not in self.tool.refusals:
            help = did_you_mean(code, self.tool.refusals)
            help = help if help.startswith("did") else "declare it under `refusals` with a `message`"
            if code == default:
                help = "this is the refusal without `else`: leave it out"
            self.problem("unknown-refusal", code.span, f"the tool declares no refusal `{code}`", help)
        return str(code)

    def connector(self, name: Name) -> Connector | None:
        """The connector of that name; None, and a problem where its document is not broken but missing."""
        found = self.tool.connectors.get(name)
        if found is None and name not in self.tool.broken:
            help = did_you_mean(name, self.tool.connectors) or "add a document that starts with `connector`"
            self.problem("unknown-connector", name.span, f"there is no connector `{name}`", help)
        return found

    def role(self, name: Name) -> str:
        """The role of that name; a problem when the app has none."""
        if self.tool.roles is not None and name not in self.tool.roles:
            self.problem(
                "unknown-role", name.span, f"the app has no role `{name}`", did_you_mean(name, self.tool.roles)
            )
        return str(name)

    def bind(self, name: Name, type: ValueType) -> None:
        """Give a node's result its name, for the nodes that follow on this path."""
        if self.claim(name):
            self.tool.types[str(name)] = type
        if name not in GIVEN and name not in _NOT_NAMES:
            self.names = self.names.with_name(str(name), type)

    def bind_unknown(self, name: Name) -> None:
        """Bind a node that is wrong itself, so that what uses its result is not reported as well."""
        self.bind(name, Unknown())

    def claim(self, name: Name) -> bool:
        """Whether the name is free in this tool; a problem when it is not."""
        if not self.may_be_called(name, name.span):
            return False
        if name in self.tool.taken:
            message = f"another node of this tool is called `{name}`"
            self.problem("duplicate-name", name.span, message, f"the first is {self.tool.taken[name]}")
            return False
        if name in self.tool.types:
            message = f"`{name}` is what a node of this tool calls its items"
            self.problem("duplicate-name", name.span, message, "choose another name, for it or with `as`")
            return False
        self.tool.taken[str(name)] = name.span
        return True

    def may_be_called(self, name: str, span: Span) -> bool:
        """Whether an expression can call something so; a problem when it cannot."""
        if name not in GIVEN and name not in _NOT_NAMES:
            return True
        self.problem("reserved-name", span, f"`{name}` is taken by the language", "choose another name")
        return False

    def branch(self, present: frozenset[str] = frozenset()) -> Context:
        """A path that starts here: it sees what stands before, and what it binds is not seen outside."""
        return Context(self.tool, self.names.knowing(present), self.inside)

    def inner(self, transaction: str) -> Context:
        """The inside of a transaction, whose names stay visible behind it."""
        return Context(self.tool, self.names, transaction)

    def nodes(self, nodes: Sequence[Marked]) -> tuple[TypedNode, ...]:
        """Check the nodes of a container, on this path."""
        return self.tool.check_nodes(nodes, self)
