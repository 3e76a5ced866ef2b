"""Opportunities and their stages as rows; plain SQL, no rules."""
