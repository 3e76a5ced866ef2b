"""What is put into the search index is found, and what is taken out leaves nothing behind."""

from __future__ import annotations

from app.domain.folding import fold
from app.domain.mail import Address, ParsedMail
from app.store import search
from app.store.database import Store
from tests.store.filling import Filling


def parsed(number: int, body: str = "") -> ParsedMail:
    from datetime import UTC, datetime

    return ParsedMail(
        digest=number.to_bytes(16),
        message_id="",
        in_reply_to="",
        references=(),
        date=datetime.fromtimestamp(number, UTC),
        sender=Address("", ""),
        to=(),
        cc=(),
        subject="",
        size=0,
        attachments=0,
        raw=b"",
        search_sender=fold("Jörg Müller joerg@vogel.example"),
        search_recipients="",
        search_subject=fold(f"Angebot {number}"),
        search_body=fold(body),
        search_files="",
    )


def hits(store: Store, word: str) -> list[int]:
    if store.dialect == "sqlite":
        sql = "SELECT rowid FROM message_fts WHERE message_fts MATCH ? ORDER BY rowid DESC"
    else:
        sql = "SELECT message_id FROM message_search WHERE words @@ to_tsquery('simple', ?) ORDER BY message_id DESC"
    return [message for (message,) in store.read.rows(sql, (word,))]


def test_a_message_is_found_until_it_is_taken_out(store: Store) -> None:
    filling = Filling(store)
    mails = {filling.message(number): parsed(number, f"Lieferzeit {number}") for number in range(6)}
    with store.write() as tx:
        search.index(tx, reversed(mails.items()))
    assert hits(store, "lieferzeit") == sorted(mails, reverse=True)
    gone = sorted(mails)[2:4]
    with store.write() as tx:
        search.unindex(tx, gone, mails.__getitem__)
    kept = sorted(set(mails) - set(gone), reverse=True)
    assert hits(store, "lieferzeit") == hits(store, "vogel") == hits(store, "muller") == kept


def test_indexing_a_message_again_finds_it_once(store: Store) -> None:
    message = Filling(store).message(1)
    for _ in range(2):
        with store.write() as tx:
            search.index(tx, [(message, parsed(1, "Zahnrad"))])
    assert hits(store, "zahnrad") == [message]
