"""Opportunities: made, worked on, listed and added up; and the stages they go through."""
