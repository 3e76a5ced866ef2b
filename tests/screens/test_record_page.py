"""The page of one contact, lead, task or opportunity, on a real store."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.mail.triage import Selection
from app.screens.compose.screen import ComposeScreen
from app.screens.dialogs.boxes import MessageBox, Picker, TextPrompt
from app.screens.dialogs.file import FileDialog
from app.screens.mail.screen import MailScreen
from app.screens.records.boxes import CallForm, NoteBox, TextBox
from app.screens.records.form import RecordForm
from app.screens.records.known import open_page
from app.screens.records.page import RecordPage
from app.services import triage
from app.services.crm import history
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.store.database import Store
from tests.screens.card_index import fill, go, shown, type_into
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.screens.rooms import opened_on

_KINDS = {"c": Kind.CONTACT, "l": Kind.LEAD}


async def on_page(seat: Seat, letter: str) -> RecordPage:
    """Open the page of the first contact or lead."""
    open_page(seat.screen, RecordRow(_KINDS[letter], 1, ""))
    return await arrived(seat)


async def arrived(seat: Seat, kind: Kind | None = None) -> RecordPage:
    """Wait until a page is there and filled."""
    await seat.until(lambda: isinstance(seat.app.screen, RecordPage) and seat.app.screen.is_whole())
    page = seat.app.screen
    assert isinstance(page, RecordPage)
    await seat.until(lambda: page.line)
    assert kind is None or page.kind is kind
    return page


async def into(seat: Seat, kind: type, *keys: str) -> Any:
    """Press keys that lead to a dialog or a place."""
    await seat.press(*keys)
    await seat.until(lambda: isinstance(seat.app.screen, kind))
    return seat.app.screen


async def put_cursor(seat: Seat, words: str) -> None:
    """Go to the line of the list that says this."""
    page = seat.app.screen
    assert isinstance(page, RecordPage)
    await seat.until(lambda: words in shown(seat))
    place = next(
        i for i, line in enumerate(page.table.lines) if words in " ".join(c.text for c in line.cells)
    )
    page.table.go(place)


def linked_to_lead(store: Store) -> None:
    """Link a mail with the lead."""
    mail = store.read.value("SELECT id FROM mail_copy ORDER BY id DESC LIMIT 1")
    triage.link(store, Selection(copies=(mail,)), Kind.LEAD, 1, author="berg", now=NOW)


async def test_a_contact_shows_its_fields_what_belongs_to_it_and_its_mails(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await on_page(seat, "c")
        fields = shown(seat, "#fields")
        for words in ("K-1047", "0711 555 01", "Pumpen, Messe", "Öhringen", "silke.berger@vogel.example"):
            assert words in fields
        for words in ("Vogel 2027", "Angebot nachfassen", "Verlauf", "Anfrage 2"):
            assert words in shown(seat)
        await put_cursor(seat, "Anfrage 2")
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
        await seat.until(lambda: seat.screen.mails.total == 1 and "Anfrage 2" in seat.shown[0])


async def test_the_page_of_a_lead_tells_the_essentials_at_80_columns(store: Store) -> None:
    fill(store)
    linked_to_lead(store)
    async with opened_on(store) as seat:
        await on_page(seat, "l")
        fields = shown(seat, "#fields")
        for words in (
            "Silke Berger",
            "0711 555 01",
            "silke.berger@vogel.example",
            "12.500 €",
            "anrufen",
            "24.11.2026",
        ):
            assert words in fields
        assert "Anfrage" in shown(seat)


async def test_what_belongs_to_a_contact_is_opened_from_its_page_and_back(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        contact = await on_page(seat, "c")
        await put_cursor(seat, "Vogel 2027")
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is not contact)
        await arrived(seat, Kind.LEAD)
        await seat.press("q")
        await seat.until(lambda: seat.app.screen is contact)


async def test_of_much_that_belongs_to_it_the_rest_is_chosen_from_a_list(store: Store) -> None:
    fill(store)
    for number in range(6):
        crm.create(store, Kind.LEAD, {"title": f"Lead {number}", "contact_id": 1}, author="berg", now=NOW)
    async with opened_on(store) as seat:
        await on_page(seat, "c")
        await put_cursor(seat, "weitere")
        await into(seat, Picker, "enter")
        await seat.press(*"Lead 5", "enter")
        await seat.until(
            lambda: isinstance(seat.app.screen, RecordPage) and seat.app.screen.kind is Kind.LEAD
        )


async def test_a_note_is_written_read_whole_and_mentions(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await on_page(seat, "l")
        await into(seat, NoteBox, "n")
        await seat.press(*"will Angebot", "ctrl+j", *"@berg eilt", "enter")
        await seat.until(lambda: "will Angebot @berg eilt" in shown(seat))
        box = await into(seat, TextBox, "enter")
        assert [strip.text.strip() for strip in _drawn(box)] == ["will Angebot", "@berg eilt"]
        await into(seat, RecordPage, "escape")
    assert store.read.rows("SELECT login, kind, record_id FROM mention") == [("berg", "lead", 1)]


def _drawn(box: TextBox) -> list[Any]:
    pane = box.query("_Text").first()
    return [pane.render_line(y) for y in range(pane.size.height)]


async def test_a_long_hostile_note_is_shown_harmless_and_can_be_scrolled_to_its_end(store: Store) -> None:
    fill(store)
    text = (
        "\x1b[31mrot\x1b[2J \u202egnp\n" + "\n".join(f"Zeile {n}" for n in range(500)) + "\n" + "ä" * 10_000
    )
    history.note(store, Kind.LEAD, 1, text, author="berg", now=NOW)
    async with opened_on(store) as seat:
        await on_page(seat, "l")
        await seat.until(lambda: "rot" in shown(seat))
        assert "\x1b" not in shown(seat)
        box = await into(seat, TextBox, "enter")
        assert "\x1b" not in "".join(strip.text for strip in _drawn(box))
        for _page in range(60):
            await seat.press("pagedown")
        assert "ä" * 60 in _drawn(box)[-1].text


async def test_what_was_typed_is_there_again_when_it_is_refused(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await on_page(seat, "l")
        await into(seat, NoteBox, "n")
        with store.write() as tx:
            tx.run("INSERT INTO member (login, name, role) VALUES ('chef', 'Chef', 'admin')")
            tx.run("UPDATE member SET role = 'privacy' WHERE login = 'berg'")
        await seat.press(*"wichtig")
        await into(seat, MessageBox, "enter")
        box = await into(seat, NoteBox, "enter")
        assert box.query_one("#note").text == "wichtig"  # type: ignore[attr-defined]
    assert store.read.value("SELECT count(*) FROM history_entry WHERE event = 'note'") == 0


async def test_a_call_is_logged_with_its_outcome_and_the_next_one_becomes_a_follow_up(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await on_page(seat, "l")
        await into(seat, CallForm, "p")
        await seat.press("space", "tab", *"gestern", "enter")
        assert type(seat.app.screen) is CallForm
        await type_into(seat, again="+3 14:30", text="Sekretariat")
        await seat.until(lambda: "nicht erreicht, wieder am" in shown(seat))
        assert "Anrufen: Vogel 2027" in shown(seat)
    task = store.read.row("SELECT kind, lead_id, contact_id, assignee FROM task ORDER BY id DESC LIMIT 1")
    assert task == ("follow_up", 1, 1, "berg")


async def test_a_document_is_added_by_its_path_and_saved_again(store: Store, tmp_path: Path) -> None:
    fill(store)
    (tmp_path / "plan.bin").write_bytes(b"\0\1")
    (tmp_path / "text.txt").write_text("Grüße")
    saved = tmp_path / "neu"
    async with opened_on(store, downloads=saved) as seat:
        await on_page(seat, "l")
        for name in ("text.txt", "plan.bin"):
            dialog = await into(seat, FileDialog, "D")
            dialog.field.value = str(tmp_path / name)
            await seat.until(lambda dialog=dialog: dialog.is_fitting)
            await into(seat, RecordPage, "enter")
            await seat.until(lambda name=name: name in shown(seat))
        await put_cursor(seat, "plan.bin")
        await into(seat, TextPrompt, "enter")
        await seat.press("enter")
        await seat.until(lambda: (saved / "plan.bin").exists())
        await put_cursor(seat, "text.txt")
        await into(seat, Picker, "enter")
        box = await into(seat, TextBox, "enter")
        assert _drawn(box)[0].text.strip() == "Grüße"


async def test_a_folder_is_no_document_and_the_rep_may_choose_again(store: Store, tmp_path: Path) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await on_page(seat, "l")
        dialog = await into(seat, FileDialog, "D")
        dialog.field.value = str(tmp_path / "missing.pdf")
        await seat.until(lambda: dialog.is_fitting)
        await into(seat, MessageBox, "enter")
        await into(seat, FileDialog, "enter")
    assert store.read.value("SELECT count(*) FROM document") == 0


async def test_tasks_and_follow_ups_belong_to_the_lead_and_its_contact(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await on_page(seat, "l")
        await into(seat, RecordForm, "t")
        await type_into(seat, title="Preise prüfen", due_on="+2")
        await seat.until(lambda: "Preise prüfen" in shown(seat))
        await into(seat, RecordForm, "b")
        await type_into(seat, due_on="gestern")
        assert type(seat.app.screen) is RecordForm
        await type_into(seat, due_on="+7")
        await into(seat, RecordPage)
        await seat.until(lambda: store.read.value("SELECT count(*) FROM task") == 5)
    rows = store.read.rows("SELECT kind, lead_id, contact_id FROM task ORDER BY id DESC LIMIT 2")
    assert rows == [("follow_up", 1, 1), ("task", 1, 1)]


async def test_a_mail_is_begun_to_the_contact_and_knows_the_lead(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await on_page(seat, "l")
        screen = await into(seat, ComposeScreen, "w")
        await seat.until(lambda: screen.query("#to"))
        assert screen.field("to").value == "Silke Berger <silke.berger@vogel.example>"
        assert [(link.kind, link.record_id, link.author) for link in screen.draft().about] == [
            (Kind.LEAD, 1, "berg")
        ]


async def test_thousands_of_entries_are_read_by_the_screenful(store: Store) -> None:
    fill(store)
    with store.write() as tx:
        tx.run_many(
            "INSERT INTO history_entry (kind, record_id, at, author, event, text) VALUES ('lead', 1, ?, 'berg', 'note', ?)",
            [(int(NOW.timestamp()) + n, f"Notiz {n}") for n in range(1, 5001)],
        )
    async with opened_on(store) as seat:
        page = await on_page(seat, "l")
        assert "Notiz 5000" in shown(seat)
        await seat.press("G")
        await seat.until(lambda: page.line is not None and "Notiz 2" in shown(seat))
        assert len(page.table.lines) < 500
        middle = page.table.total - 2500
        page.table.go(middle)
        await seat.until(lambda: page.line is not None)
        before = page.line
        history.note(store, Kind.LEAD, 1, "ganz neu", author="berg", now=NOW.replace(year=2027))
        await seat.until(lambda: page.table.cursor == middle + 1)
        assert page.line is not None
        assert before is not None
        assert page.line.key == before.key


async def test_a_late_answer_about_a_record_does_not_take_the_place_of_a_newer_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services.crm import page

    fill(store)
    held, first, asked = threading.Event(), threading.Lock(), threading.Event()
    read_page = page.read_page

    def slow_at_first(*about: Any, **by: Any) -> page.Page:
        found = read_page(*about, **by)
        if first.acquire(blocking=False):
            asked.set()
            assert held.wait(30)
        return found

    async with opened_on(store) as seat:
        await go(seat, "c")
        monkeypatch.setattr(page, "read_page", slow_at_first)
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordPage) and asked.is_set())
        number = store.read.value("SELECT id FROM contact WHERE last_name = 'Berger'")
        change(store, Kind.CONTACT, number, {"customer_number": "K-2000"}, author="berg", now=NOW)
        await seat.until(lambda: "K-2000" in shown(seat, "#fields"))
        held.set()
        await seat.quiet()
        assert "K-2000" in shown(seat, "#fields")
        assert "K-1047" not in shown(seat, "#fields")
