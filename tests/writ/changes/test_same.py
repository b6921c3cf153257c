"""What is no change: the order of documents and keys, comments, layout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writ.rules.library import APPS, app_files, check_texts
from writ.changes.compare import compare
from writ.nodes.typed import TypedApp

NAMES = sorted(APPS)
# Where the order of keys means nothing: everywhere but in a flow and in what an author wrote for people to read.
ORDERED = ("flow", "nodes", "states", "fields", "cases")


def typed(texts: Mapping[str, str], app: str) -> TypedApp:
    checked = check_texts(texts, app)
    assert checked.app is not None, checked.problems
    return checked.app


@pytest.mark.parametrize("app", NAMES)
def test_an_app_has_not_changed_from_itself(app: str) -> None:
    assert compare(typed(app_files(app), app), typed(app_files(app), app)) == ()


@pytest.mark.parametrize("app", NAMES)
def test_comments_and_empty_lines_are_no_change(app: str) -> None:
    texts = {path: f"# a comment\n\n{text}\n\n# another\n" for path, text in app_files(app).items()}
    assert compare(typed(app_files(app), app), typed(texts, app)) == ()


@pytest.mark.parametrize("app", NAMES)
def test_files_with_other_names_are_no_change(app: str) -> None:
    texts = {f"{number:03}.yaml": text for number, text in enumerate(reversed(list(app_files(app).values())))}
    assert compare(typed(app_files(app), app), typed(texts, app)) == ()


@pytest.mark.parametrize("app", NAMES)
def test_another_layout_is_no_change(app: str) -> None:
    texts = {path: yaml.safe_dump(_timeless(text), sort_keys=False, width=60) for path, text in app_files(app).items()}
    assert compare(typed(app_files(app), app), typed(texts, app)) == ()


@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_the_order_of_keys_is_no_change(data: st.DataObject) -> None:
    app = data.draw(st.sampled_from(NAMES))
    path = data.draw(st.sampled_from(sorted(app_files(app))))
    shuffled = _shuffled(_timeless(app_files(app)[path]), data)
    texts = {**app_files(app), path: yaml.safe_dump(shuffled, sort_keys=False)}
    assert compare(typed(app_files(app), app), typed(texts, app)) == ()


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_whatever_is_left_of_an_app_has_not_changed_from_itself(data: st.DataObject) -> None:
    """Lines taken out at random: most such apps have problems, and what is typed of them is compared."""
    app = data.draw(st.sampled_from(NAMES))
    path = data.draw(st.sampled_from(sorted(set(app_files(app)) - {"app.yaml"})))
    lines = app_files(app)[path].splitlines()
    gone = data.draw(st.sets(st.integers(1, len(lines) - 1), max_size=4))
    text = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    texts = {**app_files(app), path: text}
    checked = check_texts(texts, app), check_texts(texts, app)
    assert checked[0].partial is not None and checked[1].partial is not None
    assert compare(checked[0].partial, checked[1].partial) == ()
    whole = typed(app_files(app), app)
    there = compare(whole, checked[0].partial)
    assert list(there) == sorted(there, key=lambda one: ("red", "yellow", "green").index(one.level))


def _timeless(text: str) -> Any:
    """The document with its dates and moments as texts, as the reader of specs has them."""
    return yaml.load(text, Loader=_Loader)


class _Loader(yaml.SafeLoader):
    pass


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _shuffled(value: Any, data: st.DataObject, key: str = "") -> Any:
    if isinstance(value, list):
        return [_shuffled(one, data) for one in value]
    if not isinstance(value, dict):
        return value
    names = list(value)
    first = names[:1] if not key else []
    rest = names if key and key not in ORDERED else names[1:] if not key else []
    if key not in ORDERED:
        names = [*first, *data.draw(st.permutations(rest))]
    return {name: _shuffled(value[name], data, str(name)) for name in names}
