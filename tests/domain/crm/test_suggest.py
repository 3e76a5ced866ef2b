"""The likeliest record comes first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.kinds import Kind
from app.domain.crm.suggest import REASONS, Clue, Facts, Found, OpenRecord, RecordKey, contact_clue, rank

SILKE, MAX, EVA = ((Kind.CONTACT, number) for number in (1, 2, 3))
PUMPS, SERVICE, OLD = ((Kind.LEAD, number) for number in (11, 12, 13))
CALL: RecordKey = (Kind.TASK, 21)


def first(facts: Facts) -> tuple[RecordKey, Clue]:
    return rank(facts, 8)[0]


def order(facts: Facts) -> list[RecordKey]:
    return [key for key, _clue in rank(facts, 8)]


def lead(key: RecordKey, title: str, contact: RecordKey = SILKE) -> OpenRecord:
    return OpenRecord(key, contact[1], title)


def test_what_the_thread_is_linked_to_comes_before_everything_else() -> None:
    facts = Facts(
        "Pumpen 2027",
        (Found(Clue.THREAD, SERVICE), Found(Clue.SENDER, SILKE)),
        linked_before=((PUMPS, "Pumpen 2027"),),
        open_records=(lead(PUMPS, "Pumpen 2027"),),
    )
    assert first(facts) == (SERVICE, Clue.THREAD)


def test_a_known_sender_without_business_is_the_first_suggestion() -> None:
    facts = Facts(
        "Hallo", (Found(Clue.SENDER, SILKE), Found(Clue.DOMAIN, MAX), Found(Clue.NAME_IN_TEXT, EVA))
    )
    assert order(facts) == [SILKE, EVA, MAX]


def test_the_one_lead_that_is_open_with_the_sender_comes_before_the_sender() -> None:
    facts = Facts(
        "Hallo", (Found(Clue.SENDER, SILKE),), open_records=(lead(PUMPS, "Pumpen"), lead(CALL, "Anrufen"))
    )
    assert order(facts) == [PUMPS, SILKE, CALL]


def test_of_several_leads_the_one_like_the_subject_comes_first_else_the_sender() -> None:
    leads = (lead(PUMPS, "Pumpen Halle 3"), lead(SERVICE, "Wartungsvertrag 2027"))
    facts = Facts("Re: Wartungsvertrag", (Found(Clue.SENDER, SILKE),), open_records=leads)
    assert first(facts)[0] == SERVICE
    assert order(Facts("Anfrage", facts.found, open_records=leads)) == [SILKE, PUMPS, SERVICE]


def test_what_the_senders_last_mail_was_linked_to_counts_more_than_what_is_merely_open() -> None:
    facts = Facts(
        "Hallo",
        (Found(Clue.SENDER, SILKE),),
        linked_before=((SERVICE, "Wartung"), (SILKE, "Silke")),
        open_records=(lead(PUMPS, "Pumpen"),),
    )
    assert order(facts) == [SERVICE, SILKE, PUMPS]


def test_what_is_done_stands_back() -> None:
    facts = Facts("Hallo", (Found(Clue.SENDER, SILKE),), linked_before=((OLD, "Alt"),), done=frozenset({OLD}))
    assert order(facts) == [SILKE, OLD]


def test_the_strongest_clue_to_a_contact_is_named() -> None:
    assert contact_clue(["10023", "silke berger"], "Silke", "Berger", "10023") is Clue.NUMBER
    assert contact_clue(["vogel", "berger silke"], "Silke", "Berger", "10023") is Clue.NAME_IN_TEXT
    assert contact_clue(["vogel"], "Silke", "Berger", "") is Clue.COMPANY_IN_TEXT


keys = st.tuples(st.sampled_from(Kind), st.integers(1, 6))
contacts = st.builds(
    Found,
    st.sampled_from([clue for clue in Clue if clue is not Clue.THREAD]),
    keys.map(lambda k: (Kind.CONTACT, k[1])),
)
facts_of_any_sort = st.builds(
    Facts,
    st.sampled_from(["", "Pumpen 2027", "Wartung Halle"]),
    st.lists(contacts | st.builds(Found, st.just(Clue.THREAD), keys), max_size=6).map(tuple),
    st.lists(st.tuples(keys, st.sampled_from(["", "Pumpen"])), max_size=3).map(tuple),
    st.lists(
        st.builds(OpenRecord, keys, st.integers(1, 6), st.sampled_from(["Pumpen", "Wartung 2027"])),
        max_size=4,
    ).map(tuple),
    st.frozensets(keys, max_size=3),
)


@given(facts_of_any_sort, st.integers(0, 4))
def test_suggestions_are_known_once_each_and_no_more_than_asked_for(facts: Facts, limit: int) -> None:
    known = {found.key for found in facts.found} | {key for key, _ in facts.linked_before}
    known |= {record.key for record in facts.open_records}
    found = [key for key, _ in rank(facts, limit)]
    assert len(found) == len(set(found)) <= limit
    assert set(found) <= known
    assert {found.key for found in facts.found} <= {key for key, _ in rank(facts, 99)}


@given(facts_of_any_sort)
def test_nothing_open_comes_before_what_the_thread_is_linked_to(facts: Facts) -> None:
    linked = [found.key for found in facts.found if found.clue is Clue.THREAD and found.key not in facts.done]
    if linked:
        assert rank(facts, 1)[0][0] in linked


@given(facts_of_any_sort)
def test_asking_for_fewer_gives_the_beginning_of_more(facts: Facts) -> None:
    assert rank(facts, 2) == rank(facts, 5)[:2]


def test_every_clue_has_words() -> None:
    assert set(REASONS) == set(Clue)
