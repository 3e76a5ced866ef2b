"""Leads: their rules, how they are shared out and listed."""
