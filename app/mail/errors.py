"""What can go wrong between here and a mail server, in words for the rep."""

from __future__ import annotations

from app.domain.errors import PostkorbError


class MailError(PostkorbError):
    """Any failure of a mail server or Maildir. `temporary`: trying again later may help."""

    title = "The mail server reports a problem"
    temporary = True


class HostUnknown(MailError):
    title = "The server name was not found"
    next_step = "Check the spelling of the server name and the network."


class ConnectionFailed(MailError):
    title = "The server cannot be reached"
    next_step = "Check the server name, the port and the network."


class ConnectionLost(MailError):
    title = "The connection to the server broke"


class CertificateRefused(MailError):
    title = "The certificate of the server cannot be trusted"
    next_step = "Ask your administrator for the CA file and give it with --ca-file."
    temporary = False


class TlsMissing(MailError):
    title = "The server offers no encryption"
    next_step = "Postkorb never falls back to plain text; use imaps:// or ask your administrator."
    temporary = False


class LoginRefused(MailError):
    title = "User name or password was refused"
    next_step = "`postkorb account change --ask-password` takes another one, in the app `E` in the sync ledger (`g s`)."
    temporary = False


class ServerBusy(MailError):
    """The server says that it cannot serve us now (RFC 5530 UNAVAILABLE, INUSE, LIMIT; a 4xx answer of SMTP)."""

    title = "The server is not available at the moment"
    next_step = "Postkorb tries again later."


class FolderMissing(MailError):
    title = "There is no such folder on the server"
    temporary = False


class CommandRefused(MailError):
    """The server answered NO or BAD to one command; the connection goes on.

    `code`: the response code of RFC 9051 section 7.1 or RFC 5530, such as OVERQUOTA or NOPERM, or empty.
    """

    title = "The server refused the command"
    temporary = False

    def __init__(self, cause: str = "", code: str = "") -> None:
        super().__init__(cause)
        self.code = code


class HalfMoved(CommandRefused):
    """The mail was copied into the other folder, and the server refuses to delete it from the first one.

    `copied`: UIDs of the copies by those of the originals, as far as the server told.
    """

    def __init__(self, refused: CommandRefused, copied: dict[int, int]) -> None:
        super().__init__(refused.cause, refused.code)
        self.temporary = refused.temporary
        self.copied = copied


class BadUrl(MailError):
    title = "This server address cannot be used"
    temporary = False


class MailRefused(MailError):
    """A 5xx answer that is about the mail as a whole."""

    title = "The mail server refused the mail"
    temporary = False


class MailTooLarge(MailError):
    title = "The mail is larger than the server takes"
    next_step = "Remove attachments or send a link to them."
    temporary = False


class NotOffered(MailError):
    """The mail needs an extension (SMTPUTF8, 8BITMIME, AUTH) that the server does not have."""

    title = "The mail server cannot do what this mail needs"
    temporary = False
