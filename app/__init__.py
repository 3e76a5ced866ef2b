"""Postkorb: a terminal mail-and-lead client for sales teams."""

__version__ = "0.1.0"
