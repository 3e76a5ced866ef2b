"""The identity of a message: a digest of what its sender wrote, equal for every copy that was delivered anywhere."""

from __future__ import annotations

import hashlib

from app.mail.mime.fields import Fields

SIZE = 16
#: Trace fields (Received, Return-Path, Delivered-To, Authentication-Results, X-…) differ with each delivery; Bcc stands
#: in the sender's own copy alone.
AUTHORS_FIELDS = (b"from", b"to", b"cc", b"subject", b"date", b"message-id")


def digest(fields: Fields, body: bytes) -> bytes:
    """16 bytes of BLAKE2b over the author's fields and the body as they were sent.

    Taken over, in this order: for each of From, To, Cc, Subject, Date, Message-ID all its values, undecoded, with each
    run of white space as one blank (servers fold anew); then the body, undecoded, without carriage returns and without
    blank space at its very end (servers and mailbox formats add and take line ends there). So the copies of a mail in two
    mailboxes, in Maildir and on IMAP, have one digest, and two mails that share a Message-ID have two. A relay that
    recodes the body (8-bit to quoted-printable) or a list that adds a footer makes another message.
    """
    head = b"\n".join(
        [b"\0".join([b" ".join(value.split()) for value in fields.all(name)]) for name in AUTHORS_FIELDS]
    )
    state = hashlib.blake2b(head, digest_size=SIZE)
    state.update(b"\n\n")
    state.update(body.replace(b"\r", b"").rstrip())
    return state.digest()
