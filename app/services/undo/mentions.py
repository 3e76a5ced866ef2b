"""Takes back what was done about mentions, and those that a step wrote; the texts that mention go elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.undo import MentionInverse, ReopenMention, RestoreMentionDay, ReturnMention
from app.language import _
from app.services.undo.ground import Back, Ground
from app.store.connection import Connection
from app.store.crm import tasks


def take_back(ground: Ground, inverse: MentionInverse) -> Back:
    """Let it be as it was. One about which somebody did something since stays as it is."""
    tx, about, note = ground.tx, (inverse.id,), ""
    match inverse:
        case ReopenMention(number, done_at):
            found = tasks.reopen_mention(tx, number, done_at)
        case RestoreMentionDay(number, due_on, before):
            found = tasks.put_off_mention(tx, number, before, due_on)
        case ReturnMention(number, done_at, passed_on):
            note = forget(tx, [passed_on])
            found = not note
            if found:
                tasks.reopen_mention(tx, number, done_at)
    return Back(1, int(found), mentions=about, note=note)


def forget(tx: Connection, mentions: Sequence[int]) -> str:
    """Let nobody be mentioned by these any more who did nothing about it yet; what is to be said of the others."""
    stay = [number for number in mentions if not tasks.remove_mention(tx, number)]
    return _("read or put off by a colleague already") if stay else ""
