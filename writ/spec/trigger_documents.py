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
    path: str = Field(
        pattern=r"^(/[a-z0-9_-]+|/\{[a-z][a-z0-9_]*\})+$",
        max_length=200,
        description="a path is made of parts such as `/books` or `/{book}`: small letters, digits, `-` and `_`",
    )


class ActingDocument(SpecModel):
    """The principal as which a schedule starts a tool."""

    called: ClassVar[str] = "who a schedule acts as"

    subject: Sentence
    roles: list[Name]


class CronTriggerDocument(SpecModel):
    """When a tool is started by itself, and as whom."""

    called: ClassVar[str] = "a `cron` trigger"

    schedule: ScheduleText
    acts_as: ActingDocument = Field(alias="as")


class SignatureDocument(SpecModel):
    """How a webhook proves where it comes from: the header with its signature, and the name of the secret behind it."""

    called: ClassVar[str] = "a signature"

    header: HeaderName
    secret: Name


class WebhookTriggerDocument(SpecModel):
    """The address at which another service starts a tool, below the app's own path."""

    called: ClassVar[str] = "a `webhook` trigger"

    path: str = Field(
        pattern=r"^(/[a-z0-9_-]+)+$",
        max_length=200,
        description="a path is made of parts such as `/hooks`: small letters, digits, `-` and `_`",
    )
    signature: SignatureDocument | None = None
    replay_window: DurationText | None = None
    roles: list[Name] = []


class AgentTriggerDocument(SpecModel):
    """How a tool is shown to AI agents."""

    called: ClassVar[str] = "an `agent` trigger"

    title: Sentence


class TriggerDocument(SpecModel):
    """What starts a tool besides its generic route."""

    called: ClassVar[str] = "a trigger"

    http: HttpTriggerDocument | None = None
    cron: CronTriggerDocument | None = None
    webhook: WebhookTriggerDocument | None = None
    agent: AgentTriggerDocument | None = None
