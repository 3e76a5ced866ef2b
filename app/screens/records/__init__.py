"""Contacts, leads and tasks: lists, pages and forms."""
