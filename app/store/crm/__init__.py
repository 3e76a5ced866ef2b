"""Contacts, leads, tasks, opportunities, and what a person did to mail, as rows."""
