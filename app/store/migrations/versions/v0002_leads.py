"""Members, history, stages, reasons: what working on leads and opportunities needs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STAGES = (
    ("Qualifiziert", "", 25),
    ("Angebot", "", 50),
    ("Verhandlung", "", 75),
    ("Gewonnen", "won", 100),
    ("Verloren", "lost", 0),
)
_REASONS = ("not interested", "not reachable", "wrong contact", "competitor", "other")


def _table(name: str, *columns: sa.Column[Any] | sa.UniqueConstraint, once: bool = False) -> None:
    """`once`: ids are never given anew."""
    key = sa.Column("id", _SERIAL, primary_key=True, autoincrement=True)
    op.create_table(name, key, *columns, sqlite_autoincrement=once)


def _texts(*names: str, unique: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), server_default="", nullable=False, unique=unique) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in names]


def _maybe(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=True) for name in names]


def _flag(name: str, *, on: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), server_default="1" if on else "0", nullable=False)


#: In the order of the board, as `store.leads.listing` asks for it; then all that lists are filtered by and counted from, so
#: that they read no whole lead.
_LEAD_LIST = """CREATE INDEX lead_list ON lead (state,
  (CASE state WHEN 'new' THEN created_at WHEN 'done' THEN -finished_at
    ELSE CASE due_on WHEN '' THEN 1 ELSE 0 END END),
  (CASE state WHEN 'active' THEN due_on ELSE '' END),
  (CASE state WHEN 'done' THEN -id ELSE id END),
  assignee, campaign_id, source, due_on, created_at, finished_at, contact_id, value, search, result, reason,
  activated_at)"""


def upgrade() -> None:
    _team()
    _history()
    _records()
    _indexes()
    _what_is_there()


def _team() -> None:
    """Who works here, and the lists that they keep."""
    _table(
        "member",
        *_texts("login", unique=True),
        *_texts("name", "addresses"),
        sa.Column("role", sa.String(), server_default="rep", nullable=False),
        _flag("active", on=True),
        *_numbers("created_at", "changed_at"),
    )
    _table(
        "mention",
        *_texts("login", "author", "kind"),
        *_numbers("record_id"),
        *_texts("text", "due_on"),
        *_numbers("created_at"),
        *_maybe("done_at"),
        once=True,
    )
    _table(
        "saved_filter",
        *_texts("owner", "place", "name", "query"),
        sa.UniqueConstraint("owner", "place", "name"),
    )
    _table("place_look", *_texts("owner", "place", "look"), sa.UniqueConstraint("owner", "place"))
    _table(
        "finish_reason",
        *_texts("name", unique=True),
        *_numbers("position"),
        _flag("needs_text"),
        _flag("active", on=True),
    )
    _table(
        "stage",
        *_texts("name", unique=True),
        *_numbers("position"),
        *_texts("outcome"),
        *_numbers("probability"),
        _flag("active", on=True),
    )


def _history() -> None:
    """What happens to records."""
    _table(
        "document",
        *_texts("kind"),
        *_numbers("record_id"),
        *_texts("name", "content_type"),
        *_numbers("size"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        *_texts("author"),
        *_numbers("created_at"),
        once=True,
    )
    _table(
        "history_entry",
        *_texts("kind"),
        *_numbers("record_id", "at"),
        *_texts("author", "event", "text", "details"),
        sa.Column("document_id", sa.BigInteger(), sa.ForeignKey("document.id", ondelete="SET NULL")),
        once=True,
    )
    op.create_table(
        "outbox_link",
        sa.Column(
            "outbox_id",
            _SERIAL,
            sa.ForeignKey("outbox.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("record_id", _SERIAL, primary_key=True, autoincrement=False),
        *_texts("author"),
    )
    _table(
        "merge_step",
        *_texts("kind"),
        *_numbers("survivor_id", "removed_id"),
        *_texts("author"),
        *_numbers("at"),
        *_texts("before"),
        *_maybe("undone_at"),
    )


def _records() -> None:
    """What leads, tasks and opportunities hold more."""
    more: dict[str, list[sa.Column[int] | sa.Column[str]]] = {
        "lead": [*_texts("reason_text", "created_by"), *_maybe("activated_at", "finished_at")],
        "task": [
            sa.Column("kind", sa.String(), server_default="task", nullable=False),
            *_maybe("remind_at", "reminded_at", "finished_at"),
            *_texts("created_by"),
        ],
        "opportunity": [
            *_texts("note", "reason", "reason_text"),
            *_maybe("closed_at"),
            *_texts("created_by"),
        ],
    }
    for table, columns in more.items():
        for column in columns:
            op.add_column(table, column)
    op.add_column("outbox", _flag("filed"))
    if (
        op.get_bind().dialect.name == "sqlite"
    ):  # ids of steps are given once: a step that is taken back may still grow
        with op.batch_alter_table(
            "undo_step", recreate="always", table_kwargs={"sqlite_autoincrement": True}
        ):
            pass
    # alembic adds a column and its foreign key in two steps, and SQLite knows no second one.
    op.execute("ALTER TABLE task ADD COLUMN opportunity_id BIGINT REFERENCES opportunity (id)")


def _indexes() -> None:
    for table, *columns in (
        ("mention", "login"),
        ("lead", "campaign_id"),
        ("task", "opportunity_id"),
        ("opportunity", "lead_id"),
    ):
        op.create_index(f"ix_{table}_{columns[0]}", table, columns)
    op.create_index("document_record", "document", ["kind", "record_id"])
    op.create_index("history_record", "history_entry", ["kind", "record_id", "at"])
    op.drop_index("lead_state", "lead")  # its columns are the first ones of this one
    op.execute(_LEAD_LIST)
    op.create_index("lead_assignee", "lead", ["assignee", "state", "due_on"])
    op.create_index(
        "opportunity_listing",
        "opportunity",
        ["stage", "expected_on", "closed_at", "assignee", "value", "probability"],
    )
    op.create_index("opportunity_assignee", "opportunity", ["assignee", "stage"])


def _what_is_there() -> None:
    """Fill the lists, and let what is stored follow the new rules: the state of a lead follows from who works on it and
    from how it ended, an opportunity is at a stage that there is, and whoever has something to do is a member."""
    stage = sa.table("stage", *map(sa.column, ("name", "position", "outcome", "probability")))
    op.bulk_insert(
        stage,
        [
            {"name": name, "position": position, "outcome": outcome, "probability": probability}
            for position, (name, outcome, probability) in enumerate(_STAGES, 1)
        ],
    )
    reason = sa.table("finish_reason", *map(sa.column, ("name", "position", "needs_text")))
    op.bulk_insert(
        reason,
        [
            {"name": name, "position": position, "needs_text": int(name == "other")}
            for position, name in enumerate(_REASONS, 1)
        ],
    )
    _name_stages_alike()
    for statement in (
        "UPDATE outbox SET filed = 1 WHERE header_message_id IN (SELECT header_message_id FROM message)"
        " AND header_message_id <> ''",
        "UPDATE lead SET result = 'success' WHERE result = 'won'",
        "UPDATE lead SET reason_text = reason, reason = 'other', result = 'failure'"
        " WHERE result = 'lost' OR (state = 'done' AND result = '')",
        "UPDATE lead SET state = CASE WHEN result <> '' THEN 'done' WHEN assignee <> '' THEN 'active' ELSE 'new' END",
        "UPDATE lead SET activated_at = created_at WHERE assignee <> ''",
        "UPDATE lead SET finished_at = changed_at WHERE state = 'done'",
        "UPDATE task SET finished_at = changed_at WHERE state = 'done'",
        "UPDATE opportunity SET stage = 'Qualifiziert' WHERE stage = ''",
        "UPDATE opportunity SET closed_at = changed_at, probability = CASE stage WHEN 'Gewonnen' THEN 100 ELSE 0 END"
        " WHERE stage IN ('Gewonnen', 'Verloren')",
        "INSERT INTO member (login, name)"
        " SELECT assignee, assignee FROM contact WHERE assignee <> ''"
        " UNION SELECT assignee, assignee FROM lead WHERE assignee <> ''"
        " UNION SELECT assignee, assignee FROM task WHERE assignee <> ''"
        " UNION SELECT assignee, assignee FROM opportunity WHERE assignee <> ''",
        *(
            f"INSERT INTO history_entry (kind, record_id, at, event) SELECT '{kind}', id, created_at, 'created' FROM {kind}"
            for kind in ("contact", "lead", "task", "opportunity")
        ),
    ):
        op.execute(statement)


def _name_stages_alike() -> None:
    """Let each opportunity be at a stage of the list, upper and lower case being one, and put into it what is not there. Done
    here, because SQLite knows capitals of English only."""
    connection = op.get_bind()
    known = {name.casefold(): name for name, _outcome, _probability in _STAGES}
    used = (
        connection.execute(sa.text("SELECT DISTINCT stage FROM opportunity WHERE stage <> ''"))
        .scalars()
        .all()
    )
    for stage in sorted(used):
        if stage.casefold() not in known:
            known[stage.casefold()] = stage
            connection.execute(
                sa.text("INSERT INTO stage (name, position) VALUES (:name, 0)"), {"name": stage}
            )
        name = known[stage.casefold()]
        if name != stage:
            connection.execute(
                sa.text("UPDATE opportunity SET stage = :name WHERE stage = :stage"),
                {"name": name, "stage": stage},
            )
