"""The sync ledger on a real store: what it shows, and what its keys do."""

from __future__ import annotations

from typing import Any

import pytest

from app.screens.ledger.screen import LedgerScreen
from app.screens.mail.screen import MailScreen
from app.store.database import Store
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.rooms import furnished, opened_on, texts


async def go(seat: Seat) -> LedgerScreen:
    await seat.press("g", "s")
    await seat.until(lambda: isinstance(seat.app.screen, LedgerScreen) and seat.app.screen.table.total)
    screen = seat.app.screen
    assert isinstance(screen, LedgerScreen)
    return screen


async def put_cursor(seat: Seat, words: str) -> None:
    """Step down to the line with these words."""
    table = seat.app.screen.query_one("#table")
    for _ in range(table.total):  # type: ignore[attr-defined]
        if words in texts(seat)[table.cursor + 1]:  # type: ignore[attr-defined]
            break
        await seat.press("j")
    assert words in texts(seat)[table.cursor + 1]  # type: ignore[attr-defined]
    await seat.pilot.pause()


async def test_every_folder_says_how_it_stands(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        await go(seat)
        shown = "\n".join(texts(seat))
        for words in (
            "vertrieb@haus.example",
            "1 Mail ausgelassen",
            "Diesen Ordner",
            "nicht gewählt",
            "2 Änderungen warten",
            "abgelehnt: Der Server",
        ):
            assert words in shown


async def test_enter_lists_the_mails_left_out_with_their_reasons(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        await go(seat)
        await put_cursor(seat, "Posteingang")
        await seat.press("enter")
        await seat.until(
            lambda: seat.app.screen.query("SkippedBox .reason") or len(seat.app.screen_stack) == 3
        )
        reason: Any = seat.app.screen.query_one(".reason")
        await seat.until(lambda: "keeps it back" in str(reason.content))
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, LedgerScreen))


async def test_a_refused_change_is_taken_back_after_a_question(store: Store) -> None:
    mails = furnished(store)
    async with opened_on(store) as seat:
        await go(seat)
        await put_cursor(seat, "abgelehnt")
        await seat.press("d")
        await seat.until(lambda: len(seat.app.screen_stack) == 3)
        await seat.press("enter")
        await seat.until(lambda: "abgelehnt" not in "\n".join(texts(seat)))
    place = store.read.row("SELECT folder_id, uid FROM mail_copy WHERE id = ?", (mails[0].id,))
    assert place == (mails[0].folder, mails[0].uid)


async def test_a_refused_change_is_tried_again(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        await go(seat)
        await put_cursor(seat, "abgelehnt")
        await seat.press("r")
        await seat.until(lambda: "abgelehnt" not in "\n".join(texts(seat)))
    assert store.read.rows("SELECT state FROM operation") == [("waiting",), ("waiting",)]


async def test_the_mails_left_out_of_a_folder_are_tried_again(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        await go(seat)
        await put_cursor(seat, "Posteingang")
        await seat.press("r")
        await seat.until(lambda: store.read.value("SELECT again FROM skipped_message") == 1)


async def test_keys_that_make_no_sense_on_a_line_are_not_offered(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        assert not screen.offers("ledger.drop")
        await put_cursor(seat, "wartet")
        assert not screen.offers("ledger.drop")
        assert not screen.offers("ledger.open")


async def test_a_sync_is_asked_for_one_mailbox_or_for_all(store: Store) -> None:
    furnished(store)
    wanted = "SELECT sync_wanted FROM mailbox"
    async with opened_on(store) as seat:
        await go(seat)
        before = store.read.value(wanted)
        await seat.press("enter")
        await seat.until(lambda: store.read.value(wanted) > before)
        before = store.read.value(wanted)
        await seat.press("s")
        await seat.until(lambda: store.read.value(wanted) > before)


async def test_what_others_write_appears_by_itself(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        await go(seat)
        other = Store(store.target)  # type: ignore[arg-type]
        with other.write() as tx:
            tx.run("UPDATE mailbox SET sync_error = 'The server cannot be reached: refused'")
        other.close()
        await seat.until(lambda: "Der Server ist nicht erreichbar" in "\n".join(texts(seat)))


async def test_a_folder_that_was_named_and_is_not_there_is_an_error_of_its_mailbox(store: Store) -> None:
    furnished(store)
    with store.write() as tx:
        tx.run("UPDATE mailbox SET only_folders = 'INBOX\nGibtsnicht'")
    async with opened_on(store, (140, 40)) as seat:
        await go(seat)
        assert "nicht: Gibtsnicht" in "\n".join(texts(seat))


async def test_the_way_back_leads_to_the_mail(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        for keys in (["escape"], ["q"], ["g", "m"]):
            await go(seat)
            await seat.press(*keys)
            await seat.until(lambda: isinstance(seat.app.screen, MailScreen))


async def test_without_a_mailbox_the_ledger_says_what_to_do(store: Store) -> None:
    async with opened_on(store) as seat:
        await seat.press("g", "s")
        await seat.until(lambda: isinstance(seat.app.screen, LedgerScreen))
        await seat.until(lambda: "Noch ist kein Postfach" in "\n".join(texts(seat)))


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_ledger_looks(store: Store, pictured: Pictured, size: str) -> None:
    furnished(store)
    async with opened_on(store, SIZES[size]) as seat:
        await go(seat)
        await put_cursor(seat, "abgelehnt")
        await pictured(seat)
