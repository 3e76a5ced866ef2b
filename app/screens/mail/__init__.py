"""The mail screen: folders, list and reading pane."""
