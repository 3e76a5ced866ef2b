"""The tables, the search index and the counters of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.migrations.plain_0001 import POSTGRESQL, SQLITE

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Short makers of columns. Not those of the tables in the code: these stay as they were at the first release.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NEVER_AGAIN = {"sqlite_autoincrement": True}


def _key(name: str = "id", *, counted: bool = True) -> sa.Column[int]:
    return sa.Column(name, _SERIAL, primary_key=True, autoincrement=counted)


def _part(name: str, whole: str, *, nullable: bool = False, within_key: bool = False) -> sa.Column[int]:
    """Names a row of another table, and goes with it; where it is nullable, it is emptied instead."""
    return sa.Column(
        name,
        _SERIAL if within_key else sa.BigInteger(),
        sa.ForeignKey(whole, ondelete="SET NULL" if nullable else "CASCADE"),
        primary_key=within_key,
        autoincrement=False,
        nullable=nullable,
    )


def _text(name: str, *, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False, unique=unique)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [_text(name) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in names]


def _maybe(*names: str) -> list[sa.Column[int]]:
    """Numbers that may be missing."""
    return [sa.Column(name, sa.BigInteger(), nullable=True) for name in names]


def _flag(name: str, *, on: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), server_default="1" if on else "0", nullable=False)


def _flags(*names: str) -> list[sa.Column[int]]:
    return [_flag(name) for name in names]


def _index(table: str, *columns: str, name: str = "", unique: bool = False, where: str = "") -> None:
    condition = sa.text(where) if where else None
    op.create_index(
        name or f"ix_{table}_{'_'.join(columns)}",
        table,
        list(columns),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def upgrade() -> None:
    _mailboxes()
    _mail()
    _copies()
    _sync()
    _contacts()
    _leads()
    _work()
    _triage()
    _outbox()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", "\\:")))


def _mailboxes() -> None:
    """What is synced, and by whom."""
    op.create_table(
        "mailbox",
        _key(),
        _text("name", unique=True),
        *_texts("address", "display_name", "senders", "source", "outgoing", "secret"),
        *_texts("password_command", "ca_file", "signature"),
        *_maybe("fetch_days"),
        *_texts("only_folders"),
        *_numbers("position", "sync_wanted", "sync_answered"),
        *_maybe("synced_at"),
        *_texts("sync_error"),
        *_numbers("created_at"),
    )
    op.create_table(
        "folder",
        _key(),
        _part("mailbox_id", "mailbox.id"),
        *_texts("path", "name", "role"),
        *_flags("role_by_hand"),
        _flag("selectable", on=True),
        _flag("synced", on=True),
        *_flags("gone"),
        *_numbers("uidvalidity", "uidnext"),
        *_maybe("highestmodseq"),
        *_numbers("messages"),
        *_flags("complete"),
        *_numbers("total", "unread", "unprocessed"),
        *_maybe("last_attempt", "last_success"),
        *_texts("last_error"),
        *_numbers("last_new", "last_changed", "last_gone"),
        sa.Column("last_seconds", sa.Float(), server_default="0", nullable=False),
        sa.UniqueConstraint("mailbox_id", "path"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False, primary_key=True),
        *_texts("owner"),
        sa.Column("expires_at", sa.Float(), server_default="0", nullable=False),
    )


def _mail() -> None:
    """Messages, apart from where they lie."""
    op.create_table(
        "message",
        _key("id", counted=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False, unique=True),
        *_texts("header_message_id"),
        *_numbers("thread_id", "date"),
        *_texts("sender_name", "sender_address", "recipients", "subject"),
        *_numbers("size", "attachments"),
        *_texts("defect"),
        *_numbers("source_id"),
    )
    _index("message", "id", name="message_files", where="attachments > 0")
    _index("message", "header_message_id")
    _index("message", "sender_address")
    _index("message", "source_id")
    _index("message", "thread_id")
    op.create_table("message_source", _key(), sa.Column("raw", sa.LargeBinary(), nullable=False))
    op.create_table("thread_reference", _key("reference", counted=False), *_numbers("thread_id"))
    _index("thread_reference", "thread_id")
    op.create_table(
        "loose_message",
        _key("message_id", counted=False),
        *_numbers("mailbox_id", "not_before"),
    )
    op.create_table(
        "correspondent",
        sa.Column("address", sa.String(), nullable=False, primary_key=True),
        *_texts("name", "search"),
        *_numbers("uses", "last_at"),
        *_flags("written_to"),
    )


def _copies() -> None:
    """Messages in folders."""
    op.create_table(
        "mail_copy",
        _key(),
        _part("folder_id", "folder.id"),
        _part("message_id", "message.id"),
        *_maybe("uid"),
        *_flags("seen", "flagged", "answered", "draft", "unprocessed"),
        **_NEVER_AGAIN,
    )
    _index("mail_copy", "folder_id", "message_id", "id", name="mail_copy_flagged", where="flagged = 1")
    _index(
        "mail_copy",
        "folder_id",
        "message_id",
        "id",
        name="mail_copy_folder_unprocessed",
        where="unprocessed = 1",
    )
    _index("mail_copy", "folder_id", "message_id", "id", name="mail_copy_list")
    _index("mail_copy", "message_id", "id", "folder_id", name="mail_copy_message")
    _index("mail_copy", "folder_id", "uid", name="mail_copy_uid", unique=True)
    _index(
        "mail_copy", "message_id", "id", "folder_id", name="mail_copy_unprocessed", where="unprocessed = 1"
    )
    _index("mail_copy", "folder_id", "message_id", "id", name="mail_copy_unread", where="seen = 0")


def _sync() -> None:
    """What a server still has to be told, and what could not be read of it."""
    op.create_table(
        "operation",
        _key(),
        _part("mailbox_id", "mailbox.id"),
        _part("folder_id", "folder.id"),
        *_maybe("copy_id", "message_id", "uid"),
        *_texts("kind", "arguments"),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        *_flags("tried"),
        *_numbers("target_uidvalidity", "target_uidnext", "attempts", "due_at"),
        *_texts("error"),
        *_numbers("created_at"),
    )
    _index("operation", "copy_id")
    _index("operation", "message_id")
    _index("operation", "folder_id", "uid", name="operation_folder")
    _index("operation", "mailbox_id", "id", name="operation_order")
    op.create_table(
        "skipped_message",
        _part("folder_id", "folder.id", within_key=True),
        sa.Column("uid", sa.BigInteger(), nullable=False, primary_key=True),
        *_texts("reason"),
        *_numbers("at", "version"),
        *_flags("again"),
    )


def _contacts() -> None:
    """Contacts, and what they are found by."""
    op.create_table(
        "contact",
        _key(),
        *_texts("salutation", "title", "first_name", "last_name", "company", "customer_number"),
        *_texts("street", "postal_code", "city", "country", "assignee", "traits", "note", "search"),
        sa.Column("name_order", _WORD, server_default="", nullable=False),
        *_numbers("created_at", "changed_at"),
        **_NEVER_AGAIN,
    )
    _index("contact", "company")
    _index("contact", "customer_number")
    _index("contact", "name_order")
    op.create_table(
        "contact_email",
        _key(),
        _part("contact_id", "contact.id"),
        *_texts("address", "domain", "label"),
    )
    _index("contact_email", "address")
    _index("contact_email", "contact_id")
    _index("contact_email", "domain")
    op.create_table("contact_phone", _key(), _part("contact_id", "contact.id"), *_texts("number", "label"))
    _index("contact_phone", "contact_id")
    op.create_table(
        "contact_word",
        sa.Column("phrase", sa.SmallInteger(), autoincrement=False, nullable=False, primary_key=True),
        sa.Column("word", _WORD, nullable=False, primary_key=True),
        _part("contact_id", "contact.id", within_key=True),
    )
    _index("contact_word", "contact_id")


def _leads() -> None:
    """Campaigns and leads."""
    op.create_table("campaign", _key(), _text("name", unique=True))
    op.create_table(
        "lead",
        _key(),
        *_texts("title"),
        _part("contact_id", "contact.id", nullable=True),
        _part("campaign_id", "campaign.id", nullable=True),
        *_texts("source", "assignee", "state", "result", "reason"),
        *_maybe("value"),
        *_texts("next_step", "due_on", "note", "search"),
        *_numbers("created_at", "changed_at"),
        **_NEVER_AGAIN,
    )
    _index("lead", "contact_id")
    _index("lead", "search")
    _index("lead", "state", "assignee", name="lead_state")


def _work() -> None:
    """What is to be done for a lead or a contact."""
    op.create_table(
        "task",
        _key(),
        *_texts("title"),
        _part("contact_id", "contact.id", nullable=True),
        _part("lead_id", "lead.id", nullable=True),
        *_texts("due_on", "assignee"),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        *_texts("note", "search"),
        *_numbers("created_at", "changed_at"),
        **_NEVER_AGAIN,
    )
    _index("task", "contact_id")
    _index("task", "search")
    _index("task", "lead_id")
    _index("task", "state", "assignee", "due_on", name="task_state")
    op.create_table(
        "opportunity",
        _key(),
        *_texts("title"),
        _part("contact_id", "contact.id", nullable=True),
        _part("lead_id", "lead.id", nullable=True),
        *_maybe("value"),
        *_numbers("probability"),
        *_texts("stage", "expected_on", "assignee", "search"),
        *_numbers("created_at", "changed_at"),
        **_NEVER_AGAIN,
    )
    _index("opportunity", "contact_id")
    _index("opportunity", "search")


def _triage() -> None:
    """What people did to mail."""
    op.create_table(
        "link",
        _key(),
        _part("message_id", "message.id"),
        *_texts("kind"),
        *_numbers("record_id"),
        *_texts("origin", "author"),
        *_numbers("created_at"),
        sa.UniqueConstraint("message_id", "kind", "record_id"),
    )
    _index("link", "kind", "record_id", "message_id", name="link_record")
    op.create_table("mark", _part("message_id", "message.id", within_key=True), *_texts("colour"))
    op.create_table(
        "comment",
        _key(),
        _part("message_id", "message.id"),
        *_texts("text", "author"),
        *_numbers("created_at"),
        **_NEVER_AGAIN,
    )
    _index("comment", "message_id")
    op.create_table("undo_step", _key(), *_texts("author", "title", "inverse"), *_numbers("created_at"))
    _index("undo_step", "author")


def _outbox() -> None:
    """Mail on its way out."""
    op.create_table(
        "outbox",
        _key(),
        _part("mailbox_id", "mailbox.id"),
        *_texts("state", "kind", "sender", "recipients_to", "recipients_cc", "recipients_bcc"),
        *_texts("subject", "body"),
        _part("answers_message_id", "message.id", nullable=True),
        *_texts("in_reply_to", "reference_ids", "header_message_id"),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        *_numbers("due_at", "attempts"),
        *_flags("dot_reached"),
        *_texts("error"),
        *_numbers("created_at", "changed_at"),
        *_maybe("first_try_at", "sent_at"),
    )
    _index("outbox", "header_message_id")
    _index("outbox", "state", "due_at", name="outbox_due")
    op.create_table(
        "outbox_attachment",
        _key(),
        _part("outbox_id", "outbox.id"),
        *_texts("name", "content_type", "path"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    _index("outbox_attachment", "outbox_id")
    op.create_table(
        "outbox_recipient",
        _key(),
        _part("outbox_id", "outbox.id"),
        *_texts("address", "state", "reply"),
    )
    _index("outbox_recipient", "outbox_id")
