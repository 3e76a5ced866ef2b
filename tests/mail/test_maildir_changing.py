"""Flags, moves, copies, deliveries and deletions in a Maildir; nothing is lost where one fails."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from app.domain.errors import BadInput
from app.domain.mail.messages import Flags
from app.mail.errors import CommandRefused, FolderMissing
from tests.mail.box import Box, known
from tests.mail.letters import letter, when


def test_flags_are_changed_by_renaming_and_other_letters_stay(box: Box) -> None:
    box.put("cur/1.x:2,FPb", time=1)
    box.put("new/2.x", time=2)
    box.put("new/3.x", time=3)
    source = box.open()
    source.select(".")
    source.change_flags([1, 2, 99], ["\\Seen", "\\Answered"], ["\\Flagged"])
    source.change_flags([3], [], ["\\Seen"])
    assert box.names() == ["cur/1.x:2,PRSb", "cur/2.x:2,RS", "new/3.x"]
    assert source.flags()[2] == Flags(seen=True, answered=True)
    with pytest.raises(BadInput):
        source.change_flags([1], ["$Eigenes"], [])


def test_a_message_renamed_by_another_program_is_still_found(box: Box) -> None:
    box.put("new/1.x", letter(1), time=1)
    box.put("new/2.x", letter(2), time=2)
    source = box.open()
    source.select(".")
    (box.root / "new" / "1.x").rename(box.root / "cur" / "1.x:2,F")
    (box.root / "new" / "2.x").unlink()
    assert [(mail.uid, mail.raw, mail.flags) for mail in source.fetch([1, 2])] == [
        (1, letter(1), Flags(flagged=True))
    ]
    (box.root / "cur" / "1.x:2,F").rename(box.root / "cur" / "1.x:2,FR")
    source.change_flags([1, 2], ["\\Seen"], [])
    assert box.names() == ["cur/1.x:2,FRS"]


def test_moved_messages_keep_flags_and_time_under_a_new_name(box: Box) -> None:
    box.put("cur/1.x,U=17:2,FS", letter(1), time=1_700_000_000)
    box.put("new/2.x", letter(2), time=1_700_000_001)
    box.put("new/3.x", letter(3), time=1_700_000_002)
    source = box.open()
    target = source.create_folder("Archiv")
    source.select(".")
    assert source.move([1, 2, 99], target) == {1: 1, 2: 2}
    assert box.names() == ["new/3.x"]
    assert not any("U=17" in name for name in box.names(".Archiv"))
    source.select(target)
    mails = list(source.fetch(source.uids()))
    assert [(mail.raw, mail.flags) for mail in mails] == [
        (letter(1), Flags(seen=True, flagged=True)),
        (letter(2), Flags()),
    ]
    assert mails[0].arrived == datetime.fromtimestamp(1_700_000_000, UTC)


@pytest.mark.parametrize("can_link", [True, False])
def test_copied_messages_are_in_both_places(
    box: Box, can_link: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_link:

        def refuse(*_paths: object) -> None:
            raise PermissionError("no links here")

        monkeypatch.setattr(os, "link", refuse)
    box.put("cur/1.x:2,S", letter(1), time=1_700_000_000)
    source = box.open()
    target = source.create_folder("Archiv")
    source.select(".")
    assert source.copy([1], target) == {1: 1}
    (original,) = source.fetch([1])
    source.select(target)
    (copied,) = source.fetch([1])
    assert copied == original


def test_a_move_across_disks_copies_first(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.put("cur/1.x:2,S", letter(1))
    source = box.open()
    target = source.create_folder("Archiv")
    source.select(".")
    rename = os.rename

    def across(old: bytes, new: bytes) -> None:
        if os.path.dirname(os.path.dirname(old)) != os.path.dirname(os.path.dirname(new)):
            raise OSError(18, "Invalid cross-device link")
        rename(old, new)

    def no_link(*_paths: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "rename", across)
    monkeypatch.setattr(os, "link", no_link)
    assert source.move([1], target) == {1: 1}
    assert box.names() == []
    source.select(target)
    assert [mail.raw for mail in source.fetch([1])] == [letter(1)]


def test_moving_to_a_missing_folder_leaves_the_message_where_it_is(box: Box) -> None:
    box.put("cur/1.x:2,S")
    source = box.open()
    source.select(".")
    with pytest.raises(FolderMissing):
        source.move([1], ".Fehlt")
    assert box.names() == ["cur/1.x:2,S"]


def test_exactly_the_named_messages_are_deleted(box: Box) -> None:
    for number in (1, 2, 3):
        box.put(f"cur/{number}.x:2,T", letter(number), time=number)
    source = box.open()
    before = known(source)
    assert source.delete([1, 3, 99]) == ()
    assert box.names() == ["cur/2.x:2,T"]
    assert source.select(".", before).vanished == (1, 3)


def test_a_read_only_selection_changes_nothing(box: Box) -> None:
    box.put("new/1.x")
    source = box.open()
    source.select(".", readonly=True)
    for attempt in (lambda: source.delete([1]), lambda: source.change_flags([1], ["\\Seen"], [])):
        with pytest.raises(CommandRefused, match="read-only"):
            attempt()
    assert box.names() == ["new/1.x"]


def test_an_appended_message_is_delivered_whole(box: Box) -> None:
    source = box.open()
    assert source.append(".", letter(1), [], when()) == 1
    assert source.append(".", letter(2), ["\\Seen", "\\Answered"], when()) == 2
    places = [name.split("/")[0] + name.partition(":")[2] for name in box.names()]
    assert places == ["cur2,RS", "new"]
    source.select(".")
    mails = list(source.fetch([1, 2]))
    assert [mail.raw for mail in mails] == [letter(1), letter(2)]
    assert [mail.arrived for mail in mails] == [when(), when()]


def test_a_delivery_that_fails_leaves_nothing_behind(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    source = box.open()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(CommandRefused, match="No space"):
            source.append(".", letter(), [], when())
    assert box.names() == []
