"""What others do to a folder while a long visit to it goes on stands: looks at the inbox, the rep, other programs."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.mail.sync import Visit
from app.domain.mail.triage import Selection
from app.services import triage
from app.services.accounts.folders import FolderPlan, change_folders
from app.services.sync import folder as folder_visit
from app.services.sync import mailbox as mailbox_pass
from app.services.sync.folder import FolderVisit
from app.services.sync.mailbox import MailboxPass
from app.services.sync.run import to_sync
from app.services.sync.team import hired
from app.store.database import Store
from app.store.mail.mailboxes import mailboxes
from app.store.sync import listing, sync_state
from tests.servers.dovecot import ok
from tests.services.sync.conftest import Desk, mail
from tests.services.sync.test_liars import here, honest, sync
from tests.services.sync.test_team import spec_of, uidvalidity


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(autouse=True)
def rounds_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_visit, "FIRST_ROUND", 3)


def passing(desk: Desk, breathe: Callable[[], bool]) -> MailboxPass:
    (mailbox,) = mailboxes(desk.store.read)
    wanted = to_sync(mailbox, desk.home)
    return MailboxPass(desk.store, wanted, wanted.spec.open(), now, breathe)


def once_when(ready: Callable[[], bool], deed: Callable[[], None]) -> Callable[[], bool]:
    """Between two batches: do it as soon as it can be done."""
    done: list[bool] = []

    def breathe() -> bool:
        if not done and ready():
            done.append(True)
            deed()
        return True

    return breathe


def folder(desk: Desk, name: str) -> sync_state.KnownFolder:
    return next(one for one in sync_state.known_folders(desk.store.read, 1) if one.name == name)


def held(desk: Desk, name: str) -> int:
    return int(desk.store.read.value("SELECT coalesce(sum(total), 0) FROM folder WHERE name = ?", (name,)))


def test_mail_that_was_archived_while_the_rest_is_fetched_does_not_come_back(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(12)))
    archived: list[int] = []

    def look_and_archive() -> None:
        inbox = folder(desk, "INBOX")
        FolderVisit(passing(desk, lambda: False).tools, inbox, Visit.WHOLE).begin()
        copy, uid = desk.store.read.rows(
            "SELECT id, uid FROM mail_copy WHERE folder_id = ? ORDER BY uid LIMIT 1", (inbox.id,)
        )[0]
        archived.append(uid)
        triage.move(
            desk.store, Selection(copies=(copy,)), folder(desk, "Archiv").id, author="berg", now=now()
        )

    passing(desk, once_when(lambda: held(desk, "INBOX") >= 3, look_and_archive)).run()
    rows = desk.store.read.rows("SELECT uid FROM mail_copy WHERE folder_id = ?", (folder(desk, "INBOX").id,))
    assert archived
    assert archived[0] not in [uid for (uid,) in rows]


def test_a_folder_that_is_left_out_meanwhile_is_not_fetched_to_its_end(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(12)), folder="Archiv")

    def leave_out() -> None:
        others = desk.store.read.rows("SELECT path FROM folder WHERE name <> 'Archiv'")
        change_folders(desk.store, 1, FolderPlan(frozenset(path for (path,) in others)), now())

    report = passing(desk, once_when(lambda: held(desk, "Archiv") == 3, leave_out)).run()
    assert held(desk, "Archiv") < 12
    assert not any(one.error for one in report.folders)


def test_a_folder_that_was_away_for_a_moment_is_read_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deliver(*(mail(number) for number in range(9)), folder="Archiv")
    take, taken = FolderVisit._take, []

    def counted(self: FolderVisit, batch: object, *, going_on: bool = False) -> None:
        take(self, batch, going_on=going_on)  # type: ignore[arg-type]
        taken.extend(batch.mails if self.folder.name == "Archiv" else ())  # type: ignore[attr-defined]

    monkeypatch.setattr(FolderVisit, "_take", counted)

    def miss_it() -> None:
        source = spec_of(desk).open()
        listed = [one for one in source.folders() if one.name != "Archiv"]
        source.close()
        with desk.store.write() as tx:  # as a look at the inbox does when LIST leaves the folder out
            listing.take_listing(tx, 1, listed)

    passing(desk, once_when(lambda: len(taken) == 9, miss_it)).run()
    passing(desk, lambda: False)._remove_gone()
    desk.sync()
    assert len(desk.subjects("Archiv")) == 9


def test_wishes_of_the_first_go_stand(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deliver(mail(1))
    desk.sync()
    desk.deliver(mail(2))
    take = FolderVisit._take

    def wish(self: FolderVisit, batch: object, *, going_on: bool = False) -> None:
        with desk.store.write() as tx:
            sync_state.compare_again(tx, self.folder.id)
            tx.run("UPDATE mailbox SET fetch_days = 90")
            sync_state.fetch_again(tx, 1)
        take(self, batch, going_on=going_on)  # type: ignore[arg-type]

    monkeypatch.setattr(FolderVisit, "_take", wish)
    desk.sync()
    state = folder(desk, "INBOX").state
    assert (state.highestmodseq, state.complete) == (None, False)


def test_a_copy_that_was_moved_on_meanwhile_is_not_taken_for_lost(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(9)))
    desk.sync()
    desk.server.new_uidvalidity("INBOX", desk.user)
    moved: list[int] = []
    unbound = "SELECT id FROM mail_copy WHERE uid IS NULL AND folder_id = ? ORDER BY message_id"

    def waiting() -> list[tuple[int, ...]]:
        return desk.store.read.rows(unbound, (folder(desk, "INBOX").id,))

    def move_on() -> None:
        moved.append(waiting()[0][0])
        with desk.store.write() as tx:  # and carried out, by a server that tells no UID
            target = folder(desk, "Archiv").id
            tx.run("UPDATE mail_copy SET folder_id = ? WHERE id = ?", (target, moved[0]))

    passing(desk, once_when(lambda: bool(waiting()), move_on)).run()
    assert desk.store.read.value("SELECT count(*) FROM mail_copy WHERE id = ?", (moved[0],)) == 1


def test_flags_that_somebody_changes_on_all_mail_do_not_break_the_fetch(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(2_100)))
    source = spec_of(desk).open()
    source.select("INBOX")
    coming = source.fetch(list(range(1, 1_001)))
    next(coming)
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("1:*", "+FLAGS", "(\\Seen)"))
    assert len(list(coming)) == 999
    source.close()


def test_a_fetching_process_that_died_is_told_as_a_broken_connection(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_pass, "OWN_PROCESS_FROM", 1)
    desk.deliver(*(mail(number) for number in range(9)))
    with hired(spec_of(desk), 1) as team:
        assert team.is_ready(wait=True)
        for process in multiprocessing.active_children():
            process.kill()
            process.join()
        order = team.order("INBOX", uidvalidity(desk, "INBOX"), [1, 2, 3])
        with pytest.raises(Exception, match="fetching process ended"):
            list(order)


def test_a_server_that_tells_no_next_uid_loses_no_mail(store: Store, tmp_path: Path) -> None:
    modseq = 5

    def selected(_request: bytes) -> bytes:
        return b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [HIGHESTMODSEQ %d]\r\n" % modseq

    def fetched(request: bytes) -> bytes:
        if b"CHANGEDSINCE" in request.upper():
            return b"* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (6))\r\n"
        return honest(request)

    lies = {
        b"CAPABILITY": lambda _request: b"* CAPABILITY IMAP4rev1 CONDSTORE ENABLE\r\n",
        b"STATUS": lambda _request: (
            b"* STATUS INBOX (MESSAGES 2 UIDNEXT 3 UIDVALIDITY 7 UNSEEN 0 HIGHESTMODSEQ %d)\r\n" % modseq
        ),
        b"SELECT": selected,
        b"EXAMINE": selected,
        b"UID FETCH": fetched,
    }
    sync(store, tmp_path, lies)
    modseq = 6
    sync(store, tmp_path, lies)
    assert here(store) == [1, 2]
