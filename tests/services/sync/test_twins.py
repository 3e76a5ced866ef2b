"""Identical mails that are moved at once: as many arrive as were moved, wherever the move is cut off."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.mail.operations import Delete, Effect, FlagsChange, Move
from app.domain.mail.triage import Selection
from app.mail.errors import CommandRefused
from app.mail.imap.source import ImapSource
from app.services import triage
from app.services.sync.changes import retry
from tests.servers.dovecot import ok
from tests.servers.proxy import Cut, proxy
from tests.services.sync.conftest import Desk, mail
from tests.services.sync.test_folders import expunge
from tests.services.sync.test_postman import ask, count_on_server, folder_id, let_time_pass, waiting
from tests.store.invariants import check

HEADER = b"Message-ID: <1@vogel.example>\r\n"
FOLDERS = ("INBOX", "Archiv")


def copies_in(desk: Desk, folder: str) -> list[int]:
    sql = "SELECT id FROM mail_copy WHERE folder_id = ? ORDER BY id"
    return [row[0] for row in desk.store.read.rows(sql, (folder_id(desk, folder),))]


def ask_for_all(desk: Desk, *effects: Effect) -> None:
    for copy in copies_in(desk, "INBOX"):
        ask(desk, copy, *effects)


def alive_on_server(desk: Desk, folder: str) -> int:
    """Mails that nobody has marked deleted: without UIDPLUS some stay, marked."""
    with desk.server.client(desk.user, folder) as elsewhere:
        (found,) = ok(elsewhere.search(None, "UNDELETED"))
    return len(bytes(found or b"").split())  # type: ignore[arg-type]


def leave_out(desk: Desk, folder: str) -> None:
    with desk.store.write() as tx:
        tx.run("UPDATE folder SET synced = 0 WHERE name = ?", (folder,))


def sync_until_done(desk: Desk) -> None:
    """Each pass may be one that is cut off; the pauses after that are over."""
    for _ in range(12):
        let_time_pass(desk)
        desk.pass_over()
        check(desk.store)
        if not waiting(desk):
            break
    desk.sync()
    assert waiting(desk) == 0


@pytest.mark.parametrize(
    ("target", "header"),
    [("synced", HEADER), ("not synced", HEADER), ("not synced", b"")],
    ids=["synced", "not synced", "nameless"],
)
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("pattern", [b"UID COPY", b"UID STORE", b"EXPUNGE"])
@pytest.mark.parametrize("inclusive", [True, False], ids=["after", "before"])
def test_all_twins_arrive_and_none_twice(
    bare: Desk, pattern: bytes, inclusive: bool, times: int, target: str, header: bytes
) -> None:
    twin = mail(1).replace(HEADER, header)
    bare.deliver(twin, folder="Archiv")
    bare.deliver(twin, twin, mail(2), twin)
    bare.sync()
    moved = copies_in(bare, "INBOX")
    for effect in (Move(folder_id(bare, "Archiv")), FlagsChange(("\\Answered",))):
        for copy in moved:
            ask(bare, copy, effect)
    if target == "not synced":
        leave_out(bare, "Archiv")
    cut = Cut("client", pattern=pattern, inclusive=inclusive, times=times)
    with proxy(bare.server.port, cut) as line:
        bare.point_at(line.port)
        sync_until_done(bare)
        assert line.cuts
    assert [alive_on_server(bare, name) for name in FOLDERS] == [0, 5]
    assert bare.subjects() == []
    assert bare.subjects("Archiv") == ["Anfrage 0001"] * 4 + ["Anfrage 0002"]
    with bare.server.client(bare.user, "Archiv") as elsewhere:
        assert len(ok(elsewhere.search(None, "ANSWERED"))[0].split()) == 4  # type: ignore[attr-defined]


@pytest.mark.parametrize("pattern", [b"UID STORE", b"EXPUNGE"])
def test_moves_that_are_cut_off_together_leave_no_marked_mail_that_stops_later_deletions(
    bare: Desk, pattern: bytes
) -> None:
    bare.deliver(*(mail(number) for number in range(4)))
    bare.sync()
    first, *others = copies_in(bare, "INBOX")
    for copy in others:
        ask(bare, copy, Move(folder_id(bare, "Archiv")))
    with proxy(bare.server.port, Cut("client", pattern=pattern)) as line:
        bare.point_at(line.port)
        assert bare.pass_over().error
        let_time_pass(bare)
        bare.sync()
    assert (waiting(bare), count_on_server(bare, "INBOX"), count_on_server(bare, "Archiv")) == (0, 1, 3)
    ask(bare, first, Delete())
    bare.point_at(bare.server.port)
    bare.sync()
    assert (waiting(bare), count_on_server(bare, "INBOX")) == (0, 0)


def refused_move(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """A mail whose move into the archive was refused, and then a twin of it came there; its copy and the operation."""
    desk.deliver(mail(1))
    desk.sync()
    (copy,) = copies_in(desk, "INBOX")
    ask(desk, copy, Move(folder_id(desk, "Archiv")))

    def refuse(*_: object) -> None:
        raise CommandRefused("not now")

    with monkeypatch.context() as patched:
        patched.setattr(ImapSource, "move", refuse)
        desk.pass_over()
    desk.deliver(mail(1), folder="Archiv")
    desk.sync()
    return copy, int(desk.store.read.value("SELECT id FROM operation WHERE state = 'failed'"))


def test_a_mail_whose_move_was_refused_stays_when_a_twin_in_the_other_folder_goes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, number = refused_move(desk, monkeypatch)
    expunge(desk, "1", "Archiv")
    desk.sync()
    assert copies_in(desk, "Archiv") == [copy]
    retry(desk.store, number, datetime.now(UTC))
    desk.sync()
    desk.sync()
    assert (waiting(desk), copies_in(desk, "Archiv")) == (0, [copy])
    assert [alive_on_server(desk, name) for name in FOLDERS] == [0, 1]


@pytest.mark.parametrize("back", [True, False], ids=["back", "on"])
def test_a_twin_in_the_other_folder_is_shown_when_a_refused_move_is_taken_back_or_changed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, back: bool
) -> None:
    copy, _number = refused_move(desk, monkeypatch)
    there = "INBOX" if back else "Spam"
    mails = Selection(copies=(copy,))
    triage.move(desk.store, mails, folder_id(desk, there), author="anna", now=datetime.now(UTC))
    desk.sync()
    desk.sync()
    assert waiting(desk) == 0
    assert copies_in(desk, there) == [copy]
    assert desk.subjects("Archiv") == ["Anfrage 0001"]


def test_a_refused_move_that_is_tried_again_beside_a_twin_shows_both(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _copy, number = refused_move(desk, monkeypatch)
    retry(desk.store, number, datetime.now(UTC))
    desk.sync()
    desk.sync()
    assert waiting(desk) == 0
    assert [alive_on_server(desk, name) for name in FOLDERS] == [0, 2]
    assert [len(desk.subjects(name)) for name in FOLDERS] == [0, 2]


@pytest.mark.parametrize("header", [HEADER, b""], ids=["named", "nameless"])
def test_each_twin_in_a_folder_that_is_not_synced_is_found_and_changed(bare: Desk, header: bytes) -> None:
    twin = mail(1).replace(HEADER, header)
    bare.deliver(twin, twin)
    bare.sync()
    leave_out(bare, "Archiv")
    ask_for_all(bare, Move(folder_id(bare, "Archiv")))
    bare.sync()
    assert len(bare.subjects("Archiv")) == 2
    for copy in copies_in(bare, "Archiv"):
        ask(bare, copy, FlagsChange(("\\Seen",)))
    bare.sync()
    assert waiting(bare) == 0
    with bare.server.client(bare.user, "Archiv") as elsewhere:
        assert len(ok(elsewhere.search(None, "SEEN"))[0].split()) == 2  # type: ignore[attr-defined]
