"""Which visit a folder gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.mail.messages import FolderStatus
from app.domain.mail.sync import FolderState, Visit, decide_visit

KNOWN = FolderState(7, 101, 100, 5000, complete=True, bound=100, unbound=0, skipped=0)
TOLD = FolderStatus(7, 101, 100, 5000)


def test_a_folder_in_which_nothing_happened_is_skipped() -> None:
    assert decide_visit(KNOWN, TOLD, condstore=True) is Visit.SKIP


@pytest.mark.parametrize(
    "told",
    [replace(TOLD, uidnext=102), replace(TOLD, highestmodseq=5001), replace(TOLD, messages=99)],
    ids=["new mail", "changed flag", "expunged"],
)
def test_whatever_happened_is_asked_for(told: FolderStatus) -> None:
    assert decide_visit(KNOWN, told, condstore=True) is Visit.CHANGES


def test_another_uidvalidity_is_read_afresh_whatever_else_is_equal() -> None:
    assert decide_visit(KNOWN, replace(TOLD, uidvalidity=8), condstore=True) is Visit.REREAD


@pytest.mark.parametrize(
    ("known", "told", "condstore"),
    [
        (replace(KNOWN, complete=False), TOLD, True),
        (replace(KNOWN, uidvalidity=0), TOLD, True),
        (KNOWN, TOLD, False),
        (replace(KNOWN, highestmodseq=None), TOLD, True),
        (KNOWN, replace(TOLD, highestmodseq=None), True),
        (KNOWN, replace(TOLD, highestmodseq=4000), True),
    ],
    ids=[
        "interrupted",
        "first time",
        "no condstore",
        "no modseq here",
        "no modseq there",
        "modseq went back",
    ],
)
def test_where_changes_cannot_be_told_everything_is_compared(
    known: FolderState, told: FolderStatus, condstore: bool
) -> None:
    assert decide_visit(known, told, condstore=condstore) is Visit.WHOLE


@pytest.mark.parametrize("known", [replace(KNOWN, unbound=1), replace(KNOWN, skipped=1)])
def test_what_is_still_to_be_found_there_keeps_a_folder_from_being_skipped(known: FolderState) -> None:
    assert decide_visit(known, TOLD, condstore=True) is Visit.CHANGES
