"""All pictures of an app, from what was checked and what the safety engine found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cli.graph.marks import Marks
from cli.graph.model import AppPicture, FlowPicture, StatePicture
from cli.graph.of_entity import state_picture
from cli.graph.of_tool import flow_picture
from writ.graph.app import AppFacts
from writ.judgement import Judgement
from writ.nodes.typed import TypedApp
from writ.problems import Problem
from writ.source import Span


@dataclass(frozen=True)
class Drawn:
    """An app that is drawn as far as it could be typed."""

    app: TypedApp
    judgement: Judgement

    def tool(self, name: str) -> FlowPicture:
        """The flow of a tool of the app."""
        tool = self.app.tools[name]
        return flow_picture(tool, self._marks, self._problems_beside(tool.span))

    def entity(self, name: str) -> StatePicture:
        """The states of an entity of the app."""
        entity = self.app.entities[name]
        return state_picture(entity, self._facts, self._marks, self._problems_beside(entity.span))

    def whole(self) -> AppPicture:
        """Everything, in the order of names."""
        tools, entities = self.app.tools, self.app.entities
        shown = {*(one.span.file for one in tools.values()), *(one.span.file for one in entities.values())}
        return AppPicture(
            name=self.app.name,
            description=self.app.description,
            tools=tuple(self.tool(name) for name in sorted(tools)),
            entities=tuple(self.entity(name) for name in sorted(entities)),
            marks=self._marks.elsewhere([*tools, *entities]),
            problems=_told([one for one in self.judgement.problems if one.span.file not in shown]),
        )

    @cached_property
    def _marks(self) -> Marks:
        return Marks(self.app.name, self.judgement)

    @cached_property
    def _facts(self) -> AppFacts:
        # What can be told of a tool is shown although a node of it is wrong: a picture judges nothing.
        whole = {name: replace(tool, whole=True) for name, tool in self.app.tools.items()}
        return AppFacts(replace(self.app, tools=whole))

    def _problems_beside(self, span: Span) -> tuple[str, ...]:
        return _told([one for one in self.judgement.problems if one.span.file == span.file])


def _told(problems: Sequence[Problem]) -> tuple[str, ...]:
    return tuple(f"{one.span}: {one.message}" for one in problems)
