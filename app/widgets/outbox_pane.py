"""One mail of the outbox in detail: what became of it, for whom, why, and what comes next; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from app.domain.due import short_day
from app.domain.mail.delivery import reason_text
from app.domain.mail.outbox import OutboxRow, OutState, RecipientRow, RecipientState, state_text
from app.domain.text import clean_block, clean_line
from app.language import _, ngettext
from app.widgets.signs import UNICODE, Signs
from app.widgets.text_pane import Span, TextLine, TextPane
from app.widgets.words import long_date
from app.widgets.wrap import breaks

LABEL = 12


class OutboxPane(TextPane):
    """Shows the mail it was given."""

    def __init__(
        self, clock: Callable[[], datetime], signs: Signs = UNICODE, *, id: str | None = None
    ) -> None:
        super().__init__(signs, id=id)
        self._clock = clock
        self._row: OutboxRow | None = None
        self._text = ""

    def show(self, row: OutboxRow | None) -> None:
        """Show this mail."""
        if row != self._row:
            keep = row is not None and self._row is not None and row.id == self._row.id
            self._row, self._text = row, self._text if keep else ""
            self.renew(keep_place=keep)

    def show_text(self, text: str) -> None:
        """Show below it what was written."""
        self._text = clean_block(text)
        self.renew()

    def lines_for(self, width: int) -> list[TextLine]:
        if self._row is None:
            return []
        return [*self._lines_of(self._row, width), *_text_lines(self._text, width)]

    def _lines_of(self, row: OutboxRow, width: int) -> Iterator[TextLine]:
        yield from _field(_("From"), row.sender, width)
        yield from _field(_("To"), row.to, width)
        yield ()
        style = {OutState.FAILED: "note", OutState.UNCERTAIN: "note"}.get(row.state, "strong")
        yield from _field(_("State"), self._state(row), width, style)
        if row.error:
            yield from _field(_("Reason"), reason_text(row.error), width, "note")
        if advice := _advice(row.state):
            yield from _field("", advice, width, "quiet")
        if row.recipients:
            yield ()
            yield (
                Span(
                    ngettext("{n} recipient", "{n} recipients", len(row.recipients)).format(
                        n=len(row.recipients)
                    ),
                    "quiet",
                ),
            )
            for recipient in row.recipients:
                yield from _recipient(recipient, row.state, width)

    def _state(self, row: OutboxRow) -> str:
        zone = self._clock().tzinfo
        word = state_text(row.state)
        if row.state is OutState.SENT and row.sent is not None:
            return f"{word}, {long_date(row.sent.astimezone(zone))}"
        tries = ngettext("{n} attempt", "{n} attempts", row.attempts).format(n=row.attempts)
        if row.state is OutState.WAITING:
            due = f"{short_day(row.due.astimezone(zone))} {row.due.astimezone(zone):%H:%M:%S}"
            told = _("next attempt {time}") if row.attempts else _("will be sent {time}")
            word = f"{word}, {told.format(time=due)}"
        return f"{word}  ({tries})" if row.attempts else word


def _text_lines(text: str, width: int) -> Iterator[TextLine]:
    if text:
        yield ()
        for line in text.split("\n"):
            yield from ((Span(line[start:end]),) for start, end in breaks(line, width))


def _advice(state: OutState) -> str:
    """What the state means for the rep, where its word does not say it."""
    match state:
        case OutState.UNCERTAIN:
            return _("The server may have the mail or not. Ask the recipient before you send it again.")
        case OutState.FAILED:
            return _("It is not tried again by itself.")
        case _state:
            return ""


def _field(label: str, value: str, width: int, style: str = "text") -> Iterator[TextLine]:
    text = clean_line(value)
    for number, (start, end) in enumerate(breaks(text, max(10, width - LABEL))):
        yield Span((label if number == 0 else "").ljust(LABEL), "quiet"), Span(text[start:end], style)


def _recipient(recipient: RecipientRow, state: OutState, width: int) -> Iterator[TextLine]:
    words = {
        RecipientState.ACCEPTED: (_("taken by the server"), "text"),
        RecipientState.BOUNCED: (_("came back"), "note"),
        RecipientState.REFUSED: (_("refused by the server"), "note"),
        RecipientState.WAITING: (_("uncertain") if state is OutState.UNCERTAIN else _("not yet"), "text"),
    }
    word, style = words[recipient.state]
    text = recipient.address + (f"  {recipient.reply}" if recipient.reply else "")
    yield from _field(word, text, width, style)
