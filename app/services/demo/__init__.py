"""The believable mailbox of `postkorb demo`: an invented pump maker, its customers and eight weeks of their mail."""
