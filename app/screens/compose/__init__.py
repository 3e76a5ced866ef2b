"""The screen on which a mail is written."""
