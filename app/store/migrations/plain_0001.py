"""Revision 0001 in plain SQL: what alembic has no words for, in the dialects' two spellings."""

_ADD = """UPDATE folder SET total = total + 1, unread = unread + 1 - NEW.seen,
  unprocessed = unprocessed + NEW.unprocessed WHERE id = NEW.folder_id"""
_TAKE = """UPDATE folder SET total = total - 1, unread = unread - 1 + OLD.seen,
  unprocessed = unprocessed - OLD.unprocessed WHERE id = OLD.folder_id"""

#: Tables whose rows hold a message that has no copy: their column, and the seconds in which the step that took the row
#: away may still be taken back.
_HOLDERS = (
    ("operation", "message_id", 0),
    ("outbox", "answers_message_id", 0),
    ("link", "message_id", 86400),
    ("comment", "message_id", 86400),
    ("mark", "message_id", 86400),
)
_COPY_LEFT = "EXISTS (SELECT 1 FROM mail_copy WHERE mail_copy.message_id = {0})"
_STILL_HERE = "EXISTS (SELECT 1 FROM message WHERE message.id = {0})"


def _loosened_sqlite(table: str, column: str, grace: int) -> str:
    """A row that held a message is gone, and no copy of the message is left."""
    old = f"OLD.{column}"
    mailbox = (
        "coalesce((SELECT mailbox_id FROM folder WHERE id = OLD.folder_id), 0)"
        if table == "mail_copy"
        else "0"
    )
    since = f"CAST(strftime('%s', 'now') AS INTEGER) + {grace}" if grace else "0"
    return f"""CREATE TRIGGER {table}_loosened AFTER DELETE ON {table}
  WHEN NOT {_COPY_LEFT.format(old)} AND {_STILL_HERE.format(old)}
  BEGIN INSERT OR IGNORE INTO loose_message (message_id, mailbox_id, not_before) VALUES ({old}, {mailbox}, {since}); END"""


#: Which quarters of a year have a search index; `store.fulltext.sqlite` makes each when its first mail comes.
SQLITE = (
    "CREATE TABLE message_fts_quarter (number INTEGER PRIMARY KEY)",
    f"CREATE TRIGGER mail_copy_added AFTER INSERT ON mail_copy BEGIN {_ADD}; END",
    f"CREATE TRIGGER mail_copy_removed AFTER DELETE ON mail_copy BEGIN {_TAKE}; END",
    f"""CREATE TRIGGER mail_copy_changed AFTER UPDATE OF folder_id, seen, unprocessed ON mail_copy
  WHEN OLD.folder_id <> NEW.folder_id OR OLD.seen <> NEW.seen OR OLD.unprocessed <> NEW.unprocessed
  BEGIN {_TAKE}; {_ADD}; END""",
    _loosened_sqlite("mail_copy", "message_id", 0),
    *(_loosened_sqlite(*holder) for holder in _HOLDERS),
)

_IN = "SELECT folder_id, 1 AS one, 1 - seen AS unseen, unprocessed FROM added"
_OUT = "SELECT folder_id, -1 AS one, seen - 1 AS unseen, -unprocessed AS unprocessed FROM removed"
_CASES = (
    ("added", "INSERT", "NEW TABLE AS added", _IN),
    ("removed", "DELETE", "OLD TABLE AS removed", _OUT),
    ("changed", "UPDATE", "OLD TABLE AS removed NEW TABLE AS added", f"{_IN} UNION ALL {_OUT}"),
)


def _counting(name: str, _event: str, _tables: str, rows: str) -> str:
    """Count once a statement: PostgreSQL keeps every version of a row that one transaction changes again and again."""
    return f"""CREATE FUNCTION mail_copy_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE folder SET total = total + change.one, unread = unread + change.unseen,
    unprocessed = folder.unprocessed + change.unprocessed
  FROM (SELECT folder_id, sum(one) AS one, sum(unseen) AS unseen, sum(unprocessed) AS unprocessed
    FROM ({rows}) AS every GROUP BY folder_id
    HAVING sum(one) <> 0 OR sum(unseen) <> 0 OR sum(unprocessed) <> 0) AS change
  WHERE folder.id = change.folder_id;
  RETURN NULL;
END $$"""


def _loosened_postgresql(table: str, column: str, grace: int) -> tuple[str, str]:
    mailbox = (
        "coalesce((SELECT mailbox_id FROM folder WHERE id = removed.folder_id), 0)"
        if table == "mail_copy"
        else "0"
    )
    since = f"extract(epoch FROM now())::bigint + {grace}" if grace else "0"
    old = f"removed.{column}"
    return (
        f"""CREATE FUNCTION {table}_loosened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO loose_message (message_id, mailbox_id, not_before) SELECT {old}, {mailbox}, {since} FROM removed
  WHERE NOT {_COPY_LEFT.format(old)} AND {_STILL_HERE.format(old)} ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$""",
        f"""CREATE TRIGGER {table}_loosened AFTER DELETE ON {table} REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_loosened()""",
    )


POSTGRESQL = (
    """CREATE TABLE message_search (
  message_id bigint PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE, words tsvector NOT NULL)""",
    "CREATE INDEX message_search_words ON message_search USING gin (words)",
    "CREATE TABLE store_version (number bigint NOT NULL)",
    "INSERT INTO store_version VALUES (1)",
    *(_counting(*case) for case in _CASES),
    *(
        f"""CREATE TRIGGER mail_copy_{name} AFTER {event} ON mail_copy REFERENCING {tables}
  FOR EACH STATEMENT EXECUTE FUNCTION mail_copy_{name}()"""
        for name, event, tables, _rows in _CASES
    ),
    *_loosened_postgresql("mail_copy", "message_id", 0),
    *(statement for holder in _HOLDERS for statement in _loosened_postgresql(*holder)),
)
