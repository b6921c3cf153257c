"""A service outside is a model provider: a run would do what a model guesses.

Catches:
    A connector whose `base_url` has the host of a known provider of language models (OpenAI, Anthropic, Google,
    Mistral, …), also one that a cloud has in each region or gives each customer, and whether or not a tool calls it.

Dangerous because:
    A model answers differently tomorrow, and nobody can say why. A run that depends on it cannot be repeated, replayed
    or explained, and whoever writes a text that it reads can tell it what to answer. Models help to write specs; a run
    follows them.

Avoid:
    connector: judge_of_refunds
    base_url: https://api.openai.com

Prefer:
    - switch: decision
      cases:
        - when: order.total.amount <= 5000
          nodes: []
      default:
        - refuse: needs_a_person

Cannot see:
    A model behind a host that is not well known: one's own, or that of a service that asks a model in turn. An address
    in an `http` node that no connector declares is EXT005's.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from writ.findings import Confidence, Found, Severity
from writ.graph.addresses import host_of, is_within
from writ.graph.app import AppFacts
from writ.rules.rule import Rule
from writ.spec.resolved import Connector

_PROVIDERS = (
    "aiplatform.googleapis.com",
    "api-inference.huggingface.co",
    "api.ai21.com",
    "api.anthropic.com",
    "api.cerebras.ai",
    "api.cohere.ai",
    "api.cohere.com",
    "api.deepseek.com",
    "api.fireworks.ai",
    "api.groq.com",
    "api.mistral.ai",
    "api.moonshot.ai",
    "api.openai.com",
    "api.perplexity.ai",
    "api.replicate.com",
    "api.together.ai",
    "api.together.xyz",
    "api.x.ai",
    "dashscope-intl.aliyuncs.com",
    "dashscope.aliyuncs.com",
    "endpoints.huggingface.cloud",
    "gateway.ai.cloudflare.com",
    "generativelanguage.googleapis.com",
    "inference.ai.azure.com",
    "integrate.api.nvidia.com",
    "models.github.ai",
    "models.inference.ai.azure.com",
    "openai.azure.com",
    "openrouter.ai",
    "router.huggingface.co",
    "services.ai.azure.com",
)
"""Each stands for itself and for every host below it."""

_REGIONAL = (
    "*-aiplatform.googleapis.com",
    "bedrock-agent-runtime.*.amazonaws.com",
    "bedrock-runtime.*.amazonaws.com",
    "bedrock-runtime-fips.*.amazonaws.com",
)


def check(app: AppFacts) -> Iterator[Found]:
    """Connectors whose host is that of a known model provider."""
    for connector in app.app.connectors.values():
        host = host_of(connector.base_url) or host_of(f"https://{connector.base_url}")
        if _gives_models(host):
            yield _found(app, connector, host)


def _gives_models(host: str) -> bool:
    return any(is_within(host, one) for one in _PROVIDERS) or any(fnmatchcase(host, one) for one in _REGIONAL)


def _found(app: AppFacts, connector: Connector, host: str) -> Found:
    return Found(
        span=connector.base_url_span,
        path=f"{app.app.name}.{connector.name}",
        message=f"`{connector.name}` is a model provider (`{host}`): no model may answer in a run",
        help=f"remove `{connector.name}` and decide by rules in the flow, or ask people with an `approval`",
        witness=(_caller(app, connector), *_GUESS),
    )


_GUESS = (
    "a model guesses the answer, and a text of a stranger in the request can tell it what to guess",
    "the run goes on by that guess: the same call does something else tomorrow, and nobody can explain either",
)


def _caller(app: AppFacts, connector: Connector) -> str:
    for tool in app.every_tool.values():
        for step in tool.graph.steps:
            outside = step.facts.outside
            if outside is not None and outside.connector is not None and outside.connector.name == connector.name:
                return f"`{tool.name}` comes to `{step.facts.name}`, which asks `{connector.name}`"
    return f"a tool asks `{connector.name}`"


RULE = Rule(
    id="EXT012",
    name="model-at-run-time",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)
