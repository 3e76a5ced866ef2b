"""A message as it is read: blocks of clean text, links, attachments, and what folds; it is filled by `app.mail.mime`.

Every text in here has been cleaned (`domain.text`) and can be drawn as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.mail.cards import Card
from app.domain.mail.messages import Address


class BlockKind(StrEnum):
    """TEXT: the author's own words. QUOTE: words of a mail before. NOTE: words of Postkorb about the mail.
    NESTED: one line about a mail inside this mail, which is an attachment too."""

    TEXT = "text"
    QUOTE = "quote"
    SIGNATURE = "signature"
    NOTE = "note"
    NESTED = "nested"


@dataclass(frozen=True, slots=True)
class Link:
    """`url` may be opened: http, https, mailto or tel, printable ASCII. `start` and `end` are places in its block's text.

    Where the visible text names another host than the URL, the real one stands behind it in the block's text.
    """

    text: str
    url: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextBlock:
    r"""A stretch of one kind, lines parted by `\n`. `depth`: how often quoted, 0 if not; the signs of quoting are taken
    off. `attachment`: index of the attachment that a NESTED block speaks of, or None."""

    kind: BlockKind
    text: str
    depth: int = 0
    links: tuple[Link, ...] = ()
    from_html: bool = False
    attachment: int | None = None

    @property
    def lines(self) -> int:
        return self.text.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message. `index` counts from 0 and names it in every call. `size`: bytes it has when saved, told
    without decoding it. `inline`: a picture of the text or a machine's signature, listed last and not counted."""

    index: int
    name: str
    content_type: str
    size: int
    inline: bool = False


@dataclass(frozen=True, slots=True)
class ReadableMail:
    """What the reading pane shows. `date`: aware UTC, None if the mail names none. `headers`: all fields, decoded, as
    they stand in the mail. `notes`: sentences in the rep's language about what could not be read. `cards`: the people on the
    visiting cards of a file that is read like a mail."""

    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    date: datetime | None
    subject: str
    headers: tuple[tuple[str, str], ...]
    blocks: tuple[TextBlock, ...]
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(link for block in self.blocks for link in block.links)

    @property
    def text(self) -> str:
        """The body as plain text, quotes with their signs and the signature below its line (RFC 3676 section 4)."""
        return "\n\n".join(plain_block(block) for block in self.blocks)


def plain_block(block: TextBlock) -> str:
    """A block as it would stand in a plain-text mail."""
    if block.kind is BlockKind.SIGNATURE:
        return f"-- \n{block.text}"
    if not block.depth:
        return block.text
    signs = ">" * block.depth
    return "\n".join(f"{signs} {line}" if line else signs for line in block.text.split("\n"))


#: Quotes of so few lines are worth more than the line that would stand in for them.
SHORT_QUOTE = 3


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks `first` to before `end` that can be folded into one line; `first` names the fold."""

    kind: BlockKind
    first: int
    end: int
    lines: int


def folds(blocks: Sequence[TextBlock]) -> tuple[Fold, ...]:
    """The runs of quotes and the signatures that may be folded away.

    Short quotes stay, because the answer below needs them; and everything stays where the author wrote nothing
    himself, because then the quote is the mail.
    """
    if not any(block.kind in (BlockKind.TEXT, BlockKind.NESTED) for block in blocks):
        return ()
    found: list[Fold] = []
    first = 0
    for place in range(1, len(blocks) + 1):
        if place < len(blocks) and blocks[place].kind is blocks[first].kind:
            continue
        lines = sum(block.lines for block in blocks[first:place])
        kind = blocks[first].kind
        if kind is BlockKind.SIGNATURE or (kind is BlockKind.QUOTE and lines > SHORT_QUOTE):
            found.append(Fold(kind, first, place, lines))
        first = place
    return tuple(found)


def shown(blocks: Sequence[TextBlock], opened: frozenset[int] = frozenset()) -> list[TextBlock | Fold]:
    """What is drawn: every block, and a fold in place of each run whose number (`Fold.first`) is not in `opened`."""
    out: list[TextBlock | Fold] = []
    place = 0
    for fold in folds(blocks):
        out += blocks[place : fold.first]
        out += blocks[fold.first : fold.end] if fold.first in opened else [fold]
        place = fold.end
    out += blocks[place:]
    return out
