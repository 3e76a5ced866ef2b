"""What the outbox asks before a mail is removed, and says of a key that does nothing to it; pure, drawn by the screen."""

from __future__ import annotations

from app.domain.mail.outbox import OutState
from app.language import _


def drop_question(state: OutState) -> tuple[str, str]:
    """The title, and what will happen."""
    match state:
        case OutState.DRAFT:
            return _("Throw this draft away?"), _("Its text is lost.")
        case OutState.SENT:
            return _("Remove from the list?"), _("The mail itself stays in the folder for sent mail.")
        case OutState.UNCERTAIN:
            return _("Remove this mail?"), _("The recipients may have it already; it is not sent again.")
        case _state:
            return _("Remove this mail?"), _("It is not sent any more, and its text is lost.")


def why_not(state: OutState, command_id: str) -> str:
    """Why a mail in this state cannot be opened, sent again, taken back or counted as sent."""
    opens = command_id == "outbox.open"
    match state:
        case OutState.DRAFT:
            return _("This is a draft: Enter opens it for writing.")
        case OutState.SENDING:
            return _("This mail is being sent at this moment.")
        case OutState.SENT:
            return _("This mail is sent already.")
        case OutState.WAITING if command_id == "outbox.retry":
            return _("This mail is sent by itself when its time has come.")
        case OutState.WAITING if opens:
            return _("This mail waits; taking it back makes it a draft again.")
        case _open if opens:
            return _("Only a draft is opened; taking it back makes one of this mail.")
        case _state if command_id == "outbox.take_back":
            return _("Some recipients have it already: it cannot be changed any more.")
        case _state:
            return _("Only where it is uncertain whether the mail arrived.")
