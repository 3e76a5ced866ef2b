"""The language in which a search is typed: from the text to what it asks for (`app.domain.mail.query`); it runs nothing.

Words are joined by AND. `"a phrase"`, `-excluded`, `begin*`, and `key:value` in German or English:
`von: an: betreff: anhang:` look into one part of the mail, `vor: nach: am:` take a day, a month or a year
(`2026-11-20`, `20.11.2026`, `2026-11`, `11.2026`, `2026`, `heute`, `gestern`), `nach:` includes its first day and `vor:`
leaves it out; `in:` takes a part of a folder's name, `hat:anhang` and `ist:ungelesen` state what must hold.
Nothing that is typed is an error: what is not understood becomes a hint, and a query with a condition that is not
understood, or with none at all, is `unclear`: it finds nothing rather than more than was asked for. While somebody types, the last word counts as the
beginning of one; `as_typed` makes that lasting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.folding import fold
from app.domain.mail.query import Hint, Part, Query, Sign, Term
from app.domain.periods import period_of

#: More than a person asks for; more would only make an engine give up.
MOST_TERMS, MOST_WORDS = 32, 32
#: A shorter beginning of a word would find nearly everything, slowly.
SHORTEST_PREFIX = 2

PARTS = {
    "von": Part.SENDER,
    "from": Part.SENDER,
    "absender": Part.SENDER,
    "an": Part.RECIPIENTS,
    "to": Part.RECIPIENTS,
    "cc": Part.RECIPIENTS,
    "betreff": Part.SUBJECT,
    "subject": Part.SUBJECT,
    "text": Part.BODY,
    "body": Part.BODY,
    "anhang": Part.FILES,
    "datei": Part.FILES,
    "file": Part.FILES,
}
SIGNS = {
    "anhang": (Sign.ATTACHMENT, True),
    "attachment": (Sign.ATTACHMENT, True),
    "ungelesen": (Sign.UNREAD, True),
    "unread": (Sign.UNREAD, True),
    "gelesen": (Sign.UNREAD, False),
    "read": (Sign.UNREAD, False),
    "unverarbeitet": (Sign.UNPROCESSED, True),
    "unprocessed": (Sign.UNPROCESSED, True),
    "verarbeitet": (Sign.UNPROCESSED, False),
    "processed": (Sign.UNPROCESSED, False),
    "wichtig": (Sign.FLAGGED, True),
    "important": (Sign.FLAGGED, True),
    "markiert": (Sign.MARKED, True),
    "flagged": (Sign.MARKED, True),
    "beantwortet": (Sign.ANSWERED, True),
    "answered": (Sign.ANSWERED, True),
    "unbeantwortet": (Sign.ANSWERED, False),
    "unanswered": (Sign.ANSWERED, False),
}
_AFTER, _BEFORE, _WITHIN = (
    ("nach", "after", "seit", "since"),
    ("vor", "before"),
    ("am", "on", "datum", "date"),
)
_SIGN_KEYS = ("ist", "is", "hat", "has")
_FOLDER_KEYS = ("in", "ordner", "folder")

_ALL_KEYS = (*PARTS, *_AFTER, *_BEFORE, *_WITHIN, *_SIGN_KEYS, *_FOLDER_KEYS)
_CONNECTIVES = ("OR", "AND", "NOT", "ODER", "UND", "NICHT")

#: A key and blanks behind it; the blanks are taken as a slip.
_KEY_AND_BLANKS = re.compile(rf"(?<![^\s-])({'|'.join(_ALL_KEYS)}):\s+(?=\S)", re.IGNORECASE)
_PIECE = re.compile(r'(-?)(?:([^\W\d_]+):(?=\S))?(?:"([^"]*)("\*?|$)|([^\s"]+))')
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(slots=True)
class _Reading:
    """The query while it is read."""

    today: date
    found: Query = field(default_factory=Query)

    def hint(self, hint: Hint, about: str = "") -> None:
        if self.found.hint is None:
            self.found = replace(self.found, hint=hint, about=about)

    def left_out(self, hint: Hint, about: str) -> None:
        """A condition is not understood: without it the query would find what was not asked for."""
        self.hint(hint, about)
        self.found = replace(self.found, unclear=True)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between spaces or quotation marks. `exact`: in quotes; `starred`: with a * behind the quotes;
    `cut`: the closing quotes are missing; `open_end`: the end of the text while somebody types."""

    excluded: bool
    key: str
    value: str
    exact: bool
    starred: bool
    cut: bool
    open_end: bool


def as_typed(text: str) -> str:
    """The query that goes on finding what `text` finds while it is typed: its last word may begin a longer one."""
    text = _straight(text)
    last = None
    for piece in _pieces(text, typing=True):
        last = piece
    if last is None or not last.open_end or not _is_begun(last):
        return text if last is not None and last.cut else text.strip()
    return f'{text}"*' if last.cut else f"{text}*"


def parse(text: str, today: date, *, typing: bool = False) -> Query:
    """What `text` asks for. `typing`: more may follow, so that the last word counts as the beginning of one."""
    reading = _Reading(today)
    for piece in _pieces(text, typing=typing):
        if piece.cut and not typing:
            reading.hint(Hint.OPEN_QUOTE)
        _read(reading, piece)
    if reading.found.asks_nothing and (reading.found.hint or not typing):
        reading.left_out(Hint.NOTHING, "")
    return reading.found


def _pieces(text: str, *, typing: bool) -> Iterator[_Piece]:
    text = _straight(text)
    for match in _PIECE.finditer(text):
        minus, key, phrase, end, word = match.groups()
        yield _Piece(
            excluded=minus == "-",
            key=key or "",
            value=word if phrase is None else phrase,
            exact=bool(end),
            starred=end == '"*',
            cut=end == "",
            open_end=typing and not end and match.end() == len(text),
        )


def _straight(text: str) -> str:
    """Quotation marks of any kind as the one that counts, and no blanks behind a key."""
    return _KEY_AND_BLANKS.sub(r"\1:", text.translate({ord(sign): '"' for sign in "„“”»«"}))


def _is_begun(piece: _Piece) -> bool:
    """Whether a piece at which somebody types counts as the beginning of words."""
    name = piece.key.casefold()
    is_words = name in PARTS or name not in _ALL_KEYS
    words = _words(piece.value)
    return (
        is_words
        and not piece.excluded
        and bool(words)
        and len(words[-1]) >= SHORTEST_PREFIX
        and piece.value[-1].isalnum()
    )


def _words(value: str) -> tuple[str, ...]:
    return tuple(word for word in _NO_WORD.split(fold(value)) if word)


def _read(reading: _Reading, piece: _Piece) -> None:
    name = piece.key.casefold()
    if not piece.key and piece.value[-1:] == ":" and piece.value[:-1].casefold() in _ALL_KEYS:
        if not piece.open_end:
            reading.left_out(Hint.NO_WORD, piece.value)
        return
    if name in PARTS:
        _add_term(reading, piece, piece.value, PARTS[name])
    elif name in _SIGN_KEYS:
        _add_sign(reading, piece)
    elif name in _FOLDER_KEYS:
        folder = (piece.value, not piece.excluded)
        reading.found = replace(reading.found, folders=(*reading.found.folders, folder))
    elif name in (*_AFTER, *_BEFORE, *_WITHIN):
        _add_date(reading, piece, name)
    else:
        if piece.key and not piece.value.startswith("//"):
            reading.hint(Hint.NO_KEY, piece.key)
        if not piece.key and not piece.exact and piece.value in _CONNECTIVES:
            reading.hint(Hint.NO_OR, piece.value)
        _add_term(reading, piece, f"{piece.key} {piece.value}", None)


def _add_term(reading: _Reading, piece: _Piece, value: str, part: Part | None) -> None:
    words = _words(value)
    if not words:
        just_begun = piece.open_end and not piece.key and len(piece.value) < 2
        if not just_begun:
            is_condition = bool(piece.key) or piece.excluded
            tell = reading.left_out if is_condition else reading.hint
            tell(Hint.NO_WORD, f"{piece.key}:" if piece.key else piece.value or '"')
        return
    if len(reading.found.terms) >= MOST_TERMS:
        reading.hint(Hint.TOO_LONG)
        return
    if len(words) > MOST_WORDS:
        reading.hint(Hint.TOO_LONG)
        words = words[:MOST_WORDS]
    starred = piece.starred or (value.endswith("*") and not piece.exact)
    long_enough = len(words[-1]) >= SHORTEST_PREFIX
    if (starred and not long_enough) or (not piece.exact and "*" in value.rstrip("*")):
        reading.hint(Hint.STAR)
    going_on = piece.open_end and _is_begun(piece)
    term = Term(words, part, long_enough and (starred or going_on), piece.excluded)
    reading.found = replace(reading.found, terms=(*reading.found.terms, term))


def _add_sign(reading: _Reading, piece: _Piece) -> None:
    name = piece.value.casefold()
    if name in SIGNS:
        sign, holds = SIGNS[name]
        reading.found = replace(reading.found, signs=(*reading.found.signs, (sign, holds != piece.excluded)))
    elif not (piece.open_end and any(known.startswith(name) for known in SIGNS)):
        reading.left_out(Hint.NO_SIGN, f"{piece.key}:{piece.value}")


def _add_date(reading: _Reading, piece: _Piece, name: str) -> None:
    period = period_of(piece.value, reading.today)
    if period is None:
        if not piece.open_end:
            reading.left_out(Hint.NO_DATE, piece.value)
        return
    begin, end = period
    after, before = reading.found.after, reading.found.before
    if name in _WITHIN:
        after, before = _later(after, begin), _earlier(before, end)
    elif (name in _AFTER) != piece.excluded:
        after = _later(after, begin)
    else:
        before = _earlier(before, begin)
    reading.found = replace(reading.found, after=after, before=before)


def _later(one: date | None, other: date) -> date:
    return other if one is None else max(one, other)


def _earlier(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)
