"""Lists the mails of a folder that could not be taken over, each with its reason; it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain.mail.ledger import SkippedLine
from app.language import _
from app.screens.dialogs.reasons import ReasonsBox
from app.widgets.choices import Choice
from app.widgets.words import day_and_time, told_error


class SkippedBox(ReasonsBox):
    """The reason of the one under the cursor stands below, whole."""

    def __init__(self, title: str, mails: Sequence[SkippedLine], now: datetime) -> None:
        line = _("These mails lie on the server but could not be read. Each day they are tried again.")
        super().__init__(title, line, [_choice(mail, now) for mail in mails])


def _choice(mail: SkippedLine, now: datetime) -> Choice:
    at = datetime.fromtimestamp(mail.at, UTC).astimezone(now.tzinfo)
    reason = told_error(mail.reason)
    title = _("No. {uid}: {reason}").format(uid=mail.uid, reason=reason)
    return Choice(reason, title, day_and_time(at, now).strip())
