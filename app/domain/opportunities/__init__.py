"""Opportunities: their rules, their stages and what they are worth."""
