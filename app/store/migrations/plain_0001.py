"""Revision 0001 in plain SQL: what alembic has no words for, in the dialects' two spellings."""

_ADD = """UPDATE folder SET total = total + 1, unread = unread + 1 - NEW.seen,
  unprocessed = unprocessed + NEW.unprocessed WHERE id = NEW.folder_id"""
_TAKE = """UPDATE folder SET total = total - 1, unread = unread - 1 + OLD.seen,
  unprocessed = unprocessed - OLD.unprocessed WHERE id = OLD.folder_id"""

#: Full-text search without a second copy of the text. `rowid` is `message.id`, so that the newest hits come first
#: by walking backwards; the words are folded before they get here (`domain.folding`).
SQLITE = (
    """CREATE VIRTUAL TABLE message_fts USING fts5(
  sender, recipients, subject, body, files, content='', columnsize=0, tokenize='unicode61 remove_diacritics 0')""",
    "INSERT INTO message_fts(message_fts, rank) VALUES ('automerge', 8)",
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
