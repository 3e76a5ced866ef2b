"""A reason is meant by its stored name or by its word, however it is written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.crm.reasons import (
    BUILT_IN,
    FinishReason,
    UnknownReason,
    meant_reason,
    reason_word,
    told_reason,
)
from app.language import use_language

OTHER = FinishReason("other", needs_text=True)
REASONS = (
    *(FinishReason(name) for name in BUILT_IN[:-1]),
    OTHER,
    FinishReason("Budget: 2027"),
    FinishReason("too far away", active=False),
)


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    use_language("de")
    yield
    use_language("de")


@pytest.mark.parametrize(
    ("typed", "name", "text"),
    [
        ("competitor", "competitor", ""),
        ("Wettbewerber", "competitor", ""),
        ("NOT_INTERESTED", "not interested", ""),
        (" not-interested ", "not interested", ""),
        ("kein  Interesse", "not interested", ""),
        ("other: moved away", "other", "moved away"),
        ("Sonstiges: umgezogen: nach Bremen", "other", "umgezogen: nach Bremen"),
        ("other", "other", ""),
        ("budget: 2027", "Budget: 2027", ""),
    ],
)
def test_a_reason_is_understood(typed: str, name: str, text: str) -> None:
    reason, found = meant_reason(typed, REASONS)
    assert (reason.name, found) == (name, text)


@pytest.mark.parametrize("typed", ["", "quark", "too far away", ": x", "other moved"])
def test_an_unknown_reason_is_refused_with_all_that_are_offered(typed: str) -> None:
    with pytest.raises(UnknownReason) as refused:
        meant_reason(typed, REASONS)
    assert "Wettbewerber (competitor)" in refused.value.cause
    assert "Budget: 2027" in refused.value.cause
    assert "too far away" not in refused.value.cause


@pytest.mark.parametrize(
    ("typed", "title"), [("", "Ein Grund fehlt"), ("quark", "Diesen Grund gibt es nicht")]
)
def test_a_reason_left_out_is_told_as_missing_and_not_as_unknown(typed: str, title: str) -> None:
    with pytest.raises(UnknownReason) as refused:
        meant_reason(typed, REASONS)
    assert refused.value.told.startswith(f"{title}: ")


def test_people_read_words_and_scripts_names() -> None:
    assert reason_word("competitor") == "Wettbewerber"
    assert reason_word("Budget") == "Budget"
    assert told_reason("other", "umgezogen") == "Sonstiges: umgezogen"
    assert told_reason("other", "umgezogen", translated=False) == "other: umgezogen"
    assert told_reason("competitor", "", translated=False) == "competitor"
