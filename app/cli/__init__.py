"""Command-line verbs: parse, call a service, print."""
