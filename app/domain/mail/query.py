"""What a search asks for: words, conditions, and a hint about what was not understood; how it is written is in
`app.domain.mail.query_language`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Part(StrEnum):
    """The parts of a mail that are searched; also the columns of the index."""

    SENDER = "sender"
    RECIPIENTS = "recipients"
    SUBJECT = "subject"
    BODY = "body"
    FILES = "files"


class Sign(StrEnum):
    """What can be asked of a mail beside its words."""

    ATTACHMENT = "attachment"
    UNREAD = "unread"
    UNPROCESSED = "unprocessed"
    FLAGGED = "flagged"
    ANSWERED = "answered"
    #: Flagged, or given a coloured mark.
    MARKED = "marked"


class Hint(StrEnum):
    """Source texts of what to tell about a query; `{about}` is the piece in question."""

    OPEN_QUOTE = "The closing quotation mark is missing"
    NO_DATE = "“{about}” is not a date; try 2026-11-20, 20.11.2026 or yesterday"
    NO_SIGN = "“{about}” cannot be asked for; try is:unread or has:attachment"
    NO_KEY = "“{about}:” is not a search key; it was searched as a word"
    NO_FOLDER = "There is no folder “{about}”"
    TOO_LONG = "Only the first words of this were searched"
    NO_WORD = "Behind “{about}” a word is missing"
    NO_OR = "Every word has to be found; “{about}” counts as a word too"
    NOTHING = "There is no word to search for"
    STAR = "A * stands at the end of a word, after two letters at least"


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several side by side, folded; `prefix`: the last one may go on. `part` None: anywhere."""

    words: tuple[str, ...]
    part: Part | None = None
    prefix: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood. `signs` and `folders` (parts of names) say whether they must hold or must not."""

    terms: tuple[Term, ...] = ()
    signs: tuple[tuple[Sign, bool], ...] = ()
    folders: tuple[tuple[str, bool], ...] = ()
    after: date | None = None
    before: date | None = None
    hint: Hint | None = None
    about: str = ""
    unclear: bool = False

    @property
    def asks_nothing(self) -> bool:
        """Whether no word and no condition was understood."""
        return not (self.terms or self.signs or self.folders or self.after or self.before)

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def excluded(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.excluded)
