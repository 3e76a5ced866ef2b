"""An IMAP server as a mail source; connection and login by IMAPClient, the answers by a reader of our own."""
