"""A person as a visiting card or a mail tells of them, taken apart; who is made a contact is the services' affair."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name taken apart; `company` if what was given is or holds one."""

    salutation: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a person; outside text. `phones`: (number, label); `country`: ISO 3166 code, or as it was written.
    `left_out`: how many addresses and numbers there were beyond these."""

    name: PersonName
    company: str = ""
    phones: tuple[tuple[str, str], ...] = ()
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    emails: tuple[str, ...] = ()
    position: str = ""
    left_out: int = 0

    @property
    def title(self) -> str:
        """By what a person is told from others: the name, else the company, an address or a number; it may be empty."""
        name = " ".join(filter(None, (self.name.first_name, self.name.last_name)))
        numbers = (number for number, _label in self.phones)
        return name or self.company or next(iter((*self.emails, *numbers)), "")
