"""What can be done in the app, and the keys that lead there."""
