"""Files that go with a mail: attached by their path, shown, taken away; the dialog that asks for them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.domain.mail.compose import Attachment
from app.screens.compose.screen import ComposeScreen
from app.screens.dialogs.boxes import MessageBox
from app.screens.dialogs.file import FileDialog, matching
from app.screens.mail.screen import MailScreen
from app.widgets.choices import Choice
from tests.screens.office_desk import OfficeSeat, writing
from tests.screens.rooms import texts
from tests.services.outbox.office import Office


async def test_files_are_attached_by_their_path_and_removed(office: Office, tmp_path: Path):
    folder = tmp_path / "Ablage"
    folder.mkdir()
    (folder / "Angebot.pdf").write_bytes(b"%PDF")
    async with writing(office, "r") as seat:
        await seat.press("f3")
        await seat.until(lambda: seat.shows(FileDialog))
        seat.app.screen.query_one("Field").value = f"{tmp_path}/Abl"
        await seat.until(lambda: len(seat.app.screen.query_one("Choices").choices) == 1)
        await seat.press("tab")
        await seat.until(
            lambda: [c.title for c in seat.app.screen.query_one("Choices").choices] == ["Angebot.pdf"]
        )
        await seat.press("enter")
        await seat.until(lambda: seat.shows(ComposeScreen) and seat.rows)
        await seat.until(lambda: seat.writing.mail.draft.attachments[0].stored)
        (folder / "Angebot.pdf").unlink()
        assert [file.name for file in office.outbox.load(seat.rows[0].id)[1].attachments] == ["Angebot.pdf"]
        seat.writing.files.focus()
        await seat.pilot.pause()
        await seat.press("delete", "escape")
        await seat.until(lambda: seat.shows(MailScreen))
        assert office.outbox.load(seat.rows[0].id)[1].attachments == ()


async def attaching(seat: OfficeSeat, typed: str) -> FileDialog:
    """The dialog that asks for a file, with this typed into it."""
    await seat.press("f3")
    await seat.until(lambda: seat.shows(FileDialog))
    box = seat.app.screen
    assert isinstance(box, FileDialog)
    box.field.value = typed
    return box


async def test_the_file_that_was_typed_is_attached_also_before_the_folder_was_read(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("aaa-geheim.pdf", "angebot.pdf", "angebot.pdf.alt", "Angebot.pdf"):
        (tmp_path / name).write_bytes(b"%PDF")
    (tmp_path / "angebot.pdf-Ablage").mkdir()
    held = threading.Event()

    def slow(typed: str) -> list[Choice]:
        assert typed == f"{tmp_path}/" or held.wait(30)
        return matching(typed)

    monkeypatch.setattr("app.screens.compose.files.matching", slow)
    monkeypatch.setattr("app.screens.compose.files.Attaching._folder", f"{tmp_path}/")
    async with writing(office, "r") as seat:
        box = await attaching(seat, f"{tmp_path}/")
        await seat.until(lambda: len(box.choices.choices) > 4)
        await seat.press(*"angebot.pdf", "enter")
        await seat.pilot.pause()
        assert seat.app.screen is box
        held.set()
        await seat.until(lambda: seat.shows(ComposeScreen) and seat.writing.mail.draft.attachments)
        assert [file.name for file in seat.writing.mail.draft.attachments] == ["angebot.pdf"]


async def test_a_home_folder_that_nobody_knows_offers_nothing_and_is_told(office: Office):
    async with writing(office, "r") as seat:
        box = await attaching(seat, "~niemand-hier/")
        await seat.until(lambda: box.is_fitting)
        assert box.choices.choices == ()
        box.field.value = "~niemand-hier/a.pdf"
        await seat.press("enter")
        await seat.until(lambda: seat.shows(MessageBox))
        assert "~niemand-hier/a.pdf: der Heimatordner" in str(seat.app.screen.query_one("#line").content)


async def test_a_link_that_leads_nowhere_hides_no_other_file(tmp_path: Path):
    (tmp_path / "Angebot.pdf").write_bytes(b"%PDF")
    (tmp_path / "Ablage.pdf").symlink_to(tmp_path / "fort")
    assert [choice.title for choice in matching(f"{tmp_path}/a")] == ["Ablage.pdf", "Angebot.pdf"]


async def test_a_path_typed_from_its_beginning_takes_the_place_of_the_folder(office: Office, tmp_path: Path):
    (tmp_path / "Angebot.pdf").write_bytes(b"%PDF")
    async with writing(office, "r") as seat:
        await seat.press("f3")
        await seat.until(lambda: seat.shows(FileDialog))
        box = seat.app.screen
        assert isinstance(box, FileDialog)
        await seat.press(*str(tmp_path), "/")
        await seat.until(lambda: box.field.value == f"{tmp_path}/" and box.choices.choices)
        await seat.press(*"~/")
        await seat.until(lambda: box.field.value.endswith("/~/"))  # only the folder that was offered goes
        await seat.press("escape")
        await seat.until(lambda: seat.shows(ComposeScreen))


async def test_only_a_folder_with_a_file_in_it_is_remembered(office: Office, tmp_path: Path):
    (tmp_path / "Angebot.pdf").write_bytes(b"%PDF")
    async with writing(office, "r") as seat:
        box = await attaching(seat, f"{tmp_path}/weg/Angebot.pdf")
        await seat.until(lambda: box.is_fitting)
        await seat.press("enter")
        await seat.until(lambda: seat.shows(MessageBox))
        await seat.press("enter")
        await seat.until(lambda: seat.shows(ComposeScreen))
        await seat.press("f3")
        await seat.until(lambda: seat.shows(FileDialog))
        assert seat.app.screen.query_one("Field").value == "~/"
        await seat.press(*f"{tmp_path}/Ang", "enter")
        await seat.until(lambda: seat.shows(ComposeScreen) and seat.writing.mail.draft.attachments)
        await seat.press("f3")
        await seat.until(lambda: seat.shows(FileDialog))
        assert seat.app.screen.query_one("Field").value == f"{tmp_path}/"


async def test_enter_in_the_subject_goes_to_the_text_past_the_attachments(office: Office, tmp_path: Path):
    async with writing(office, "w") as seat:
        seat.writing.set_files((Attachment("Angebot.pdf", path=str(tmp_path / "Angebot.pdf")),))
        seat.writing.field("subject").focus()
        await seat.until(lambda: seat.app.focused is seat.writing.field("subject"))
        await seat.press("enter")
        await seat.until(lambda: seat.app.focused is seat.writing.body)


async def test_what_is_typed_at_the_attachments_goes_into_the_text(office: Office, tmp_path: Path):
    async with writing(office, "w") as seat:
        seat.writing.set_files((Attachment("Angebot.pdf", path=str(tmp_path / "Angebot.pdf")),))
        seat.writing.files.focus()
        await seat.until(lambda: seat.writing.has_file_here())
        await seat.press(*"das ist", "j", "k", "?")
        assert seat.app.focused is seat.writing.body
        assert seat.writing.draft().body.startswith("das istjk?")
        seat.writing.files.focus()
        await seat.until(lambda: seat.writing.has_file_here())
        await seat.press("backspace")
        assert [file.name for file in seat.writing.draft().attachments] == ["Angebot.pdf"]
        await seat.press("delete")
        await seat.until(lambda: seat.writing.draft().attachments == ())
        assert "Angebot.pdf wird nicht mitgesendet" in "".join(texts(seat, "#keys"))
