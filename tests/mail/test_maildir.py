"""A Maildir is read and changed as the specification says, keeps its UIDs, and tells what others did to it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.mail import Flags, Role
from app.mail.errors import CommandRefused, ConnectionLost, FolderMissing, MailError
from app.mail.maildir import files
from app.mail.maildir import index as maildir_index
from app.mail.maildir import source as maildir_source
from app.mail.maildir.source import MaildirSource
from app.mail.open import open_source
from app.mail.source import Since
from tests.mail.conftest import letter, when
from tests.mail.test_imap_idle import When


@dataclass
class Box:
    """A Maildir and the means to do to it what other programs do."""

    root: Path
    state: Path
    opened: list[MaildirSource] = field(default_factory=list)

    def open(self) -> MaildirSource:
        self.opened.append(MaildirSource(self.root, self.state))
        return self.opened[-1]

    def put(self, name: str, raw: bytes = letter(), folder: str = ".", time: float = 1_800_000_000) -> Path:
        directory = self.root / folder
        for part in ("cur", "new", "tmp"):
            (directory / part).mkdir(parents=True, exist_ok=True)
        path = directory / name
        path.write_bytes(raw)
        os.utime(path, (time, time))
        return path

    def names(self, folder: str = ".") -> list[str]:
        directory = self.root / folder
        return sorted(
            f"{part}/{name}" for part in ("cur", "new", "tmp") for name in os.listdir(directory / part)
        )


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    box = Box(tmp_path / "Mail", tmp_path / "state")
    for part in ("cur", "new", "tmp"):
        (box.root / part).mkdir(parents=True)
    yield box
    for source in box.opened:
        source.close()


def known(source: MaildirSource, path: str = ".") -> Since:
    status = source.select(path).status
    return Since(status.uidvalidity, status.highestmodseq, status.uidnext)


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


FOLDERS = {
    ".": ("INBOX", Role.INBOX),
    ".Gesendet": ("Gesendet", Role.SENT),
    ".Entw&APw-rfe": ("Entwürfe", Role.DRAFTS),
    ".Kunden.S&APw-d": ("Kunden/Süd", Role.NONE),
    ".Trash": ("Trash", Role.TRASH),
}


def test_maildir_plus_plus_folders_are_found(box: Box) -> None:
    for folder in FOLDERS:
        box.put("new/1.x", folder=folder)
    (box.root / ".notmuch").mkdir()
    (box.root / "dovecot-uidlist").touch()
    source = box.open()
    assert {folder.path: (folder.name, folder.role) for folder in source.folders()} == FOLDERS
    assert all(folder.selectable for folder in source.folders())
    assert [status.messages for status in source.statuses(source.folders()).values()] == [1] * len(FOLDERS)


def test_nested_folders_are_found(tmp_path: Path) -> None:
    box = Box(tmp_path / "Mail", tmp_path / "state")
    for folder in ("INBOX", "Kunden/Müller & Söhne", "Kunden/Süd/Ulm", "Gesendete Objekte", "INBOX/.Archiv"):
        box.put("new/1.x", folder=folder)
    (box.root / "Kunden" / "Süd" / "Ulm" / "Kreis").symlink_to(box.root)
    (box.root / "leer" / "leer").mkdir(parents=True)
    source = box.open()
    told = {folder.name: (folder.role, folder.selectable) for folder in source.folders()}
    assert told == {
        "INBOX": (Role.INBOX, True),
        "INBOX/Archiv": (Role.ARCHIVE, True),
        "Gesendete Objekte": (Role.SENT, True),
        "Kunden": (Role.NONE, False),
        "Kunden/Müller & Söhne": (Role.NONE, True),
        "Kunden/Süd": (Role.NONE, False),
        "Kunden/Süd/Ulm": (Role.NONE, True),
    }
    for folder in source.folders():
        assert folder.path.isascii()
        if folder.selectable:
            assert source.select(folder.path).status.messages == 1
    source.close()


def test_a_directory_name_that_is_no_text_works(box: Box) -> None:
    directory = os.fsencode(box.root) + b"/.Gr\xfc\xdfe"
    for part in (b"cur", b"new"):
        os.makedirs(directory + b"/" + part)
    with open(directory + b"/new/1.\xff", "wb") as file:
        file.write(letter())
    source = box.open()
    (folder,) = [folder for folder in source.folders() if folder.path != "."]
    folder.name.encode()
    assert source.select(folder.path).status.messages == 1
    source.change_flags([1], ["\\Seen"], [])
    assert [mail.flags for mail in source.fetch([1])] == [Flags(seen=True)]


@pytest.mark.parametrize(
    "path", ["..", "../x", "%2e%2e", "a/../../x", "/etc", "%2Fetc", "a%00b", "Fehlt", "", "./."]
)
def test_no_path_leaves_the_maildir(box: Box, path: str) -> None:
    for part in ("cur", "new"):
        (box.root.parent / "x" / part).mkdir(parents=True)
    source = box.open()
    with pytest.raises(FolderMissing):
        source.select(path)
    with pytest.raises(FolderMissing):
        source.append(path, letter(), [], when())


@pytest.mark.parametrize(
    ("nested", "directory"), [(False, ".Kunden.S&APw-d & Co"), (True, "Kunden/Süd & Co")]
)
def test_a_created_folder_fits_into_the_tree(box: Box, nested: bool, directory: str) -> None:
    if nested:
        for part in ("cur", "new", "tmp"):
            (box.root / part).rmdir()
    source = box.open()
    path = source.create_folder("Kunden/Süd & Co")
    assert (box.root / directory.replace("& ", "&- " if not nested else "& ") / "tmp").is_dir()
    assert path in {folder.path for folder in source.folders() if folder.name == "Kunden/Süd & Co"}
    assert source.create_folder("Kunden/Süd & Co") == path
    assert source.append(path, letter(), [], when()) == 1


@pytest.mark.parametrize("name", ["", "a//b", "..", "a/../b", "\x1b", "cur", "a\nb", ".x"])
def test_a_name_that_no_folder_should_have_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "Mail").mkdir()
    source = MaildirSource(tmp_path / "Mail", tmp_path / "state")
    with pytest.raises(BadInput):
        source.create_folder(name)
    assert list(tmp_path.rglob("cur")) == []
    source.close()


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


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maildir_source, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(maildir_source, "TICK", 0.02)


def arrive(box: Box) -> None:
    box.put("new/9.x")


def reflag(box: Box) -> None:
    (box.root / "new" / "1.x").rename(box.root / "cur" / "1.x:2,S")


def vanish(box: Box) -> None:
    (box.root / "new" / "1.x").unlink()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("happening", [arrive, reflag, vanish])
def test_what_happens_elsewhere_ends_the_waiting(box: Box, happening: Callable[[Box], None]) -> None:
    box.put("new/1.x")
    source = box.open()
    source.select(".")
    assert source.idle(30, When(lambda: happening(box))) is True
    source.select(".")
    assert source.idle(0.01, threading.Event()) is False


@pytest.mark.usefixtures("impatient")
def test_waiting_stops_when_told_or_interrupted(box: Box) -> None:
    source = box.open()
    source.select(".")
    stop = When()
    stop._deeds.append(stop.set)
    assert source.idle(600, stop) is False
    with pytest.raises(ConnectionLost):
        source.idle(600, When(source.interrupt))


def test_a_missing_maildir_and_a_closed_one_are_told(box: Box, tmp_path: Path) -> None:
    with pytest.raises(FolderMissing):
        MaildirSource(tmp_path / "fehlt", box.state)
    source = box.open()
    source.close()
    with pytest.raises(ConnectionLost):
        source.folders()


def test_an_index_that_cannot_be_read_is_told(box: Box) -> None:
    source = box.open()
    (file,) = box.state.iterdir()
    source.close()
    file.write_bytes(b"kein Index" * 1000)
    with pytest.raises(MailError):
        box.open()


def test_a_folder_that_vanished_is_told(box: Box) -> None:
    source = box.open()
    path = source.create_folder("Kunden")
    folders = source.folders()
    shutil.rmtree(box.root / ".Kunden")
    assert set(source.statuses(folders)) == {"."}
    with pytest.raises(FolderMissing):
        source.select(path)
    assert source.select(".").status.messages == 0


def test_a_maildir_is_opened_by_its_address(box: Box) -> None:
    box.put("new/1.x")
    source = open_source(f"maildir://{box.root}", state_dir=box.state)
    assert source.select(".").status.messages == 1
    source.close()


def test_a_maildir_can_be_tried_without_leaving_a_trace(box: Box) -> None:
    box.put("new/1.x")
    source = open_source(f"maildir://{box.root}")
    assert source.select(".").status.messages == 1
    assert [mail.raw for mail in source.fetch([1])] == [letter()]
    source.close()
    assert not box.state.exists()


STEPS = st.lists(
    st.tuples(st.sampled_from(["arrive", "read", "remove", "look", "restart"]), st.integers(0, 9)),
    max_size=25,
)


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
