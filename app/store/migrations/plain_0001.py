"""Revision 0001 in plain SQL: what alembic has no words for, in the dialects' two spellings."""

_ADD = """UPDATE folder SET total = total + 1, unread = unread + 1 - NEW.seen,
  unprocessed = unprocessed + NEW.unprocessed WHERE id = NEW.folder_id"""
_TAKE = """UPDATE folder SET total = total - 1, unread = unread - 1 + OLD.seen,
  unprocessed = unprocessed - OLD.unprocessed WHERE id = OLD.folder_id"""

#: Which quarters of a year have a search index; `store.fulltext.sqlite` makes each when its first mail comes.
SQLITE = (
    "CREATE TABLE message_fts_quarter (number INTEGER PRIMARY KEY)",
    f"CREATE TRIGGER mail_copy_added AFTER INSERT ON mail_copy BEGIN {_ADD}; END",
    f"CREATE TRIGGER mail_copy_removed AFTER DELETE ON mail_copy BEGIN {_TAKE}; END",
    f"""CREATE TRIGGER mail_copy_changed AFTER UPDATE OF folder_id, seen, unprocessed ON mail_copy
  WHEN OLD.folder_id <> NEW.folder_id OR OLD.seen <> NEW.seen OR OLD.unprocessed <> NEW.unprocessed
  BEGIN {_TAKE}; {_ADD}; END""",
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
)
