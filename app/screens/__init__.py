"""Places of the app, each with its own keys."""
