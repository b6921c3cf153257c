from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from writ.graph.dominance import Dominance

GRAPHS = st.integers(2, 9).flatmap(
    lambda size: st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=3 * size)
)


def reached(start: int, successors: Mapping[int, Sequence[int]], without: int | None = None) -> set[int]:
    if start == without:
        return set()
    seen, waiting = {start}, [start]
    while waiting:
        for one in successors.get(waiting.pop(), ()):
            if one not in seen and one != without:
                seen.add(one)
                waiting.append(one)
    return seen


@given(GRAPHS)
def test_a_point_dominates_what_cannot_be_reached_without_it(edges: list[tuple[int, int]]) -> None:
    successors: dict[int, list[int]] = {}
    for start, end in edges:
        successors.setdefault(start, []).append(end)
    dominance = Dominance(0, successors)
    everything = reached(0, successors)
    for first in range(9):
        assert dominance.reachable(first) == (first in everything)
        missed = everything - reached(0, successors, without=first)
        assert {second for second in range(9) if dominance.dominates(first, second)} == (
            missed if first in everything else set()
        )


@given(GRAPHS)
def test_dominators_are_told_from_the_nearest_on(edges: list[tuple[int, int]]) -> None:
    successors: dict[int, list[int]] = {}
    for start, end in edges:
        successors.setdefault(start, []).append(end)
    dominance = Dominance(0, successors)
    for point in reached(0, successors):
        above = list(dominance.dominators(point))
        assert set(above) == {one for one in range(9) if dominance.dominates(one, point)} - {point}
        assert all(dominance.dominates(far, near) for near, far in itertools.pairwise(above))


def test_a_long_chain_is_no_problem_for_the_stack() -> None:
    size = 20_000
    dominance = Dominance(0, {point: [point + 1] for point in range(size)})
    assert dominance.dominates(0, size)
    assert not dominance.dominates(size, 0)
