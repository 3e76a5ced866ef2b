"""Who is offered first while an address is typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.completion import Person, likeliest

DAY = 86_400
NOW = 1_795_000_000

people = st.lists(
    st.builds(
        Person,
        st.sampled_from(["", "Silke", "Max"]),
        st.sampled_from(["a@x.example", "b@x.example", "c@x.example"]),
        st.integers(0, 500),
        st.integers(0, NOW),
        st.booleans(),
        st.booleans(),
    ),
    max_size=8,
)


def order(*candidates: Person) -> list[str]:
    return [found.address for found in likeliest(candidates, 9)]


def test_those_written_to_come_first_then_contacts_then_those_who_wrote_often() -> None:
    assert order(
        Person("", "once@x.example", 1, NOW),
        Person("", "often@x.example", 2, NOW),
        Person("", "contact@x.example", 1, NOW, contact=True),
        Person("", "written@x.example", 1, NOW, written_to=True),
    ) == ["written@x.example", "contact@x.example", "often@x.example", "once@x.example"]


def test_an_address_that_was_busy_years_ago_gives_way_to_the_one_in_use() -> None:
    old = Person("Silke", "alt@x.example", 100, NOW - 900 * DAY)
    assert order(old, Person("Silke", "neu@x.example", 5, NOW)) == ["neu@x.example", "alt@x.example"]


def test_an_address_is_offered_once_under_the_name_of_its_contact() -> None:
    mail = Person("berger", "s@x.example", 9, NOW)
    contact = Person("Silke Berger", "s@x.example", contact=True)
    assert likeliest([mail, contact], 5) == likeliest([contact, mail], 5)
    assert [(found.name, found.address) for found in likeliest([mail, contact], 5)] == [
        ("Silke Berger", "s@x.example")
    ]


@given(people, st.integers(0, 5))
def test_every_address_is_offered_once_and_no_more_than_asked_for(
    candidates: list[Person], limit: int
) -> None:
    found = [person.address for person in likeliest(candidates, limit)]
    assert len(found) == len(set(found)) == min(limit, len({person.address for person in candidates}))
