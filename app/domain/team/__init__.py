"""Members, and what they may do with the team."""
