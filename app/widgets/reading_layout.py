"""A mail as lines of a certain width: head, links, notes, body with folded quotes; pure, so that a thread can do it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.due import short_day
from app.domain.mail.messages import Address, LinkLabel, MailRow, subject_word
from app.domain.mail.reading import BlockKind, Fold, Link, ReadableMail, TextBlock, shown
from app.domain.mail.triage import Comment
from app.domain.text import cell_width, clean_line, fit
from app.language import _, ngettext
from app.widgets.mail_line import kind_word
from app.widgets.signs import Signs
from app.widgets.text_pane import Span, TextLine
from app.widgets.words import number, size
from app.widgets.wrap import breaks

#: Nobody reads lines longer than this with pleasure.
BROADEST = 100
_STYLES = {
    BlockKind.TEXT: "text",
    BlockKind.QUOTE: "quote",
    BlockKind.SIGNATURE: "quiet",
    BlockKind.NOTE: "note",
    BlockKind.NESTED: "strong",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail as it was taken apart, and what is known about it. `place` of `of`: where it stands in its thread, from 1."""

    row: MailRow
    mail: ReadableMail
    place: int = 1
    of: int = 1
    comments: tuple[Comment, ...] = ()
    suggestion: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """How it is shown. `zone_of`: a time in the zone that is shown. `opened`: folds that are open, by number."""

    width: int
    signs: Signs
    zone_of: datetime
    fold_key: str = "z"
    link_key: str = "l"
    open_key: str = "B"
    opened: frozenset[int] = frozenset()
    all_open: bool = False
    headers: bool = False
    source: bool = False


def layout(reading: Reading, view: View) -> list[TextLine]:
    """All lines, none wider than the view."""
    if view.source:
        return _source(reading, view)
    lines = [*_head(reading, view)]
    if view.headers:
        lines += _headers(reading.mail, view)
    for comment in reading.comments:
        lines += _comment(comment, view)
    lines.append(())
    lines += _body(reading.mail, view)
    return lines


# -- above the text


def _head(reading: Reading, view: View) -> Iterator[TextLine]:
    mail, width = reading.mail, view.width
    subject = subject_word(mail.subject)
    yield from ((Span(subject[a:b], "heading"),) for a, b in breaks(subject, width))
    for word, people in ((_("To"), mail.to), (_("Cc"), mail.cc)):
        if people:
            yield (Span(_people(word, people, width), "quiet"),)
    yield _linked(reading, view)
    if mail.attachments:
        yield _attachments(mail, view)
    for note in mail.notes:
        yield from ((Span(note[a:b], "note"),) for a, b in breaks(note, width))


def sender_text(mail: ReadableMail) -> str:
    """Name and address of whoever sent it."""
    person = mail.sender
    full = f"{person.name} <{person.address}>" if person.name and person.address else ""
    return full or person.name or person.address or _("(no sender)")


def _people(word: str, people: Sequence[Address], width: int) -> str:
    """As many names as fit on the line, and how many more there are."""
    text, shown_people = f"{word}: ", 0
    for person in people:
        name = clean_line(person.name or person.address)
        more = len(people) - shown_people - 1
        tail = f" +{number(more)}" if more else ""
        if shown_people and cell_width(text) + cell_width(name) + 2 + len(tail) > width:
            break
        text += (", " if shown_people else "") + name
        shown_people += 1
        if shown_people > width:
            break
    more = len(people) - shown_people
    tail = f" +{number(more)}" if more else ""
    return fit(text, min(cell_width(text), width - len(tail))) + tail


def _linked(reading: Reading, view: View) -> TextLine:
    row = reading.row
    if row.links:
        names = ", ".join(map(_link_text, row.links))
        text = clean_line(_("Linked: {names}").format(names=names))
        keys = f"   {view.open_key} {_('open')}" if view.open_key else ""
        return (Span(fit(text, min(view.width - cell_width(keys), cell_width(text))) + keys, "key"),)
    if not row.unprocessed:
        return ()
    spans = [Span(f"{view.signs.unprocessed} {_('unprocessed')}", "unprocessed")]
    if reading.suggestion:
        text = clean_line(_("Suggestion: {title}").format(title=reading.suggestion))
        keys = f"  {view.link_key} Enter"
        room = view.width - sum(cell_width(span.text) for span in spans) - 3 - cell_width(keys)
        spans += [Span("   "), Span(fit(text, min(room, cell_width(text))) + keys, "key")]
    return tuple(spans)


def _link_text(link: LinkLabel) -> str:
    text = f"{kind_word(link.kind)} {link.title}"
    return _("{record} (by its thread)").format(record=text) if link.by_thread else text


def _attachments(mail: ReadableMail, view: View) -> TextLine:
    files = [f for f in mail.attachments if not f.inline] or list(mail.attachments)
    text = f"{view.signs.attachment} " + ", ".join(f"{clean_line(f.name)} ({size(f.size)})" for f in files)
    return (Span(fit(text, min(view.width, cell_width(text))), "key"),)


def _headers(mail: ReadableMail, view: View) -> Iterator[TextLine]:
    yield ()
    for name, value in mail.headers:
        text = clean_line(f"{name}: {value}")
        for a, b in breaks(text, view.width):
            yield (Span(text[a:b], "quiet"),)


def _comment(comment: Comment, view: View) -> Iterator[TextLine]:
    when = comment.at.astimezone(view.zone_of.tzinfo)
    text = clean_line(
        f"{view.signs.comment} {comment.written_by} {short_day(when)} {when:%H:%M}: {comment.text}"
    )
    for a, b in breaks(text, view.width):
        yield (Span(text[a:b], "note"),)


# -- the text


def _body(mail: ReadableMail, view: View) -> Iterator[TextLine]:
    blocks: Sequence[TextBlock | Fold] = mail.blocks if view.all_open else shown(mail.blocks, view.opened)
    before: TextBlock | Fold | None = None
    for block in blocks:
        if before is not None:
            yield ()
        before = block
        if isinstance(block, Fold):
            yield (Span(_fold_text(block, view), "quiet"),)
        else:
            yield from _block(block, view)
    if not mail.blocks:
        yield (Span(_("(no text)"), "quiet"),)


def _fold_text(fold: Fold, view: View) -> str:
    if fold.kind is BlockKind.SIGNATURE:
        words = ngettext("signature, {n} line", "signature, {n} lines", fold.lines)
    else:
        words = ngettext("{n} quoted line", "{n} quoted lines", fold.lines)
    shows = _("{key} shows them").format(key=view.fold_key)
    return fit(f"{view.signs.folded} {words.format(n=number(fold.lines))}   {shows}", view.width).rstrip()


def _block(block: TextBlock, view: View) -> Iterator[TextLine]:
    style = _STYLES[block.kind]
    lead = view.signs.quote * min(block.depth, 5) + " " if block.depth else ""
    width = max(10, min(view.width, BROADEST) - len(lead))
    start = 0
    links = list(block.links)
    for line in block.text.split("\n"):
        end = start + len(line)
        while links and links[0].end <= start:
            links.pop(0)
        here = [link for link in links if link.start < end] if links and links[0].start < end else []
        for a, b in breaks(line, width):
            spans = _spans(line, a, b, start, here, style) if here else (Span(line[a:b], style),)
            yield (Span(lead, style), *spans) if lead else spans
        start = end + 1


def _spans(line: str, first: int, last: int, offset: int, links: Sequence[Link], style: str) -> TextLine:
    """A piece of a line with its links; `offset` is where the line begins in the text that the links count in."""
    spans: list[Span] = []
    place = first
    for link in links:
        a, b = max(first, link.start - offset), min(last, link.end - offset)
        if a >= b:
            continue
        if a > place:
            spans.append(Span(line[place:a], style))
        spans.append(Span(line[a:b], "link", link.url))
        place = b
    if place < last:
        spans.append(Span(line[place:last], style))
    return tuple(spans)


def _source(reading: Reading, view: View) -> list[TextLine]:
    lines: list[TextLine] = []
    for line in reading.source.split("\n"):
        lines += [(Span(line[a:b]),) for a, b in breaks(line, view.width)]
    return lines
