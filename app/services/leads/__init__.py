"""Leads: what lists show, what is done with them, and how they are shared out."""
