"""Comments and coloured marks on mails."""

from __future__ import annotations

from datetime import datetime

from app.domain.crm.kinds import MarkColour
from app.domain.errors import BadInput
from app.domain.mail.triage import Comment, Selection
from app.domain.text import clean_block, clean_line
from app.domain.undo import Done, RemoveComments, RestoreMarks
from app.language import _, ngettext
from app.services.crm.mentions import tell_mentioned
from app.services.remembering import remember
from app.services.team.acting import acting
from app.services.triage.steps import messages_of, seconds, with_missing
from app.store.crm import triage
from app.store.database import Store
from app.store.team.mentions import MAIL

LONGEST_COMMENT = 10_000


def comments_on(store: Store, message_id: int) -> list[Comment]:
    """The comments on a mail, oldest first; none if it is gone."""
    return triage.comments_on(store.read, message_id)


def comment(store: Store, mails: Selection, text: str, *, author: str, now: datetime) -> Done:
    """Write a comment on mails. Raises BadInput for an empty or endless one, NotFound when every mail is gone."""
    text = clean_block(text).strip()
    if not text or len(text) > LONGEST_COMMENT:
        raise BadInput(_("a comment has 1 to {n} characters").format(n=LONGEST_COMMENT))
    with store.write() as tx:
        acting(tx, author, now)
        messages, missing = messages_of(tx, mails)
        at = seconds(now)
        numbers = triage.add_comments(tx, messages, text, clean_line(author), at)
        title = ngettext("{n} mail commented", "{n} mails commented", len(messages)).format(n=len(messages))
        mentions = tell_mentioned(tx, MAIL, messages, text, author, now)
        written = tuple((number, message, at) for number, message in zip(numbers, messages, strict=True))
        remember(tx, author, title, [RemoveComments(written, mentions)], now)
        return Done(with_missing(title, missing), len(messages), True, missing)


def mark(store: Store, mails: Selection, colour: MarkColour, *, author: str, now: datetime) -> Done:
    """Give mails a coloured mark, or take it away with `MarkColour.NONE`. Raises NotFound when every mail is gone."""
    with store.write() as tx:
        acting(tx, author, now)
        messages, missing = messages_of(tx, mails)
        before = triage.marks_of(tx, messages)
        changed = tuple((message, colour.value, old) for message, old in before.items() if old != colour)
        if not changed:
            return Done(_("Marked so already") if colour else _("There is no mark"), 0, False, missing)
        triage.set_marks(tx, [(message, colour.value) for message, _new, _old in changed])
        if colour:
            text = ngettext("{n} mail marked", "{n} mails marked", len(changed))
        else:
            text = ngettext("Mark taken from {n} mail", "Mark taken from {n} mails", len(changed))
        text = text.format(n=len(changed))
        remember(tx, author, text, [RestoreMarks(changed)], now)
        return Done(with_missing(text, missing), len(changed), True, missing)
