"""What an author writes under `trigger` of a tool: a route, a schedule, a webhook, a title for agents."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from writ.spec.forms import DurationText, HeaderName, Method, ScheduleText, Sentence
from writ.spec.shape import Name, SpecModel


class HttpTriggerDocument(SpecModel):
    """The route of a tool, below the app's own path; `{name}` takes an input from the path."""

    called: ClassVar[str] = "an `http` trigger"

    method: Method
    """The HTTP method."""
    path: str = Field(
        pattern=r"^(/[a-z0-9_-]+|/\{[a-z][a-z0-9_]*\})+$",
        max_length=200,
        examples=["/books", "/books/{book}/lend"],
        description="a path is made of parts such as `/books` or `/{book}`: small letters, digits, `-` and `_`",
    )
    """The path below the app's own; `{name}` takes a required input."""


class ActingDocument(SpecModel):
    """The principal as which a schedule starts a tool."""

    called: ClassVar[str] = "who a schedule acts as"

    subject: Sentence
    """The subject of the principal."""
    roles: list[Name]
    """Its roles."""


class CronTriggerDocument(SpecModel):
    """When a tool is started by itself, and as whom."""

    called: ClassVar[str] = "a `cron` trigger"

    schedule: ScheduleText
    """When: minute, hour, day, month and day of the week, in UTC."""
    acts_as: ActingDocument = Field(alias="as")
    """The principal as which it runs."""


class SignatureDocument(SpecModel):
    """How a webhook proves where it comes from: the header with its signature, and the name of the secret behind it."""

    called: ClassVar[str] = "a signature"

    header: HeaderName
    """The header with the signature."""
    secret: Name
    """The name of the secret behind it, never the secret."""


class WebhookTriggerDocument(SpecModel):
    """The address at which another service starts a tool, below the app's own path."""

    called: ClassVar[str] = "a `webhook` trigger"

    path: str = Field(
        pattern=r"^(/[a-z0-9_-]+)+$",
        max_length=200,
        description="a path is made of parts such as `/hooks`: small letters, digits, `-` and `_`",
    )
    """The path below the app's own."""
    signature: SignatureDocument | None = None
    """How a message proves where it comes from."""
    replay_window: DurationText | None = None
    """How old a message may be; one that was seen before is not taken again."""
    roles: list[Name] = []
    """The roles it has."""


class AgentTriggerDocument(SpecModel):
    """How a tool is shown to AI agents."""

    called: ClassVar[str] = "an `agent` trigger"

    title: Sentence
    """What agents see as its title."""


class TriggerDocument(SpecModel):
    """What starts a tool besides its generic route."""

    called: ClassVar[str] = "a trigger"

    http: HttpTriggerDocument | None = None
    """A route."""
    cron: CronTriggerDocument | None = None
    """A schedule that starts it."""
    webhook: WebhookTriggerDocument | None = None
    """An address at which another service starts it."""
    agent: AgentTriggerDocument | None = None
    """How it is shown to AI agents."""
