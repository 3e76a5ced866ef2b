"""Triage: what a rep does to one mail or to a selection, each step in one transaction and with a way back.

Linking is about the mails chosen. What arrives later in their threads is linked at sync (`LinkOrigin.THREAD`); what
lies there already and is unprocessed is linked too with `whole_thread`, and else counted in `more_in_thread`.
A step that changes nothing leaves no undo step.
"""

from app.services.triage.filing import (
    archive,
    delete,
    delete_forever,
    move,
    set_flagged,
    set_seen,
    spam,
)
from app.services.triage.linking import link, unlink
from app.services.triage.notes import comment, comments_on, mark
from app.store.database import Store  # screens hand it through, they do not know it

__all__ = [
    "Store",
    "archive",
    "comment",
    "comments_on",
    "delete",
    "delete_forever",
    "link",
    "mark",
    "move",
    "set_flagged",
    "set_seen",
    "spam",
    "unlink",
]
