"""What a server's NO, BAD or BYE means, as errors of the house. Pure."""

from __future__ import annotations

from app.mail.errors import CommandRefused, FolderMissing, LoginRefused, MailError, ServerBusy, TlsMissing

#: Servers may say anything; so much of it is kept.
MAX_CAUSE = 300

_BUSY = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"}
_MISSING = {"NONEXISTENT", "TRYCREATE"}
#: Servers without response codes, for SELECT, STATUS, COPY and APPEND.
_MISSING_WORDS = (
    "doesn't exist",
    "does not exist",
    "no such mailbox",
    "not found",
    "unknown mailbox",
    "nonexistent",
)


def cause_of(text: bytes) -> str:
    """A server's words, cut to a bearable length; not cleaned for the terminal."""
    words = text.decode("utf-8", "replace").strip()
    return words if len(words) <= MAX_CAUSE else words[:MAX_CAUSE] + "…"


def refusal(code: str, text: bytes) -> MailError:
    """The error for a command that was answered NO or BAD with this response code (RFC 5530) and text."""
    cause = cause_of(text)
    if code in _MISSING or (not code and any(words in cause.lower() for words in _MISSING_WORDS)):
        return FolderMissing(cause)
    error = CommandRefused(cause, code)
    error.temporary = code in _BUSY
    return error


def login_refusal(code: str, text: bytes) -> MailError:
    """The error for a login that was answered NO or BAD."""
    cause = cause_of(text)
    if code in _BUSY:
        return ServerBusy(cause)
    if code == "PRIVACYREQUIRED":
        return TlsMissing(cause)
    return LoginRefused(cause)
