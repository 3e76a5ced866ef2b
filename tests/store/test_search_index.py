"""What is put into the search index is found, and what is taken out leaves nothing behind."""

from __future__ import annotations

from app.domain.folding import fold
from app.domain.mail.listing import ListFilter
from app.domain.mail.messages import Address, ParsedMail, Role
from app.domain.mail.query import Query, Term
from app.store.database import Store
from app.store.fulltext import search
from app.store.lists.scope import scope_of
from tests.store.filling import Copy, Filling


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
    query, scope = Query(terms=(Term((word,)),)), scope_of(store.read, ListFilter())
    return [message for message, _ in search.find(store.read, scope, query, limit=100).positions]


def test_a_message_is_found_until_it_is_taken_out(store: Store) -> None:
    filling = Filling(store)
    inbox = filling.folder(filling.mailbox("vertrieb"), "INBOX", Role.INBOX)
    filling.copies([Copy(number, inbox) for number in range(6)])
    mails = {filling.message_id(number): parsed(number, f"Lieferzeit {number}") for number in range(6)}
    with store.write() as tx:
        search.index(tx, reversed(mails.items()))
    assert hits(store, "lieferzeit") == sorted(mails, reverse=True)
    gone = sorted(mails)[2:4]
    with store.write() as tx:
        search.unindex(tx, gone, mails.__getitem__)
    kept = sorted(set(mails) - set(gone), reverse=True)
    assert hits(store, "lieferzeit") == hits(store, "vogel") == hits(store, "muller") == kept


def test_indexing_a_message_again_finds_it_once(store: Store) -> None:
    filling = Filling(store)
    filling.copies([Copy(1, filling.folder(filling.mailbox("vertrieb"), "INBOX", Role.INBOX))])
    message = filling.message_id(1)
    for _ in range(2):
        with store.write() as tx:
            search.index(tx, [(message, parsed(1, "Zahnrad"))])
    assert hits(store, "zahnrad") == [message]
