"""Addresses of mail servers are read as aerc reads them, and dangerous ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.errors import BadUrl
from app.mail.urls import Kind, MailUrl, Security, parse_url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "imaps://anna@mail.firma.example",
            MailUrl(Kind.IMAP, Security.TLS, "mail.firma.example", 993, "anna"),
        ),
        (
            "imap://anna@mail.firma.example",
            MailUrl(Kind.IMAP, Security.STARTTLS, "mail.firma.example", 143, "anna"),
        ),
        (
            "imap+auto://anna@mail.firma.example",
            MailUrl(Kind.IMAP, Security.AUTO, "mail.firma.example", 993, "anna"),
        ),
        (
            "imap+insecure://anna@localhost:1143",
            MailUrl(Kind.IMAP, Security.PLAIN, "localhost", 1143, "anna", port_given=True),
        ),
        ("smtps://mail.firma.example", MailUrl(Kind.SMTP, Security.TLS, "mail.firma.example", 465)),
        ("smtp://mail.firma.example", MailUrl(Kind.SMTP, Security.STARTTLS, "mail.firma.example", 587)),
        ("smtp+auto://mail.firma.example", MailUrl(Kind.SMTP, Security.AUTO, "mail.firma.example", 465)),
        ("smtp+insecure://[::1]:25", MailUrl(Kind.SMTP, Security.PLAIN, "::1", 25, port_given=True)),
        ("maildir:///srv/mail/anna", MailUrl(Kind.MAILDIR, path=Path("/srv/mail/anna"))),
        ("maildir:///srv/Aufträge%20alt", MailUrl(Kind.MAILDIR, path=Path("/srv/Aufträge alt"))),
        ("sendmail:/usr/sbin/sendmail", MailUrl(Kind.SENDMAIL, path=Path("/usr/sbin/sendmail"))),
    ],
)
def test_each_scheme_is_read(text: str, expected: MailUrl) -> None:
    assert parse_url(text) == expected


def test_a_user_name_may_be_an_address_written_plainly_or_percent_encoded() -> None:
    assert parse_url("imaps://anna%40firma.example@mail.firma.example").user == "anna@firma.example"
    assert parse_url("imaps://anna@firma.example@mail.firma.example").user == "anna@firma.example"
    assert parse_url("imaps://j%C3%B6rg@mail.firma.example").user == "jörg"


def test_a_host_with_umlauts_becomes_ascii() -> None:
    assert parse_url("imaps://anna@müller.example").host == "xn--mller-kva.example"


@pytest.mark.parametrize(
    "host", ["mail.firma.example", "192.0.2.1", "[2001:db8::1]", "localhost.firma.example", "127.1.example"]
)
def test_plain_text_is_refused_except_on_this_machine(host: str) -> None:
    with pytest.raises(BadUrl, match="only for this machine"):
        parse_url(f"imap+insecure://anna@{host}")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.3.2.1", "[::1]", "LOCALHOST"])
def test_plain_text_is_allowed_on_loopback(host: str) -> None:
    assert parse_url(f"imap+insecure://anna@{host}:1143").security is Security.PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "imaps://anna:geheim@mail.firma.example",
        "imaps://anna:geheim@mail.firma.example:port",
        "imaps://anna:geheim@[mail.firma.example",
        "imaps://anna:geheim@mail.firma.example/x",
    ],
)
def test_a_password_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_url(text)
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mail.firma.example",
        "http://mail.firma.example",
        "imaps://",
        "imaps://anna@",
        "imaps://anna@host:99999",
        "imaps://anna@host:0",
        "imaps://anna@ho st",
        "imaps://anna@host/INBOX",
        "imaps://anna@host?x",
        "imaps://anna%0d%0aA%20LOGOUT@host",
        "imaps://anna\r\n@host",
        "imaps://%ff@host",
        "imaps://anna@[::zz]",
        "imaps://anna@..",
        "maildir:Mail",
        "maildir://Mail/x",
        "maildir:///a%00b",
        "sendmail:sendmail",
    ],
)
def test_what_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(BadUrl):
        parse_url(text)


@given(
    user=st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffd"), max_size=20),
    port=st.none() | st.integers(1, 65535),
    scheme=st.sampled_from(["imaps", "imap", "imap+auto", "smtps", "smtp", "smtp+auto"]),
)
def test_an_address_survives_being_written_and_read(user: str, port: int | None, scheme: str) -> None:
    parsed = parse_url(f"{scheme}://host.example" + (f":{port}" if port else ""))
    url = MailUrl(parsed.kind, parsed.security, parsed.host, parsed.port, user, port_given=parsed.port_given)
    assert parse_url(str(url)) == url


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20))
def test_a_maildir_path_survives_being_written_and_read(name: str) -> None:
    url = MailUrl(Kind.MAILDIR, path=Path("/srv") / name)
    assert parse_url(str(url)).path == url.path


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    for candidate in (text, f"imaps://{text}", f"maildir:{text}"):
        try:
            parse_url(candidate)
        except BadUrl:
            continue
