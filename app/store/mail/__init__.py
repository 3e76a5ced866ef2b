"""Messages, their copies in folders and the mailboxes they lie in, as rows."""
