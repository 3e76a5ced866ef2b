"""What a team makes of its reasons: names that can be told apart, an order, and always one to choose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.crm.reason_list import ReasonNotFound, checked, moved, reason_name
from app.domain.crm.reasons import FinishReason
from app.domain.errors import BadInput, Refused

TWO = [FinishReason("not interested"), FinishReason("Insolvenz", needs_text=True)]


def test_a_reason_is_one_clean_line_without_a_colon() -> None:
    assert reason_name(" zu \t teuer ") == "zu teuer"
    assert "\x1b" not in reason_name("zu\x1b[1m teuer")
    for wrong in ("", "  ", "other: text", "x" * 61):
        with pytest.raises(BadInput):
            reason_name(wrong)


def test_two_reasons_that_read_alike_are_refused_in_either_language() -> None:
    for name in ("insolvenz", "Not interested", "Kein Interesse"):
        with pytest.raises(Refused):
            checked([*TWO, FinishReason(name)])
    assert checked([*TWO, FinishReason("zu teuer")])[2].name == "zu teuer"


def test_one_reason_is_always_left_to_choose() -> None:
    first, second = TWO
    assert checked([replace(first, active=False), second])
    with pytest.raises(Refused):
        checked([replace(first, active=False), replace(second, active=False)])


def test_a_reason_moves_no_further_than_the_ends() -> None:
    names = [reason.name for reason in moved([*TWO, FinishReason("z")], "not interested", 1)]
    assert names == ["Insolvenz", "not interested", "z"]
    assert moved(TWO, "not interested", -1) == TWO
    assert moved(TWO, "Insolvenz", 5) == TWO
    with pytest.raises(ReasonNotFound):
        moved(TWO, "gone", 1)
