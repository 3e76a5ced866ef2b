"""`postkorb mail send`: puts a mail into the outbox."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.front import Front, front_of
from app.cli.options import Json
from app.cli.output import print_json, say
from app.cli.parser import BIGGEST, Verb
from app.domain.errors import PostkorbError
from app.language import _

if TYPE_CHECKING:
    from app.domain.mail.compose import Draft
    from app.domain.mail.messages import Address
    from app.services.outbox.drafts import Outbox
    from app.services.outbox.originals import Answering, Begun


def register(app: typer.Typer) -> None:
    """Add the verb to `postkorb mail`."""
    app.command(cls=Verb)(send)


def send(
    ctx: typer.Context,
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Recipient; may be repeated. A reply knows its own."),
    ] = None,
    mailbox: Annotated[str, typer.Option(metavar="NAME", help="The account to write from.")] = "",
    cc: Annotated[list[str] | None, typer.Option(metavar="ADDRESS", help="Copy to; may be repeated.")] = None,
    bcc: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="Blind copy to; may be repeated.")
    ] = None,
    subject: Annotated[str, typer.Option(metavar="TEXT", help="The subject.")] = "",
    sender: Annotated[
        str, typer.Option("--from", metavar="ADDRESS", help="Another address of the account.")
    ] = "",
    attach: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A file to send along; may be repeated.")
    ] = None,
    reply_to_mail: Annotated[
        int | None, typer.Option(metavar="NUMBER", max=BIGGEST, help="Answer this mail.")
    ] = None,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Send without a subject, a text, or the attachment that is named."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Put a mail into the outbox. Its text (Markdown) is read from standard input."""
    from dataclasses import replace

    from app.domain.mail.addresses import parse_addresses
    from app.domain.paths import expanded
    from app.services.outbox.drafts import Outbox, attachment
    from app.services.outbox.originals import Answering

    front = front_of(ctx)
    answering = Answering(front.store, front.settings.language, front.zone)
    begun = _begun(front, answering, mailbox, reply_to_mail)
    draft = begun.draft
    draft = replace(
        draft,
        to=parse_addresses(", ".join(to)) if to else draft.to,
        cc=parse_addresses(", ".join(cc)) if cc else draft.cc,
        bcc=parse_addresses(", ".join(bcc or ())),
        subject=subject or draft.subject,
        body=_with_text(draft.body, sys.stdin.read()),
        sender=_own(answering, begun.mailbox_id, sender) if sender else draft.sender,
        attachments=tuple(attachment(expanded(file).absolute()) for file in attach or ()),
    )
    outbox = Outbox(front.store, front.now)
    number = _queued(outbox, begun.mailbox_id, draft, anyway=anyway)
    if as_json or not sys.stdout.isatty():
        print_json({"outbox_id": number})
    if not as_json:
        say(
            _("The mail waits in the outbox as number {id}; postkorb outbox send sends it.").format(id=number)
        )


def _begun(front: Front, answering: Answering, mailbox: str, reply_to_mail: int | None) -> Begun:
    """What the mail starts from. Raises NotFound, and typer.BadParameter when no account is named and there are several."""
    from app.domain.mail.compose import DraftKind
    from app.services.accounts.accounts import account_named, accounts

    if reply_to_mail is not None:
        named = account_named(front.store, mailbox).id if mailbox else None
        return answering.answer(reply_to_mail, DraftKind.REPLY, named)
    if mailbox:
        return answering.new(account_named(front.store, mailbox).id)
    known = accounts(front.store)
    if len(known) != 1:
        raise typer.BadParameter(_("name the account to write from with --mailbox"))
    return answering.new(known[0].mailbox.id)


def _with_text(start: str, text: str) -> str:
    """The text above the signature and what is quoted. Bytes that are no text in it become U+FFFD."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text.strip("\n") + (start if start else "\n")


def _own(answering: Answering, mailbox_id: int, wanted: str) -> Address:
    """The address of the account that is asked for. Raises Refused for a strange one."""
    from app.domain.errors import Refused
    from app.domain.mail.addresses import address_key

    addresses = answering.writer(mailbox_id).addresses
    for own in addresses:
        if address_key(own.address) == address_key(wanted):
            return own
    names = ", ".join(own.address for own in addresses)
    raise Refused("{address} is no address of this account; it has {names}", address=wanted, names=names)


def _queued(outbox: Outbox, mailbox_id: int, draft: Draft, *, anyway: bool) -> int:
    """The number of the mail, waiting and due at once. Raises DraftNotReady and Refused; nothing is kept then."""
    from app.services.outbox.drafts import DraftNotReady, check

    problems = check(draft)
    refusal = DraftNotReady(problems)
    if problems and not (anyway and refusal.confirmable):
        if refusal.confirmable:
            say(_("With --anyway it is sent all the same."))
        raise refusal
    number = outbox.save(mailbox_id, draft).id
    try:
        outbox.queue(number, 0, confirmed=anyway)
    except PostkorbError:
        outbox.drop(number)
        raise
    return number
