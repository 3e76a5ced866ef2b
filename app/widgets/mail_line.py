"""One mail as one line of the list: which columns fit, and what stands in them. It paints nothing on a screen itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.segment import Segment
from rich.style import Style

from app.domain.mail.messages import LinkLabel, MailRow, subject_word
from app.domain.text import cell_width, clean_line, fit
from app.language import _
from app.widgets.signs import Signs
from app.widgets.words import day_and_time, short_date, size

#: The columns before "who": selected, unread, unprocessed, flagged, answered, and a space.
SIGNS_WIDTH = 6


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 leaves a column out. Between two columns stands one space or more."""

    who: int
    subject: int
    label: int
    size: int
    date: int

    @staticmethod
    def for_width(width: int) -> Columns:
        """The columns that fit into this many cells, the scroll bar not counted."""
        who = 12 if width < 60 else 19 if width < 100 else 24 if width < 140 else 30
        label = 0 if width < 60 else 13 if width < 84 else 18 if width < 100 else 22 if width < 160 else 34
        date = 6 if width < 110 else 14
        octets = 0 if width < 130 else 7
        gaps = 2 + 2 + (label and 1) + 1 + (octets and 1)
        subject = max(4, width - SIGNS_WIDTH - who - label - date - octets - gaps)
        return Columns(who, subject, label, octets, date)


@dataclass(frozen=True, slots=True)
class Palette:
    """The styles of one line; made from the component classes of `MailList`."""

    text: Style
    strong: Style
    quiet: Style
    unprocessed: Style
    flagged: Style
    waiting: Style
    label: Style
    comment: Style
    marks: dict[str, Style]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What all lines of a list share. `now` and the zone it has decide how dates are shown."""

    width: int
    columns: Columns
    signs: Signs
    now: datetime
    outgoing: bool = False  # show the recipients instead of the sender


def kind_word(kind: str) -> str:
    """The word for a kind of record, as short as it may be."""
    return {
        "contact": _("Contact"),
        "lead": _("Lead"),
        "task": _("Task"),
        "opportunity": _("Chance"),
    }.get(kind, kind)


def label_text(links: Sequence[LinkLabel]) -> str:
    """What a mail is linked to in few words: the most telling link, and how many more there are."""
    if not links:
        return ""
    order = ("opportunity", "lead", "task", "contact")
    first = min(links, key=lambda link: order.index(link.kind) if link.kind in order else len(order))
    more = f" +{len(links) - 1}" if len(links) > 1 else ""
    return f"{kind_word(first.kind)} {first.title}{more}"


def mail_line(row: MailRow, drawing: Drawing, palette: Palette, selected: bool) -> list[Segment]:
    """The segments of one line; neighbours with the same style are one segment, for each costs bytes on the wire."""
    signs, columns = drawing.signs, drawing.columns
    main = palette.strong if not row.seen else palette.text if row.unprocessed else palette.quiet
    who = row.to if drawing.outgoing else row.sender_name or row.sender_address
    date = row.date.astimezone(drawing.now.tzinfo)
    when = short_date(date, drawing.now) if columns.date < 14 else day_and_time(date, drawing.now)
    tail = ""
    if columns.size:
        tail += f" {size(row.size):>{columns.size}}"
    tail += f" {when:>{columns.date}}"
    pieces = [
        (signs.selected if selected else " ", palette.strong),
        (signs.waiting if row.waiting else " " if row.seen else signs.unread, palette.strong),
        (signs.unprocessed if row.unprocessed else " ", palette.unprocessed),
        (signs.flagged if row.flagged else " ", palette.flagged),
        (signs.answered if row.answered else " ", palette.quiet),
        (" ", palette.text),
        (fit(who, columns.who) + "  ", main),
        *_subject(row, drawing, palette, main),
        (signs.attachment if row.attachments else " ", palette.quiet),
    ]
    if columns.label:
        pieces.append((" " + fit(label_text(row.links), columns.label), palette.label))
    pieces.append((tail, palette.quiet))
    return merged(pieces)


def _subject(row: MailRow, drawing: Drawing, palette: Palette, main: Style) -> list[tuple[str, Style]]:
    """Mark, subject and comment sign, exactly as wide as the column and the gap after it."""
    signs, width = drawing.signs, drawing.columns.subject
    text = subject_word(row.subject)
    pieces = []
    if row.mark:
        pieces.append((signs.mark + " ", palette.marks.get(row.mark, palette.text)))
        width -= 2
    if not row.comments:
        return [*pieces, (fit(text, width) + " ", main)]
    room = max(0, width - 2)
    shown = fit(text, min(room, cell_width(clean_line(text))))
    sign = f" {signs.comment}".ljust(width - cell_width(shown) + 1)
    return [*pieces, (shown, main), (sign, palette.comment)]


def merged(pieces: Sequence[tuple[str, Style]]) -> list[Segment]:
    """Segments with as few changes of style as possible: a blank takes the style before it."""
    segments: list[Segment] = []
    text, style = "", Style.null()
    for piece, piece_style in pieces:
        if not text:
            text, style = piece, piece_style
        elif piece_style is style or (piece.isspace() and _alike_on_blanks(style, piece_style)):
            text += piece
        elif piece:
            segments.append(Segment(text, style))
            text, style = piece, piece_style
    segments.append(Segment(text, style))
    return segments


def _alike_on_blanks(one: Style, other: Style) -> bool:
    return (
        one.bgcolor == other.bgcolor
        and not (one.underline or other.underline or one.strike or other.strike)
        and bool(one.reverse) == bool(other.reverse)
    )
