"""What filters of lists have in common: the words searched for, and whether anything is held back; each list adds its own."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Each field is at its default where it holds nothing back. `text`: the words typed into the search line."""

    text: str = ""

    @property
    def narrowed(self) -> bool:
        """True when it leaves records out: "Filter aktiv"."""
        return any(getattr(self, f.name) != f.default for f in fields(self))
