"""Leads and opportunities in figures and bars."""
