"""Leads: lists of them by the thousand, with plain SQL."""
