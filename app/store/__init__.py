"""The tables, migrations, queries and full-text search; nothing else knows SQL."""
