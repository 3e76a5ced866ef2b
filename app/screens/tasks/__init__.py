"""The personal task list: its lines, its keys and the boxes that they open."""
