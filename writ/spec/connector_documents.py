"""What an author writes in a connector's document: a service outside and its operations."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from writ.spec.forms import (
    DurationText,
    HeaderName,
    Method,
    RateText,
    Sentence,
)
from writ.spec.raw_parts import ObjectSchemaPart, SchemaPart
from writ.spec.shape import Name, SpecModel

DataClass = Literal["personal"]
SentClass = Literal["personal", "secret"]
Status = Annotated[int, Field(ge=400, le=599)]


class IdempotencyDocument(SpecModel):
    """How a service recognises a request that is sent again: by the key in this header, for so long."""

    called: ClassVar[str] = "an `idempotency`"

    header: HeaderName
    """The header that carries the key."""
    window: DurationText | None = None
    """For how long the service remembers a key."""


class OperationDocument(SpecModel):
    """One thing a service outside does."""

    called: ClassVar[str] = "an operation"

    effect: Literal["none", "reversible", "irreversible", "payment"]
    """What it does to the world: nothing, something that can be undone, something that cannot, or it moves money."""
    method: Method
    """The HTTP method."""
    path: str = Field(
        pattern=r"^/([^\s{}?#]|\{[a-z][a-z0-9_]*\})*$",
        max_length=500,
        examples=["/orders", "/orders/{order}"],
        description="a path begins with `/` and takes a parameter as `{name}`; what is asked for goes into `query`",
    )
    """The path below `base_url`; `{name}` takes a parameter."""
    request: ObjectSchemaPart | None = None
    """A JSON Schema of the body it takes."""
    response: SchemaPart | None = None
    """A JSON Schema of the body it answers."""
    idempotency: IdempotencyDocument | None = None
    """How the service recognises a request that is sent again."""
    lookup: Name | None = None
    """The operation that tells how an earlier request ended."""
    compensate_with: Name | None = None
    """The operation that undoes it."""
    retryable: list[Status] = []
    """The HTTP statuses after which it may be tried again."""
    notifies: bool = False
    """It tells a person something, such as by mail."""


class ConnectorDocument(SpecModel):
    """A service outside and what it does. `secret` is the name of a credential, never the credential."""

    called: ClassVar[str] = "a connector"

    connector: Name
    """Its name."""
    description: Sentence
    """What it does, for people."""
    base_url: Sentence = Field(examples=["https://api.example.com"])
    """Where it is, `https://…`."""
    provider: Literal["stripe", "simulated"] | None = None
    """The payment provider it is, where Writ knows it."""
    secret: Name | None = None
    """The name of the credential that the deployment keeps, never the credential."""
    cleared_for: list[SentClass] = []
    """The classes of data that may be sent there; `secret` where a service needs what is kept for it alone."""
    rate_limit: RateText | None = None
    """How often it may be called."""
    operations: dict[Name, OperationDocument]
    """What it can do, by name."""
