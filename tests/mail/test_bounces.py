"""Delivery reports are understood, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.bounces import DeliveryReport, Outcome, RecipientReport, delivery_report
from app.mail.mime.parts import Part, parse_parts
from tests.mail.nasty import HEAD, NASTY

STATUS = (
    b"Reporting-MTA: dns; mx.nordholz.example\r\n\r\n"
    b"Original-Recipient: rfc822;Silke@vogel.example\r\nFinal-Recipient: rfc822; silke@vogel.example\r\nAction: failed\r\n"
    b"Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <silke@vogel.example>:\r\n    unknown\x1b[31m user\r\n\r\n"
    b"Final-Recipient: rfc822; b@vogel.example\r\nAction: delayed\r\nStatus: 4.4.1 (no answer)\r\n"
)


def parsed(status: bytes, third: bytes) -> Part:
    return parse_parts(report(status, third))


def report(status: bytes, third: bytes) -> bytes:
    parts = [
        b"Content-Type: text/plain\r\n\r\nSorry.",
        b"Content-Type: message/delivery-status\r\n\r\n" + status,
        third,
    ]
    body = b"".join(b"--B\r\n" + part + b"\r\n" for part in parts)
    return (
        HEAD
        + b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n"
        + body
        + b"--B--"
    )


EXPECTED = DeliveryReport(
    "<1@nordholz.example>",
    (
        RecipientReport(
            "Silke@vogel.example",
            Outcome.FAILED,
            "5.1.1",
            "550 5.1.1 <silke@vogel.example>: unknown\ufffd[31m user",
        ),
        RecipientReport("b@vogel.example", Outcome.DELAYED, "4.4.1", ""),
    ),
)


@pytest.mark.parametrize(
    "third",
    [
        b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <1@nordholz.example>\r\n\r\ntext",
        b"Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: <1@nordholz.example>\r\n",
    ],
)
def test_a_report_says_which_mail_failed_for_whom_and_why(third: bytes) -> None:
    assert delivery_report(parsed(STATUS, third)) == EXPECTED


def test_a_report_without_the_mail_still_names_the_recipients() -> None:
    found = delivery_report(parsed(STATUS, b"\r\nnothing"))
    assert found is not None
    assert (found.message_id, len(found.recipients)) == ("", 2)


@pytest.mark.parametrize("name", NASTY)
def test_other_mails_are_no_reports(name: str) -> None:
    assert delivery_report(parse_parts(NASTY[name])) is None


def test_a_report_without_a_recipient_is_none() -> None:
    assert delivery_report(parsed(b"Reporting-MTA: dns; x\r\n", b"")) is None
    assert delivery_report(parsed(STATUS.replace(b"Action: ", b"Action: un"), b"")) is None


@given(st.binary(max_size=120), st.integers(0, len(STATUS)))
def test_damaged_reports_raise_nothing(junk: bytes, place: int) -> None:
    found = delivery_report(parsed(STATUS[:place] + junk + STATUS[place:], b"\r\n"))
    assert found is None or found.recipients
