"""Links mails to contacts, leads, tasks and opportunities; decides nothing about what to link them to."""

from __future__ import annotations

from datetime import datetime

from app.domain.crm.kinds import Kind, not_found
from app.domain.mail.triage import Selection
from app.domain.undo import Done, RemoveLinks, RestoreLinks
from app.language import _, ngettext
from app.services.remembering import remember
from app.services.team.acting import acting
from app.services.triage.steps import messages_of, seconds, with_missing
from app.store.crm import triage
from app.store.crm.records import record_row
from app.store.database import Store
from app.store.mail.processed import refresh_processed


def link(
    store: Store,
    mails: Selection,
    kind: Kind,
    record_id: int,
    *,
    author: str,
    now: datetime,
    whole_thread: bool = False,
) -> Done:
    """Link mails to a record. Raises NotFound when the record or every mail is gone."""
    with store.write() as tx:
        acting(tx, author, now)
        record = record_row(tx, kind, record_id)
        if record is None:
            raise not_found(kind, record_id)
        messages, missing = messages_of(tx, mails)
        others = triage.unprocessed_in_threads(tx, messages)
        if whole_thread:
            messages, others = messages + others, []
        new = triage.add_links(tx, messages, kind, record_id, author, seconds(now))
        refresh_processed(tx, new)
        if not new:
            return Done(
                _("Linked with “{title}” already").format(title=record.title), 0, False, missing, record
            )
        text = ngettext("{n} mail linked with “{title}”", "{n} mails linked with “{title}”", len(new))
        text = text.format(n=len(new), title=record.title)
        inverse = RemoveLinks(tuple((message, kind.value, record_id) for message in new), seconds(now))
        remember(tx, author, text, [inverse], now)
        return Done(with_missing(text, missing), len(new), True, missing, record, len(others))


def unlink(store: Store, mails: Selection, kind: Kind, record_id: int, *, author: str, now: datetime) -> Done:
    """Take the link to a record away from mails. Raises NotFound when every mail is gone."""
    with store.write() as tx:
        acting(tx, author, now)
        messages, missing = messages_of(tx, mails)
        rows = triage.links_to(tx, messages, kind, record_id)
        if not rows:
            return Done(_("Not linked with it"), 0, False, missing)
        triage.remove_links(tx, [row[:3] for row in rows])
        refresh_processed(tx, [row[0] for row in rows])
        record = record_row(tx, kind, record_id)
        text = ngettext("{n} mail unlinked from “{title}”", "{n} mails unlinked from “{title}”", len(rows))
        text = text.format(n=len(rows), title=record.title if record else "")
        remember(tx, author, text, [RestoreLinks(tuple(rows))], now)
        return Done(with_missing(text, missing), len(rows), True, missing, record)
