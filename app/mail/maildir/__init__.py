"""A Maildir on this machine as a mail source: files are the truth, an index in our home gives them UIDs and a history."""
