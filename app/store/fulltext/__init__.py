"""Full-text search: one interface, an engine for each database."""
