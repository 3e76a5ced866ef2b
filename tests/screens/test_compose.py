"""Writing mail in the app: prefilled answers, drafts that survive, completion, sending and taking back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.domain.mail.outbox import OutState
from app.screens.compose.screen import ComposeScreen
from app.screens.dialogs.boxes import Confirm, MessageBox, Picker
from app.screens.mail.screen import MailScreen
from app.store.database import Store
from app.store.mail.mailboxes import add_mailbox
from tests.screens.office_desk import seated, writing
from tests.screens.rooms import texts
from tests.services.outbox.office import BERG, MAX, REQUEST, SILKE, Mailbox, Office


async def test_an_answer_begins_with_recipient_subject_signature_and_quote(office: Office):
    async with writing(office, "r") as seat:
        draft = seat.writing.draft()
        assert draft.to == (SILKE,)
        assert draft.subject == "AW: Anfrage Pumpen"
        assert draft.sender == BERG
        assert draft.body.startswith(
            "\n\n-- \nA. Berg\n\nAm 20.11.2026 um 08:41 schrieb Silke Berger:\n> Guten Tag,"
        )
        assert seat.app.focused is seat.writing.body
        assert seat.writing.body.cursor_location == (0, 0)


async def test_an_answer_to_all_shows_the_copies(office: Office):
    async with writing(office, "R") as seat:
        assert seat.writing.draft().cc == (MAX,)
        assert seat.writing.query_one("#row-cc").display
        assert not seat.writing.query_one("#row-bcc").display


async def test_a_mail_is_forwarded_in_the_text_or_as_an_attachment(office: Office):
    async with seated(office) as seat:
        await seat.until(lambda: seat.screen.current is not None)
        await seat.press("f")
        await seat.until(lambda: seat.shows(Picker))
        await seat.begin("enter")
        assert "was kosten die Pumpen?" in seat.writing.draft().body
        await seat.press("escape")
        await seat.until(lambda: seat.shows(MailScreen))
        await seat.press("f")
        await seat.until(lambda: seat.shows(Picker))
        await seat.begin("down", "enter")
        assert "Pumpen?" not in seat.writing.draft().body
        assert "Weiterleitung als Anhang" in seat.writing.query_one("#top").text
        (line,) = texts(seat, "#files")
        assert "Anfrage Pumpen" in line
        assert "die weitergeleitete Mail" in line
        seat.writing.files.focus()
        await seat.until(lambda: seat.writing.has_file_here())
        await seat.press("delete")
        await seat.until(lambda: "Ohne diese Mail" in "".join(texts(seat, "#keys")))
        assert texts(seat, "#files") == [line]


async def test_what_was_not_changed_leaves_no_draft(office: Office):
    async with writing(office, "r") as seat:
        await seat.press("escape")
        await seat.until(lambda: seat.shows(MailScreen))
        assert seat.rows == []


async def test_leaving_keeps_the_draft_and_says_so(office: Office):
    async with writing(office, "r") as seat:
        await seat.press(*"Hallo", "escape")
        await seat.until(lambda: seat.shows(MailScreen))
        assert "Der Entwurf bleibt im Postausgang" in seat.screen.query_one("#keys").text
        (row,) = seat.rows
        assert office.outbox.load(row.id)[1].body.startswith("Hallo\n\n-- \n")


async def test_an_answer_that_was_begun_is_offered_before_another_one_is(office: Office):
    async with writing(office, "r") as seat:
        await seat.press("D", "a", "n", "k", "e", "escape")
        await seat.until(lambda: seat.shows(MailScreen))
        await seat.press("R")
        await seat.until(lambda: seat.shows(Picker))
        await seat.begin("enter")
        assert seat.writing.draft().body.startswith("Danke")
        await seat.press("escape")
        await seat.until(lambda: seat.shows(MailScreen))
        await seat.press("r")
        await seat.until(lambda: seat.shows(Picker))
        await seat.begin("down", "enter")
        assert not seat.writing.draft().body.startswith("Danke")
        assert len(office.outbox.rows()) == 1


async def test_a_draft_is_saved_while_it_is_written_and_another_app_finds_it(office: Office, tmp_path: Path):
    async with writing(office, "r") as seat:
        await seat.press(*"Hallo")
        await seat.until(lambda: seat.rows)
        await seat.press(*" Frau")
        await seat.until(lambda: "Hallo Frau" in office.outbox.load(seat.rows[0].id)[1].body)
        assert len(seat.rows) == 1
        # What a killed process leaves behind is what another connection sees now.
        again = Store(tmp_path / "postkorb.db")
        other = Office.__new__(Office)
        other.__dict__.update(office.__dict__, store=again)
        async with seated(other) as second:
            await second.press("g", "o")
            await second.until(lambda: second.outbox.mails.current is not None)
            await second.begin("enter")
            assert second.writing.draft().body.startswith("Hallo Frau\n")
            assert second.writing.draft().to == (SILKE,)
        again.close()


async def test_ending_the_app_stores_what_was_just_typed(office: Office):
    async with writing(office, "r") as seat:
        await seat.press(*"Noch da", "ctrl+q")
        await seat.until(lambda: not seat.app.is_running)
    (row,) = office.outbox.rows()
    assert office.outbox.load(row.id)[1].body.startswith("Noch da\n")


async def test_ending_the_app_while_the_store_is_busy_loses_nothing(office: Office):
    release = threading.Event()
    async with writing(office, "r") as seat:
        seat.app.desk.write(release.wait)
        await seat.press(*"Noch da")
        seat.writing.keep()
        await seat.press(*", ganz", "ctrl+q")
        threading.Timer(0.2, release.set).start()
        await seat.until(lambda: not seat.app.is_running)
    (row,) = office.outbox.rows()
    assert office.outbox.load(row.id)[1].body.startswith("Noch da, ganz\n")


async def test_what_is_typed_while_a_mail_is_put_into_the_outbox_is_not_left_out(office: Office):
    release = threading.Event()
    async with writing(office, "r") as seat:
        seat.app.desk.write(release.wait)
        await seat.press(*"Gern", "f2", *"e", "f2", "escape")
        release.set()
        await seat.until(lambda: "Entwurf" in seat.writing.query_one("#keys").text)
        assert seat.shows(ComposeScreen)
        assert seat.states == [OutState.DRAFT]
        await seat.press("f2")
        await seat.until(lambda: seat.shows(MailScreen))
        assert office.outbox.load(seat.rows[0].id)[1].body.startswith("Gerne\n")
        assert seat.states == [OutState.WAITING]


async def test_a_mail_waits_and_one_key_takes_it_back_into_the_editor(office: Office):
    async with writing(office, "r") as seat:
        await seat.press(*"Gern", "f2")
        await seat.until(lambda: seat.shows(MailScreen))
        assert seat.states == [OutState.WAITING]
        assert (seat.rows[0].due - office.now).total_seconds() == 10
        assert "Wird in 10 s gesendet – u nimmt zurück" in seat.screen.query_one("#keys").text
        await seat.until(lambda: "1 wartet" in seat.screen.query_one("#top").text)
        await seat.begin("u")
        assert seat.states == [OutState.DRAFT]
        assert seat.writing.draft().body.startswith("Gern\n")


async def test_once_its_time_is_over_undo_is_about_triage_again(office: Office):
    async with writing(office, "r") as seat:
        await seat.press(*"Gern", "f2")
        await seat.until(lambda: seat.shows(MailScreen))
        office.later(seconds=11)
        await seat.press("u")
        await seat.until(lambda: "Nichts rückgängig zu machen" in "".join(texts(seat, "#keys")))
        assert seat.states == [OutState.WAITING]


async def test_a_step_after_sending_is_what_undo_takes_back(office: Office):
    async with writing(office, "r") as seat:
        await seat.press(*"Gern", "f2")
        await seat.until(lambda: seat.shows(MailScreen))
        await seat.press("i")
        await seat.until(lambda: not seat.screen.can_take_back())
        await seat.press("u")
        await seat.until(lambda: seat.screen.current and not seat.screen.current.flagged)
        assert seat.states == [OutState.WAITING]


async def test_a_forgotten_attachment_is_asked_about_once(office: Office):
    async with writing(office, "r") as seat:
        await seat.press(*"siehe Anhang", "f2")
        await seat.until(lambda: seat.shows(Confirm))
        await seat.press("escape")
        await seat.until(lambda: seat.shows(ComposeScreen))
        assert seat.states == [OutState.DRAFT]
        await seat.press("f2")
        await seat.until(lambda: seat.shows(Confirm))
        await seat.press("enter")
        await seat.until(lambda: seat.shows(MailScreen))
        assert seat.states == [OutState.WAITING]


async def test_a_wrong_address_keeps_the_mail_and_the_cursor_goes_there(office: Office):
    async with writing(office, "r") as seat:
        await seat.press("f4", *"halb@", "f2")
        await seat.until(lambda: seat.shows(MessageBox))
        assert "Diese Adresse ist ungültig: halb@" in str(seat.app.screen.query_one("#line").content)
        await seat.press("enter")
        await seat.until(lambda: seat.app.focused is seat.writing.field("cc"))
        assert seat.states == [OutState.DRAFT]


async def test_a_mailbox_that_cannot_send_says_so_in_german(office: Office):
    with office.store.write() as tx:
        tx.run("UPDATE mailbox SET outgoing = ''")
    async with writing(office, "r") as seat:
        await seat.press(*"Gern", "f2")
        await seat.until(lambda: seat.shows(MessageBox))
        assert "keinen Postausgangsserver" in str(seat.app.screen.query_one("#line").content)


async def test_no_line_break_gets_into_the_subject(office: Office):
    from textual.events import Paste

    async with writing(office, "w") as seat:
        field = seat.writing.field("subject")
        field.focus()
        field.post_message(Paste("Angebot\r\nBcc: geheim@x.example"))
        await seat.until(lambda: field.value)
        assert seat.writing.draft().subject == "Angebot"
        field.value = "Angebot\r\nBcc: geheim@x.example\x1b[2J"
        assert not set("\r\n\x1b") & set(seat.writing.draft().subject)


async def test_text_that_is_pasted_cannot_reach_the_terminal(office: Office):
    from textual.events import Paste

    async with writing(office, "r") as seat:
        seat.writing.body.post_message(Paste("eins\x1b]0;x\x07\u202e\r\nzwei"))
        await seat.until(lambda: "zwei" in seat.writing.body.text)
        assert not set("\x1b\x07\r\u202e") & set(seat.writing.body.text)


async def test_addresses_of_past_mail_are_completed(office: Office):
    async with writing(office, "w") as seat:
        await seat.press(*"silk")
        await seat.until(lambda: seat.writing.is_offering)
        await seat.press("tab")
        assert seat.writing.field("to").value == "Silke Berger <silke@vogel.example>, "
        await seat.press(*"max")
        await seat.until(lambda: seat.writing.is_offering)
        await seat.press("enter", "tab")
        assert seat.writing.draft().to == (SILKE, MAX)
        assert seat.writing.field("to").value.endswith("max@vogel.example>")
        assert seat.app.focused is seat.writing.field("subject")


async def test_escape_closes_the_offer_and_not_the_mail(office: Office):
    async with writing(office, "w") as seat:
        await seat.press(*"ber")
        await seat.until(lambda: seat.writing.is_offering)
        await seat.press("escape")
        assert not seat.writing.is_offering
        assert seat.shows(ComposeScreen)


@pytest.mark.parametrize("keys", ["r", "f"])
async def test_an_answer_in_which_nothing_was_written_is_asked_about_once(office: Office, keys: str):
    async with seated(office) as seat:
        await seat.until(lambda: seat.screen.current is not None)
        if keys == "f":
            await seat.press("f")
            await seat.until(lambda: seat.shows(Picker))
            await seat.begin("enter")
            seat.writing.field("to").value = "max@vogel.example"
        else:
            await seat.begin("r")
        await seat.press("f2")
        await seat.until(lambda: seat.shows(Confirm))
        assert "Sie haben nichts geschrieben." in str(seat.app.screen.query_one("#line").content)
        await seat.press("escape")
        await seat.until(lambda: seat.app.focused is seat.writing.body)
        assert seat.states == [OutState.DRAFT]
        await seat.press("f2")
        await seat.until(lambda: seat.shows(Confirm))
        await seat.press("enter")
        await seat.until(lambda: seat.shows(MailScreen))
        assert seat.states == [OutState.WAITING]


async def test_another_sender_brings_the_signature_of_its_mailbox(office: Office):
    with office.store.write() as tx:
        add_mailbox(
            tx, Mailbox("service", "service@nordholz.example", "imap://x.example", signature="Service")
        )
    async with writing(office, "r") as seat:
        await seat.press("f5")
        await seat.until(lambda: seat.shows(Picker))
        await seat.press(*"service", "enter")
        await seat.until(lambda: seat.writing.draft().sender.address == "service@nordholz.example")
        assert "-- \nService\n" in seat.writing.body.text
        assert "A. Berg" not in seat.writing.body.text


async def test_a_draft_that_was_sent_elsewhere_is_kept_as_a_new_one(office: Office):
    async with writing(office, "r") as seat:
        await seat.press(*"Eins", "ctrl+s")
        await seat.until(lambda: seat.rows)
        office.outbox.queue(seat.rows[0].id, 10)
        await seat.press(*" zwei", "escape")
        await seat.until(lambda: seat.shows(MailScreen))
        assert sorted(seat.states) == [OutState.DRAFT, OutState.WAITING]


async def test_throwing_a_draft_away_is_asked(office: Office):
    async with writing(office, "r") as seat:
        await seat.press(*"Eins", "ctrl+s")
        await seat.until(lambda: seat.rows)
        await seat.press("f8", "enter")
        await seat.until(lambda: seat.shows(MailScreen))
        assert seat.rows == []


async def test_a_hostile_subject_is_shown_clean(office: Office):
    office.receive(
        REQUEST.replace(b"Anfrage Pumpen", b"=?utf-8?b?G1syShtdMDt4B0hhbGxv?=").replace(b"anfrage@", b"b@"), 2
    )
    async with writing(office, "r") as seat:
        assert not set("\x1b\x07") & set(seat.writing.field("subject").value)


async def test_the_way_to_the_first_screen_imports_nothing_of_writing():
    import subprocess
    import sys

    code = (
        "import sys, app.app, app.screens.mail.screen, app.services.reading.reader;"
        "print([m for m in sys.modules if m.startswith(('app.screens.compose.screen', 'app.services.outbox', 'app.screens.outbox'))"
        " or m == 'textual.widgets._text_area'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
