"""Contacts, leads, tasks and opportunities, by hand and out of mail."""
