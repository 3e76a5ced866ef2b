"""Mail as it is in the wild, taken apart: for the store, for reading, for saving. Nothing here talks to a server.

`read_mail` stands in `app.mail.mime.reading`, apart from what a sync needs, because it imports more.
"""

from __future__ import annotations

from app.mail.mime.packing import pack, unpack
from app.mail.mime.parsed import parse_for_store

__all__ = ["pack", "parse_for_store", "unpack"]
