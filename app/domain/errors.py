"""The one family of errors that a person is shown: a title, the cause, and what to do next."""

from __future__ import annotations

from typing import Any


class PostkorbError(Exception):
    """Something a person must be told. `str()` gives the English line for logs and the command line.

    `title` and `next_step` are untranslated source texts (see `app.language`); `cause` is outside text and must be
    cleaned before it is drawn.
    """

    title = "Something went wrong"
    next_step = ""

    def __init__(self, cause: str = "") -> None:
        super().__init__(f"{self.title}: {cause}" if cause else self.title)
        self.cause = cause

    def __reduce__(self) -> tuple[Any, ...]:
        """Between processes as it was made: `args` holds the title as well."""
        return type(self), (self.cause,), self.__dict__


class NotFound(PostkorbError):
    title = "There is no such record"


class BadInput(PostkorbError):
    title = "This input cannot be used"


class Refused(PostkorbError):
    """A rule of the house forbids it; `cause` says which."""

    title = "That is not possible"
