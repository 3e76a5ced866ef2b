"""The believable mailbox of `postkorb demo`: an invented pump maker, its customers and eight weeks of their mail."""

from app.services.demo.build import write_demo_maildir
from app.services.demo.data import DemoMail

__all__ = ["DemoMail", "write_demo_maildir"]
