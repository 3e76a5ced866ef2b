"""The one family of errors that a person is shown: a title, the cause, and what to do next."""

from __future__ import annotations

import re
from typing import Any

from app.language import _

_NUMBER = re.compile(r"\d+")


def told_again(noted: str) -> str:
    """What was noted as `str(error)`, in the rep's language as far as it knows title, cause and what stands between the
    colons of a cause."""
    title, colon, cause = noted.partition(": ")
    return _phrase(title) + colon + _cause_again(cause)


def _cause_again(cause: str) -> str:
    told = _phrase(cause)
    return told if told != cause else ": ".join(map(_phrase, cause.split(": ")))


def _phrase(words: str) -> str:
    """Words in the rep's language; a number in them is the `{n}` of the source text."""
    told = _(words) if words else ""
    numbers = _NUMBER.findall(words)
    if told != words or len(numbers) != 1:
        return told
    source = words.replace(numbers[0], "{n}")
    told = _(source)
    return told.replace("{n}", numbers[0]) if told != source else words


class PostkorbError(Exception):
    """Something a person must be told. `str()` gives the English line for logs, for JSON and for what is noted.

    `title` and `next_step` are untranslated source texts (see `app.language`); so is `cause` unless it is outside text,
    and it may name `values`, of which `reason` is translated too. What is told must be cleaned before it is drawn.
    """

    title = "Something went wrong"
    next_step = ""

    def __init__(self, cause: str = "", **values: object) -> None:
        self.cause = cause.format(**values) if values else cause
        super().__init__(f"{self.title}: {self.cause}" if cause else self.title)
        self._cause, self._values = cause, values

    @property
    def told_cause(self) -> str:
        """The cause in the rep's language; what it does not know stays as it is."""
        if not self._values:
            return _cause_again(self._cause)
        told = _(self._cause)
        values = {name: _(str(value)) if name == "reason" else value for name, value in self._values.items()}
        return told.format(**values)

    @property
    def told(self) -> str:
        """Title and cause in the rep's language."""
        return f"{_(self.title)}: {self.told_cause}" if self.cause else _(self.title)

    def __reduce__(self) -> tuple[Any, ...]:
        """Between processes as it was made: `args` holds the title as well."""
        return type(self), (self.cause,), self.__dict__


class NotFound(PostkorbError):
    """`cause` is what was asked for: a number, a name, words."""

    title = "There is no such record"


class MailNotFound(NotFound):
    title = "There is no such mail"
    next_step = "It may have been deleted elsewhere."


class AccountNotFound(NotFound):
    title = "There is no such account"
    next_step = "`postkorb account list` names them."


class FolderNotFound(NotFound):
    title = "There is no such folder"


class AttachmentNotFound(NotFound):
    title = "There is no such attachment"


class OutboxMailNotFound(NotFound):
    title = "There is no such mail in the outbox"


class ContactNotFound(NotFound):
    title = "There is no such contact"


class LeadNotFound(NotFound):
    title = "There is no such lead"


class CampaignNotFound(NotFound):
    title = "There is no such campaign"


class TaskNotFound(NotFound):
    title = "There is no such task"


class OpportunityNotFound(NotFound):
    title = "There is no such opportunity"


class BadInput(PostkorbError):
    title = "This input cannot be used"


class Refused(PostkorbError):
    """A rule of the house forbids it; `cause` says which."""

    title = "That is not possible"
