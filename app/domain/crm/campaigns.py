"""What campaigns may be called, and when two names are those of one; pure, it stores nothing."""

from __future__ import annotations

from app.domain.errors import BadInput
from app.domain.folding import fold
from app.domain.text import clean_line

LONGEST_CAMPAIGN = 80


def campaign_name(typed: str) -> str:
    """A campaign's name as it is stored. Raises BadInput."""
    name = squeezed(typed)
    if not name:
        raise BadInput("the name of a campaign must not be empty")
    if len(name) > LONGEST_CAMPAIGN:
        raise BadInput("the name of a campaign must not be longer than {n} characters", n=LONGEST_CAMPAIGN)
    return name


def squeezed(typed: str) -> str:
    """On one line, with single spaces."""
    return " ".join(clean_line(typed).split())


def campaign_key(name: str) -> str:
    """What names of the same campaign have in common, however their letters and spaces are written."""
    return " ".join(fold(name).split())
