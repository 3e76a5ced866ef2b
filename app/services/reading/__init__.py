"""What is read out of the store: lists, searches, mails, attachments; nothing is changed."""
