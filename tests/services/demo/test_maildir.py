"""The demo's Maildir as another mail program would find it."""

from __future__ import annotations

import email.utils
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.services.demo.build import write_demo_maildir
from tests.services.demo.mailbox import NOW, demo

FOLDERS = {
    "",
    ".Gesendet",
    ".Entw&APw-rfe",
    ".Papierkorb",
    ".Spam",
    ".Archiv",
    ".Angebote",
    ".Kunden",
    ".Auftr&AOQ-ge",
}
MOMENTS = [
    NOW,
    datetime(2027, 1, 3, 3, 30, tzinfo=UTC),  # a Sunday night after New Year
    datetime(2026, 4, 6, 8, 5, tzinfo=UTC),  # a Monday morning after the clocks have changed
    datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
]


def test_there_are_about_four_hundred_mails_in_nine_folders() -> None:
    records, mails = demo()
    assert records.mails == len(mails)
    assert 380 <= len(mails) <= 430
    assert {mail.folder for mail in mails} == FOLDERS


def test_about_twelve_mails_of_the_inbox_are_unread_and_they_are_the_newest() -> None:
    inbox = [mail for mail in demo()[1] if mail.folder == ""]
    unread = [mail for mail in inbox if "S" not in mail.flags]
    assert len(unread) == 12
    assert not [mail for mail in unread if "R" in mail.flags]
    oldest_unread = min(mail.arrived for mail in unread)
    newer = [mail for mail in inbox if mail.arrived > oldest_unread]
    assert len([mail for mail in newer if "S" in mail.flags and "R" not in mail.flags]) == 0


def test_every_mail_can_be_parsed_and_names_sender_subject_and_id() -> None:
    mails = demo()[1]
    for mail in mails:
        assert mail.message["From"], mail.raw[:300]
        assert mail.message["Subject"] is not None
        assert re.fullmatch(r"<[0-9a-f]+@[a-z0-9.-]+\.example>", mail.id)
    assert len({mail.id for mail in mails}) == len(mails)


@pytest.mark.parametrize("now", MOMENTS)
@pytest.mark.parametrize("seed", [1, 2])
def test_all_mail_is_from_the_eight_weeks_before_now(now: datetime, seed: int) -> None:
    for mail in demo(now, seed)[1]:
        sent = email.utils.parsedate_to_datetime(str(mail.message["Date"]))
        assert now - timedelta(weeks=8) < sent <= now
        assert mail.arrived == int(sent.timestamp())


@pytest.mark.parametrize("now", MOMENTS)
def test_a_thread_is_answered_in_order_and_all_its_references_exist(now: datetime) -> None:
    mails = {mail.id: mail for mail in demo(now)[1]}
    answers = [mail for mail in mails.values() if mail.message["In-Reply-To"]]
    assert len(answers) > 200
    for mail in answers:
        parent = mails[str(mail.message["In-Reply-To"])]
        assert parent.arrived < mail.arrived
        references = str(mail.message["References"]).split()
        assert references[-1] == parent.id
        assert references[:-1] == str(parent.message["References"] or "").split()


def test_threads_have_two_to_seven_mails_and_one_is_long() -> None:
    mails = demo()[1]
    roots = Counter(
        str(mail.message["References"] or mail.id).split()[0] for mail in mails if "D" not in mail.flags
    )
    sizes = sorted((size for size in roots.values() if size > 1), reverse=True)
    assert sizes[0] >= 12
    assert max(sizes[1:]) <= 7
    assert len(sizes) > 60


def test_an_answered_mail_carries_the_flag_and_the_answer_lies_in_sent() -> None:
    records, mails = demo()
    by_id = {mail.id: mail for mail in mails}
    replies = [
        mail
        for mail in mails
        if mail.folder == ".Gesendet" and str(mail.message["Subject"]).startswith("Re:")
    ]
    assert len(replies) > 60
    for mail in replies:
        assert "R" in by_id[str(mail.message["In-Reply-To"])].flags
    for mail in mails:
        if mail.folder == ".Gesendet":
            assert records.own_address in str(mail.message["From"])


def test_the_same_moment_and_seed_write_the_same_bytes_and_another_seed_does_not() -> None:
    def bodies(seed: int) -> list[tuple[str, str, bytes]]:
        demo.cache_clear()
        return [(mail.folder, mail.flags, mail.raw) for mail in demo(NOW, seed)[1]]

    first = bodies(1)
    assert first == bodies(1)
    assert first != bodies(2)


def test_no_address_and_no_link_leaves_the_example_domain() -> None:
    host = re.compile(rb"(?:@|https?://)([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
    for mail in demo()[1]:
        parts = [
            part for part in mail.message.walk() if isinstance(part, EmailMessage) and not part.is_multipart()
        ]
        sources = [mail.raw.partition(b"\n\n")[0], *(part.get_payload(decode=True) or b"" for part in parts)]
        for source in sources:
            for name in host.findall(source.replace(b"\r\n ", b"")):  # unfolded, for calendars
                assert name.endswith(b".example"), name


def test_a_naive_moment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="aware"):
        write_demo_maildir(tmp_path, datetime(2026, 11, 20, 13, 2))


def test_a_maildir_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "cur").write_text("in the way")
    with pytest.raises(OSError, match="cur"):
        write_demo_maildir(tmp_path, NOW)
