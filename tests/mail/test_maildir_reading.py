"""A Maildir is read as its specification says, keeps its UIDs, and tells what others did to it."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.mail.messages import Flags
from app.mail.errors import CommandRefused
from app.mail.maildir import files
from app.mail.maildir import index as maildir_index
from app.mail.source import Since
from tests.mail.box import Box, known
from tests.mail.letters import letter

STEPS = st.lists(
    st.tuples(st.sampled_from(["arrive", "read", "remove", "look", "restart"]), st.integers(0, 9)),
    max_size=25,
)


def test_messages_are_read_with_flags_and_time(box: Box) -> None:
    box.put("cur/1.a.host:2,FRS", b"Subject: \xff\n\nx\n", time=1_700_000_000)
    box.put("cur/2.b.host:2,DTab", letter(2))
    box.put("new/3.c.host", letter(3))
    source = box.open()
    status = source.select(".").status
    assert (status.messages, status.unseen, status.uidnext) == (3, 2, 4)
    mails = {mail.uid: mail for mail in source.fetch([3, 2, 1, 77])}
    assert mails[1].raw == b"Subject: \xff\n\nx\n"
    assert mails[1].flags == Flags(seen=True, flagged=True, answered=True)
    assert mails[1].arrived == datetime.fromtimestamp(1_700_000_000, UTC)
    assert mails[2].flags == Flags(draft=True, deleted=True)
    assert mails[3].flags == Flags()
    assert source.flags() == {uid: mail.flags for uid, mail in mails.items()}
    assert box.names() == ["cur/1.a.host:2,FRS", "cur/2.b.host:2,DTab", "new/3.c.host"]


def test_uids_follow_the_time_of_arrival(box: Box) -> None:
    box.put("cur/1.a:2,", letter(1), time=3000)
    box.put("cur/2.b:2,", letter(2), time=1000)
    box.put("new/3.c", letter(3), time=2000)
    source = box.open()
    source.select(".")
    assert [mail.raw for mail in source.fetch([1, 2, 3])] == [letter(2), letter(3), letter(1)]


def test_uids_stay_when_others_rename_and_after_a_restart(box: Box) -> None:
    paths = [box.put(f"new/{number}.x", letter(number), time=number) for number in (1, 2, 3)]
    before = known(box.open())
    paths[0].rename(box.root / "cur" / "1.x:2,S")
    paths[1].rename(box.root / "cur" / "2.x:2,FS")
    source = box.open()
    assert source.select(".").status.uidvalidity == before.uidvalidity
    assert {mail.uid: mail.raw for mail in source.fetch([1, 2, 3])} == {n: letter(n) for n in (1, 2, 3)}
    paths[2].unlink()
    box.put("new/4.x", letter(4))
    assert source.select(".").status.uidnext == 5
    assert source.uids() == [1, 2, 4]


def test_a_lost_index_begins_a_new_numbering(box: Box) -> None:
    for number in (1, 2):
        box.put(f"new/{number}.x", letter(number), time=number)
    before = known(box.open())
    (box.root / "new" / "1.x").unlink()
    shutil.rmtree(box.state)
    selected = box.open().select(".", before)
    assert selected.status.uidvalidity > before.uidvalidity
    assert (selected.vanished, selected.changed) == (None, None)
    assert selected.status.uidnext == 2


def test_all_that_happened_since_is_told(box: Box) -> None:
    paths = {number: box.put(f"cur/{number}.x:2,", letter(number), time=number) for number in range(1, 6)}
    source = box.open()
    before = known(source)
    paths[1].rename(box.root / "cur" / "1.x:2,S")
    paths[2].unlink()
    paths[4].unlink()
    box.put("new/6.x", letter(6))
    selected = source.select(".", before)
    assert selected.vanished == (2, 4)
    assert selected.changed == {1: Flags(seen=True), 6: Flags()}
    assert source.flags(changed_since=before.highestmodseq) == selected.changed
    assert (selected.status.highestmodseq or 0) > (before.highestmodseq or 0)
    again = source.select(
        ".", Since(before.uidvalidity, selected.status.highestmodseq, selected.status.uidnext)
    )
    assert (again.vanished, again.changed) == ((), {})


def test_a_history_that_was_forgotten_is_not_made_up(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maildir_index, "MAX_GONE", 3)
    paths = [box.put(f"cur/{number}.x:2,", time=number) for number in range(1, 10)]
    source = box.open()
    long_ago = known(source)
    for path in paths[:3]:
        path.unlink()
    lately = known(source)
    for path in paths[3:6]:
        path.unlink()
    assert source.select(".", lately).vanished == (4, 5, 6)
    assert source.select(".", long_ago).vanished is None
    stranger = Since(long_ago.uidvalidity + 1, 1, 1)
    assert source.select(".", stranger).changed is None
    future = Since(long_ago.uidvalidity, 10_000, 1)
    assert source.select(".", future).changed is None


def test_a_directory_that_did_not_change_is_not_listed_again(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put("new/1.x")
    for part in ("new", "cur"):
        os.utime(box.root / part, (1_000_000_000, 1_000_000_000))
    source = box.open()
    folders = source.folders()
    before = source.statuses(folders)
    monkeypatch.setattr(files, "list_messages", lambda directory: pytest.fail("it was listed"))
    assert source.statuses(folders) == before
    assert before["."].messages == 1


def test_a_change_within_the_same_tick_of_the_clock_is_seen(box: Box) -> None:
    source = box.open()
    now = os.stat(box.root / "new").st_mtime_ns
    os.utime(box.root / "new", ns=(now, now))
    assert source.select(".").status.messages == 0
    box.put("new/1.x")
    os.utime(box.root / "new", ns=(now, now))
    assert source.select(".").status.messages == 1


def test_a_message_is_found_by_its_whole_id_only(box: Box) -> None:
    box.put("cur/1.x:2,", letter(1, message_id="<a.1@firma.example>"), time=1)
    box.put("cur/2.x:2,", letter(2, message_id="<a.12@firma.example>"), time=2)
    box.put(
        "cur/3.x:2,",
        b"Subject: x\nMESSAGE-ID:\n <a.1@firma.example>\n\nMessage-ID: <falle@x.example>\n",
        time=3,
    )
    box.put("cur/4.x:2,", b"kein Kopf", time=4)
    source = box.open()
    source.select(".")
    assert source.find_message_id("<a.1@firma.example>") == [1, 3]
    assert source.find_message_id("<falle@x.example>") == []
    assert source.find_message_id("") == []


def test_only_mail_that_arrived_since_a_day_is_asked_for(box: Box) -> None:
    for day in (1, 10, 20):
        box.put(f"cur/{day}.x:2,", time=datetime(2026, 11, day, 12).timestamp())
    source = box.open()
    source.select(".")
    assert source.uids(date(2026, 11, 10)) == [2, 3]


def test_what_is_no_message_is_told_when_it_is_fetched(box: Box) -> None:
    box.put("cur/1.x:2,", letter(1), time=1)
    os.mkfifo(box.root / "cur" / "2.x:2,")
    (box.root / "cur" / "3.x:2,").mkdir()
    source = box.open()
    source.select(".")
    raws: dict[int, bytes] = {}
    refused = []
    for uid in source.uids():
        try:
            raws.update((mail.uid, mail.raw) for mail in source.fetch([uid]))
        except CommandRefused:
            refused.append(uid)
    assert list(raws.values()) == [letter(1)]
    assert len(refused) == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_others_do_a_uid_means_one_message_for_ever(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    base = tmp_path_factory.mktemp("box")
    box = Box(base / "Mail", base / "state")
    for part in ("cur", "new", "tmp"):
        (box.root / part).mkdir(parents=True)
    source = box.open()
    since = known(source)
    seen: dict[int, bytes] = {}
    there: dict[int, bytes] = {}
    for number, (step, which) in enumerate(steps):
        names = box.names()
        if step == "arrive":
            box.put(f"new/{number}.x", letter(number))
        elif step in ("read", "remove") and names:
            path = box.root / names[which % len(names)]
            base_name = path.name.partition(":")[0]
            path.unlink() if step == "remove" else path.rename(box.root / "cur" / f"{base_name}:2,S")
        elif step == "restart":
            source.close()
            source = box.open()
        else:
            selected = source.select(".", since)
            assert selected.vanished is not None
            assert selected.changed is not None
            for uid in selected.vanished:
                there.pop(uid, None)
            there |= {mail.uid: mail.raw for mail in source.fetch(list(selected.changed))}
            since = Since(selected.status.uidvalidity, selected.status.highestmodseq, selected.status.uidnext)
            now = {mail.uid: mail.raw for mail in source.fetch(source.uids())}
            assert there == now
            assert sorted(now.values()) == sorted((box.root / name).read_bytes() for name in box.names())
            assert all(seen.setdefault(uid, raw) == raw for uid, raw in now.items())
    source.close()
