"""Boxes over a place: small questions, files, filters, help, palette."""
