"""Which part of an address line is being typed, and what the line becomes when an address is taken; it knows no people."""

from __future__ import annotations

from app.domain.mail.addresses import format_address
from app.domain.mail.messages import Address


def piece_at(line: str, cursor: int) -> tuple[int, int]:
    """Where the piece under the cursor begins and ends: between separators that stand neither in quotes nor in angle
    brackets, without the blanks around it."""
    start, end, quoted, angle = 0, len(line), False, False
    for at, char in enumerate(line):
        if char in ",;" and not quoted and not angle:
            if at >= cursor:
                end = at
                break
            start = at + 1
        elif char == '"':
            quoted = not quoted
        elif char in "<>" and not quoted:
            angle = char == "<"
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start, end


def with_address(line: str, cursor: int, address: Address) -> tuple[str, int]:
    """The line with the piece under the cursor replaced, ready for the next address; and where the cursor goes."""
    start, end = piece_at(line, cursor)
    before = line[:start].rstrip()
    rest = line[end:].lstrip().lstrip(",;").lstrip()
    head = f"{before} " * bool(before) + format_address(address) + ", "
    return head + rest, len(head)
