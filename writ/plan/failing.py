"""The way a problem found deep inside one node leaves it, so that the other nodes are still compiled."""

from __future__ import annotations

from writ.problems import Problem


class CannotCompile(Exception):
    """Carries one problem to where problems are collected; never leaves `writ.plan`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
