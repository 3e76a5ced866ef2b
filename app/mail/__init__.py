"""IMAP, Maildir, SMTP, MIME and HTML; nothing else knows a mail protocol."""
