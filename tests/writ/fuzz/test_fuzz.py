"""Whatever is done to the documents of an app, its author gets an answer to read. The long run: `make fuzz`."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writ.fuzz.apps import mutant
from tests.writ.fuzz.outcome import answered, complaints, reported


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(min_value=0, max_value=2**32))
def test_a_changed_app_is_answered_in_words_of_its_author(seed: int) -> None:
    app, texts = mutant(seed)
    answer = answered(texts, app)
    assert list(complaints(answer)) == []
    assert reported(answer) == reported(answered(dict(reversed(texts.items())), app))
