"""What the parts of the compose screen share: its fields, and the draft that they make up. No key stands here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from textual.widgets import Static

from app.domain.mail.addresses import format_address, is_hostile, parse_addresses
from app.domain.mail.compose import Attachment, Draft, DraftKind
from app.domain.mail.messages import Address, subject_word
from app.domain.mail.quoting import base_subject
from app.domain.text import clean_line
from app.language import _
from app.screens.correspondence import Correspondence, Left
from app.screens.desk import Desk
from app.widgets.body import Body
from app.widgets.choices import Choice
from app.widgets.field import Field
from app.widgets.files import Files
from app.widgets.words import size

if TYPE_CHECKING:
    from app.services.outbox.drafts import Saved
    from app.services.outbox.keeper import DraftKeeper
    from app.services.outbox.originals import Begun, SenderChoice

ADDRESS_FIELDS = ("to", "cc", "bcc")


@dataclass
class Writing:
    """A mail while it is written: what no field shows. `kept`: the draft as it was when it was last saved or opened."""

    mailbox_id: int
    draft: Draft
    keeper: DraftKeeper
    senders: list[SenderChoice] = field(default_factory=list)
    kept: Draft | None = None


class ComposePlace(Correspondence):
    """The compose screen as its parts see it."""

    def __init__(
        self, desk: Desk, begun: Begun, outbox_id: int | None, when_left: Callable[[Left], None]
    ) -> None:
        from app.services.outbox.keeper import DraftKeeper

        super().__init__(desk)
        keeper = DraftKeeper(self.outbox_service(), outbox_id)
        self.mail = Writing(begun.mailbox_id, begun.draft, keeper)
        self.when_left = when_left

    @property
    def body(self) -> Body:
        return self.query_exactly_one("#text", Body)

    @property
    def files(self) -> Files:
        return self.query_exactly_one("#files", Files)

    def field(self, name: str) -> Field:
        """The field of this name: "to", "cc", "bcc" or "subject"."""
        return self.query_exactly_one(f"#{name}", Field)

    def is_typed_in(self) -> bool:
        return True

    # -- the draft

    def draft(self) -> Draft:
        """The mail as the fields show it now."""
        to, cc, bcc = (parse_addresses(one_line(self.field(name).value)) for name in ADDRESS_FIELDS)
        subject = one_line(self.field("subject").value)
        return replace(self.mail.draft, to=to, cc=cc, bcc=bcc, subject=subject, body=self.body.text)

    def save(self, follow: Callable[[Saved], None] | None = None) -> None:
        """Keep the draft in the store."""
        mail, draft, mailbox_id = self.mail, self.draft(), self.mail.mailbox_id
        mail.kept = draft

        def work() -> Saved:
            return mail.keeper.save(mailbox_id, draft)

        def after(saved: Saved) -> None:
            self.take_stored(draft.attachments, saved.draft.attachments)
            if follow is not None:
                follow(saved)

        self.write(work, after)

    def is_changed(self) -> bool:
        """Whether there is something that is not in the store yet."""
        return self.mail.kept is not None and self.draft() != self.mail.kept

    # -- the sender

    def set_sender(self, sender: Address, mailbox_id: int) -> None:
        """Write from this address."""
        self.mail.mailbox_id = mailbox_id
        self.mail.draft = replace(self.mail.draft, sender=sender)
        self.query_exactly_one("#sender", Static).update(clean_line(format_address(sender)))

    # -- attachments

    def set_files(self, files: tuple[Attachment, ...]) -> None:
        """Send these along."""
        self.mail.draft = replace(self.mail.draft, attachments=files)
        self.show_files()

    def show_files(self) -> None:
        """Draw the list of attachments again."""
        draft = self.mail.draft
        shown = [Choice(file, file.name, size(file.size) if file.size else "") for file in draft.attachments]
        if draft.kind is DraftKind.FORWARD_ATTACHED:
            shown.append(Choice(None, subject_word(base_subject(draft.subject)), _("the forwarded mail")))
        self.files.show(shown)
        self.query_exactly_one("#row-files").set_class(bool(shown), "-on")
        self.show_keys()

    def take_stored(self, before: tuple[Attachment, ...], after: tuple[Attachment, ...]) -> None:
        """Files that were taken into the store are known by their numbers from now on."""
        stored = dict(zip(before, after, strict=True))
        files = tuple(stored.get(file, file) for file in self.mail.draft.attachments)
        if files != self.mail.draft.attachments:
            self.set_files(files)
            if self.mail.kept is not None:
                kept = tuple(stored.get(file, file) for file in self.mail.kept.attachments)
                self.mail.kept = replace(self.mail.kept, attachments=kept)


def one_line(text: str) -> str:
    """What stands in a field, fit for a header: a control character that got in there never gets further."""
    return clean_line(text) if is_hostile(text) else text
