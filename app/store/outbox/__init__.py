"""Drafts and mail on its way out, as rows."""
