"""Answering: drafts, the outbox and its sender. Screens and verbs use `drafts.Outbox`; the background runs `sending.Sender`."""
