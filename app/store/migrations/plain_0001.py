"""Revision 0001 in plain SQL: what alembic has no words for, in the dialects' two spellings."""

_ADD = """UPDATE folder SET total = total + 1, unread = unread + 1 - NEW.seen,
  unprocessed = unprocessed + NEW.unprocessed WHERE id = NEW.folder_id"""
_TAKE = """UPDATE folder SET total = total - 1, unread = unread - 1 + OLD.seen,
  unprocessed = unprocessed - OLD.unprocessed WHERE id = OLD.folder_id"""

#: Which quarters of a year have a search index; `store.search_sqlite` makes each when its first mail comes.
SQLITE = (
    "CREATE TABLE message_fts_quarter (number INTEGER PRIMARY KEY)",
    f"CREATE TRIGGER mail_copy_added AFTER INSERT ON mail_copy BEGIN {_ADD}; END",
    f"CREATE TRIGGER mail_copy_removed AFTER DELETE ON mail_copy BEGIN {_TAKE}; END",
    f"""CREATE TRIGGER mail_copy_changed AFTER UPDATE OF folder_id, seen, unprocessed ON mail_copy
  WHEN OLD.folder_id <> NEW.folder_id OR OLD.seen <> NEW.seen OR OLD.unprocessed <> NEW.unprocessed
  BEGIN {_TAKE}; {_ADD}; END""",
)

POSTGRESQL = (
    """CREATE TABLE message_search (
  message_id bigint PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE, words tsvector NOT NULL)""",
    "CREATE INDEX message_search_words ON message_search USING gin (words)",
    "CREATE TABLE store_version (number bigint NOT NULL)",
    "INSERT INTO store_version VALUES (1)",
    f"""CREATE FUNCTION mail_copy_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN {_TAKE}; END IF;
  IF TG_OP <> 'DELETE' THEN {_ADD}; END IF;
  RETURN NULL;
END $$""",
    """CREATE TRIGGER mail_copy_counted AFTER INSERT OR DELETE ON mail_copy
  FOR EACH ROW EXECUTE FUNCTION mail_copy_count()""",
    """CREATE TRIGGER mail_copy_changed AFTER UPDATE OF folder_id, seen, unprocessed ON mail_copy FOR EACH ROW
  WHEN (OLD.folder_id <> NEW.folder_id OR OLD.seen <> NEW.seen OR OLD.unprocessed <> NEW.unprocessed)
  EXECUTE FUNCTION mail_copy_count()""",
)
