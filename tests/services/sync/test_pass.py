"""What happens on the server arrives, whatever the server can do; nothing twice, nothing lost."""

from __future__ import annotations

import pytest

from app.store.mail.processed import refresh_processed
from app.store.sync import operations
from tests.servers.dovecot import ok
from tests.services.sync.conftest import Desk, mail


def test_a_first_sync_takes_everything_and_a_second_one_nothing(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(30)))
    desk.deliver(mail(90), folder="Gesendet", flags=("\\Seen",))
    first = desk.sync()
    assert (first["INBOX"].new, first["Gesendet"].new) == (30, 1)
    again = desk.sync()
    assert sum(folder.new + folder.changed + folder.gone for folder in again.values()) == 0
    assert desk.subjects() == [f"Anfrage {number:04}" for number in range(30)]


def test_new_mail_changed_flags_and_expunges_arrive(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(10)))
    desk.sync()
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("1,2", "+FLAGS", "(\\Seen)"))
        ok(elsewhere.store("3", "+FLAGS", "(\\Flagged \\Answered)"))
        ok(elsewhere.store("4:5", "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())
    desk.deliver(mail(70))
    report = desk.sync()["INBOX"]
    assert (report.new, report.changed, report.gone) == (1, 3, 2)
    assert desk.subjects() == [f"Anfrage {number:04}" for number in (0, 1, 2, 5, 6, 7, 8, 9, 70)]
    flags = desk.store.read.row("SELECT sum(seen), sum(flagged), sum(answered) FROM mail_copy")
    assert flags == (2, 1, 1)


def test_a_move_made_elsewhere_keeps_what_a_person_did(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    message = desk.store.read.value("SELECT id FROM message WHERE subject = 'Anfrage 0001'")
    _link(desk, message)
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.copy("1", "Archiv"))
        ok(elsewhere.store("1", "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())
    desk.sync()
    assert desk.subjects() == ["Anfrage 0002"]
    assert desk.subjects("Archiv") == ["Anfrage 0001"]
    assert desk.store.read.value("SELECT message_id FROM link") == message
    assert desk.store.read.value("SELECT sum(unprocessed) FROM mail_copy") == 1


def test_a_new_uidvalidity_makes_no_doubles_and_loses_no_link(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(12)))
    desk.sync()
    before = desk.store.read.rows("SELECT id, message_id FROM mail_copy ORDER BY id")
    _link(desk, before[3][1])
    desk.server.new_uidvalidity(user=desk.user)
    desk.sync()
    assert desk.store.read.rows("SELECT id, message_id FROM mail_copy ORDER BY id") == before
    assert desk.store.read.value("SELECT count(*) FROM link") == 1
    assert desk.store.read.value("SELECT count(*) FROM mail_copy WHERE uid IS NULL") == 0


def test_a_mail_that_went_with_the_old_uidvalidity_is_gone_here_too(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("1", "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())
    desk.server.new_uidvalidity(user=desk.user)
    desk.sync()
    assert desk.subjects() == ["Anfrage 0002"]


def test_a_mail_expunged_for_good_goes_with_its_words_unless_it_is_linked(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    _link(desk, desk.store.read.value("SELECT id FROM message WHERE subject = 'Anfrage 0001'"))
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("1:2", "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())
    desk.sync()
    assert desk.subjects() == []
    assert [row[0] for row in desk.store.read.rows("SELECT subject FROM message")] == ["Anfrage 0001"]
    assert desk.store.read.value("SELECT count(*) FROM message_source") == 1


def test_mail_marked_deleted_elsewhere_leaves_and_comes_back_when_the_mark_goes(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("1", "+FLAGS", "(\\Deleted)"))
        assert desk.sync()["INBOX"].gone == 1
        assert desk.subjects() == ["Anfrage 0002"]
        assert desk.sync()["INBOX"].gone == 0
        ok(elsewhere.store("1", "-FLAGS", "(\\Deleted)"))
    desk.sync()
    assert desk.subjects() == ["Anfrage 0001", "Anfrage 0002"]


def test_folders_with_difficult_names_are_read(desk: Desk) -> None:
    names = {"Auftr&AOQ-ge": "Aufträge", 'Er sagte "ja"': 'Er sagte "ja"', "Kunden/S&APw-d": "Kunden/Süd"}
    desk.server.create(*names, user=desk.user)
    for number, path in enumerate(names):
        desk.deliver(mail(number), folder=path)
    reports = desk.sync()
    assert all(reports[name].new == 1 for name in names.values())


def test_a_folder_that_went_leaves_the_list_and_its_linked_mail_stays(desk: Desk) -> None:
    desk.server.create("Messe", user=desk.user)
    desk.deliver(mail(1), folder="Messe")
    desk.sync()
    _link(desk, desk.store.read.value("SELECT id FROM message"))
    with desk.server.client(desk.user) as elsewhere:
        ok(elsewhere.delete("Messe"))
    assert "Messe" not in desk.sync()
    assert desk.store.read.value("SELECT count(*) FROM link") == 1


@pytest.mark.parametrize("days", [1])
def test_only_mail_of_the_wanted_days_is_fetched_but_all_that_comes_later(desk: Desk, days: int) -> None:
    with desk.store.write() as tx:
        tx.run("UPDATE mailbox SET fetch_days = ?", (days,))
    desk.server.deliver(mail(1), arrived=_long_ago(), user=desk.user)
    desk.sync()
    desk.server.deliver(mail(2), arrived=_long_ago(), user=desk.user)
    assert desk.sync()["INBOX"].new == 1
    assert desk.subjects() == ["Anfrage 0002"]
    again = desk.sync()["INBOX"]
    assert (again.new, again.gone) == (0, 0)


def test_a_later_mail_of_a_linked_thread_arrives_linked(desk: Desk) -> None:
    desk.deliver(mail(1))
    desk.sync()
    _link(desk, desk.store.read.value("SELECT id FROM message"))
    desk.deliver(mail(2, references="<1@vogel.example>"))
    assert desk.sync()["INBOX"].linked == 1
    assert desk.store.read.value("SELECT sum(unprocessed) FROM mail_copy") == 0
    assert not operations.has_waiting(desk.store.read, 1)


def _link(desk: Desk, message: int) -> None:
    with desk.store.write() as tx:
        contact = tx.value("INSERT INTO contact (last_name) VALUES ('Berger') RETURNING id")
        tx.run(
            "INSERT INTO link (message_id, kind, record_id, origin) VALUES (?, 'contact', ?, 'person')",
            (message, contact),
        )
        refresh_processed(tx, [message])


def _long_ago() -> object:
    from datetime import UTC, datetime

    return datetime(2025, 1, 2, tzinfo=UTC)
