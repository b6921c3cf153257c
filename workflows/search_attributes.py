"""What an operator can search runs by: never personal data, which would stand in plain text."""

from __future__ import annotations

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

APP = SearchAttributeKey.for_keyword("WritApp")
TOOL = SearchAttributeKey.for_keyword("WritTool")
RELEASE = SearchAttributeKey.for_keyword("WritRelease")
OUTCOME = SearchAttributeKey.for_keyword("WritOutcome")

SEARCH_ATTRIBUTES = (APP, TOOL, RELEASE, OUTCOME)
"""All of them; the server has to know them before a run uses one."""


def at_start(app: str, tool: str, release: str) -> TypedSearchAttributes:
    """Those that are known when a run is started."""
    return TypedSearchAttributes(
        [SearchAttributePair(APP, app), SearchAttributePair(TOOL, tool), SearchAttributePair(RELEASE, release)]
    )
