"""Takes the last step of a person back: exactly what the step changed, and nothing that others did since."""

from __future__ import annotations

from datetime import datetime

from app.domain.mail.messages import subject_word
from app.domain.text import clean_line, fit
from app.domain.undo import Done, Inverse, MailInverse, NothingToUndo, read_inverses
from app.language import _, ngettext
from app.services.team.acting import acting
from app.services.undo import mail, records
from app.services.undo.ground import Back, Ground
from app.store.crm import triage
from app.store.database import Store
from app.store.undo import pop_step

#: Cells of a subject that are shown.
SUBJECT_SHOWN = 24


def undo(store: Store, *, author: str, now: datetime) -> Done:
    """Take back the author's last step that is not taken back yet. Raises NothingToUndo when there is none.

    What is no longer as the step left it stays as it is and is counted in `left_out`. Raises NotAMember, and ReadsOnly for
    steps with records.
    """
    with store.write() as tx:
        acting(tx, author, now)
        step = pop_step(tx, author)
        if step is None:
            raise NothingToUndo
        title, inverses = step
        ground = Ground(tx, author, now)
        backs = [_take_back(ground, inverse) for inverse in reversed(read_inverses(inverses))]
        messages = tuple(dict.fromkeys(message for back in backs for message in back.messages))
        subject = triage.subject_of(tx, messages[0]) if len(messages) == 1 else None
    done = sum(back.restored for back in backs)
    left_out = sum(back.wanted for back in backs) - done
    text = _("Undone: {step}").format(step=title)
    if subject is not None:
        text += f" – {_short(subject)}"
    if left_out:
        text += " " + ngettext(
            "({n} was changed since and stays)", "({n} were changed since and stay)", left_out
        ).format(n=left_out)
    came_back = tuple(dict.fromkeys(record for back in backs for record in back.records))
    mentions = tuple(number for back in backs for number in back.mentions)
    return Done(text, done, False, left_out, messages=messages, records=came_back, mentions=mentions)


def _take_back(ground: Ground, inverse: Inverse) -> Back:
    if isinstance(inverse, MailInverse):
        return mail.take_back(ground, inverse)
    return records.take_back(ground, inverse)


def _short(subject: str) -> str:
    """A subject in quotation marks, cut so that it leaves room on a line of 80."""
    name = subject_word(clean_line(subject)).strip()
    return _("“{name}”").format(name=fit(name, SUBJECT_SHOWN).rstrip())
