"""What belongs to a lead or an opportunity, line by line for people: the mails linked to it and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.front import Front
from app.cli.output import write_line
from app.language import _

if TYPE_CHECKING:
    from app.domain.crm.kinds import Kind

#: Lines of the history that a person is shown; `--json` prints all.
_NEWEST = 20
#: Cells that a label has.
LABEL = 20


def print_mails(front: Front, kind: Kind, number: int) -> None:
    """The newest mails that it is linked to. Raises NotFound."""
    from app.services.crm import records as crm

    for mail in crm.show(front.store, kind, number).mails:
        when = f"{mail.date.astimezone():{front.settings.date_format}}"
        write_line(f"{_('Mail') + ':':<{LABEL}} {mail.id}  {when}  {mail.sender}  {mail.subject}")


def print_history(front: Front, kind: Kind, number: int) -> None:
    """The newest lines of its history with day and time, the oldest of them first."""
    from app.domain.crm.history_words import told, word_for
    from app.services.crm.history import history

    for line in history(front.store, kind, number, _NEWEST):
        at = line.at.astimezone()
        when = f"{at:{front.settings.date_format}}  {at:%H:%M}"
        said = ", ".join(filter(None, (line.name, told(line))))
        write_line(f"{when}  {word_for(line)}: {said}" if said else f"{when}  {word_for(line)}")
