"""Connecting a mailbox, and taking it away."""
