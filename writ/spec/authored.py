"""What document models are made of: names, expressions and mappings that know where their author wrote them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, InstanceOf, PrivateAttr
from pydantic_core import CoreSchema, core_schema

from writ.problems import Problem
from writ.source import Span
from writ.spec.complaints import quoted, wrong_type
from writ.spec.marked import Marked

# PostgreSQL cuts identifiers at 63 bytes; what we append to a name (`_check_` and a hash) must still fit.
NAME_LENGTH_AT_MOST = 48

# A subtree that is taken as it stands, for whoever knows later what it means.
Raw = Annotated[Marked, InstanceOf()]


class PlacedText(str):
    """A text of a fixed form which knows its place; everywhere else it is just the text."""

    __slots__ = ("_span",)

    expected: ClassVar[str]
    form: ClassVar[re.Pattern[str]]
    code: ClassVar[str]
    rule: ClassVar[str]

    _span: Span | None

    def __new__(cls, text: str, span: Span | None = None) -> Self:
        made = super().__new__(cls, text)
        made._span = span
        return made

    def __getnewargs__(self) -> tuple[str, Span | None]:  # type: ignore[override]  # a copy keeps its place
        return str(self), self._span

    @property
    def span(self) -> Span:
        """Where the author wrote it; for a default, the mapping that could have said it.

        Raises LookupError for one that was made in code and never shaped.
        """
        if self._span is None:
            raise LookupError(f"the name {str(self)!r} was not written by an author")
        return self._span

    @classmethod
    def shaped(cls, marked: Marked) -> Self | Problem:
        """The text, if it has the form."""
        if not isinstance(marked.value, str):
            return wrong_type([cls.expected], marked)
        if cls.form.fullmatch(marked.value) and len(marked.value) <= NAME_LENGTH_AT_MOST:
            return cls(marked.value, marked.span)
        suggestion = cls.suggested(marked.value)
        fits = marked.value.isascii() and cls.form.fullmatch(suggestion) and len(suggestion) <= NAME_LENGTH_AT_MOST
        help = f"{cls.rule}, at most {NAME_LENGTH_AT_MOST} characters" + (f"; `{suggestion}` would do" if fits else "")
        return Problem(cls.code, marked.span, f"{quoted(marked.value)} is not {cls.expected}", help)

    @classmethod
    def suggested(cls, text: str) -> str:
        """The nearest text that may have the form."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(cls)


class Name(PlacedText):
    """The name of a field, node, tool, role, state or refusal."""

    __slots__ = ()

    expected = "a name"
    form = re.compile(r"[a-z][a-z0-9_]*")
    code = "not-a-name"
    rule = "a name is made of small letters, digits and `_`, and begins with a letter"

    @classmethod
    def suggested(cls, text: str) -> str:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
        return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


class EntityName(PlacedText):
    """The name of an entity."""

    __slots__ = ()

    expected = "the name of an entity"
    form = re.compile(r"[A-Z][A-Za-z0-9]*")
    code = "not-an-entity-name"
    rule = "the name of an entity is made of letters and digits, and begins with a capital letter"

    @classmethod
    def suggested(cls, text: str) -> str:
        return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", text))


@dataclass(frozen=True, slots=True)
class Expr:
    """An expression that has not been checked yet: its source in the value language, and where it was written.

    A number or `true` or `false` that YAML already understood is the literal it stands for.
    """

    source: str
    marked: Marked

    expected: ClassVar[str] = "an expression"

    @property
    def span(self) -> Span:
        """Where the expression begins."""
        return self.marked.span

    @classmethod
    def shaped(cls, marked: Marked) -> Self | Problem:
        """The expression, if a text, number or boolean was written."""
        match marked.value:
            case str():
                if marked.value.strip():
                    return cls(marked.value, marked)
                return Problem("empty-expression", marked.span, "an expression is missing here")
            case bool():
                return cls(str(marked.value).lower(), marked)
            case int() | float():
                return cls(repr(marked.value), marked)
            case None:
                return wrong_type([cls.expected], marked, 'for the value null write "null" in quotes')
            case _:
                return wrong_type([cls.expected], marked, "an expression that begins with a bracket or brace is quoted")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(cls)


class SpecModel(BaseModel):
    """A mapping of a document: frozen, without unknown keys, types taken literally (`"5"` is no number).

    `called` is what messages call such a mapping.
    """

    called: ClassVar[str] = "this mapping"

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        arbitrary_types_allowed=True,
        # Most apps use a few kinds of document and node: the others cost nothing at start.
        defer_build=True,
    )

    _marked: Marked | None = PrivateAttr(default=None)

    @property
    def marked(self) -> Marked:
        """The mapping it was shaped from. Raises LookupError for a default or a model made in code."""
        if self._marked is None:
            raise LookupError(f"this {type(self).__name__} was not written by an author")
        return self._marked

    def model_post_init(self, context: object) -> None:
        """Takes over the mapping that `shape` hands in; names left to their default stand where that mapping stands."""
        if not isinstance(context, Marked):
            return
        self._marked = context
        for name, value in list(self.__dict__.items()):
            if name not in self.model_fields_set and isinstance(value, PlacedText):
                self.__dict__[name] = type(value)(value, context.head)
