"""The splitter finds what the standard library's parser finds in sound mails, whatever their shape."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage, Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.mime.contents import contents_of
from app.mail.mime.defects import Defect
from app.mail.mime.fields import split_header
from app.mail.mime.parts import MAX_DEPTH, Part, parse_parts
from tests.mail.nasty import HEAD, MIXED, mixed, text_mail

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)
# The standard library's reader takes `<` and `>` around a file name away.
names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="<>"),
    min_size=1,
    max_size=20,
)


def text_entity(text: str, encoding: str) -> EmailMessage:
    part = EmailMessage()
    part.set_content(text, cte=encoding)
    return part


def file_entity(data: bytes, name: str) -> EmailMessage:
    part = EmailMessage()
    part.set_content(data, maintype="application", subtype="octet-stream", filename=name)
    return part


def container(children: list[EmailMessage], subtype: str) -> EmailMessage:
    part = EmailMessage()
    part["Content-Type"] = f"multipart/{subtype}"
    for child in children:
        part.attach(child)
    return part


def nested_entity(inner: EmailMessage) -> EmailMessage:
    part = EmailMessage()
    part.set_content(inner)
    return part


leaves = st.builds(text_entity, texts, st.sampled_from(["base64", "quoted-printable", "8bit"])) | st.builds(
    file_entity, st.binary(max_size=200), names
)
entities = st.recursive(
    leaves,
    lambda inner: (
        st.builds(
            container,
            st.lists(inner, min_size=1, max_size=3),
            st.sampled_from(["mixed", "alternative", "related"]),
        )
        | st.builds(nested_entity, inner)
    ),
    max_leaves=6,
)


def assert_same(ours: Part, theirs: Message) -> None:
    assert ours.content_type == theirs.get_content_type()
    if theirs.is_multipart():
        children = theirs.get_payload()
        assert isinstance(children, list)
        assert len(ours.children) == len(children)
        for our_child, their_child in zip(ours.children, children, strict=True):
            assert isinstance(their_child, Message)
            assert_same(our_child, their_child)
        return
    data, defect = ours.payload()
    assert defect is None
    assert data == theirs.get_payload(decode=True)
    assert ours.file_name == (theirs.get_filename() or "")
    assert abs(ours.size - len(data)) <= 2 or ours.encoding != "base64"


@given(entities, st.sampled_from([policy.SMTP, policy.default]))
def test_sound_mails_have_the_parts_the_standard_library_finds(
    entity: EmailMessage, style: policy.EmailPolicy
) -> None:
    raw = entity.as_bytes(policy=style.clone(cte_type="8bit", utf8=True))
    ours = parse_parts(raw)
    assert contents_of(ours).defects == []
    assert_same(ours, email.message_from_bytes(raw, policy=policy.default))


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda data: MIXED + data))
def test_parts_lie_inside_the_mail_and_never_overlap(raw: bytes) -> None:
    def check(part: Part) -> None:
        assert 0 <= part.head <= part.start <= part.end <= len(part.raw)
        at = part.start
        for child in part.children:
            if child.raw is part.raw:
                assert at <= child.head
                assert child.end <= part.end
                at = child.end
            check(child)

    check(parse_parts(raw))


def test_a_boundary_that_begins_like_another_is_another() -> None:
    inner = b'Content-Type: multipart/mixed; boundary="B2"\r\n\r\n--B2\r\n\r\ninner\r\n--B2--'
    root = parse_parts(mixed(inner, b"\r\nouter"))
    assert [child.content_type for child in root.children] == ["multipart/mixed", "text/plain"]
    assert root.children[0].children[0].payload()[0] == b"inner"


def test_a_delimiter_counts_only_at_the_beginning_of_a_line() -> None:
    root = parse_parts(mixed(b"\r\ntext --B\r\n--Bx\r\n--B more"))
    assert root.children[0].payload()[0] == b"text --B\r\n--Bx\r\n--B more"


def test_nesting_ends_somewhere_and_what_is_deeper_is_kept_as_a_file() -> None:
    part = parse_parts(b"Content-Type: message/rfc822\r\n\r\n" * 100 + b"inner")
    depth = 0
    while part.children:
        part, depth = part.children[0], depth + 1
    assert depth == MAX_DEPTH
    assert part.defects == [Defect.DEPTH]
    assert part.payload()[0].endswith(b"inner")


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (b'attachment; filename="Angebot.pdf"', "Angebot.pdf"),
        (b"attachment; filename=Angebot 2026.pdf", "Angebot 2026.pdf"),
        (b'attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'),
        (b"attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf", "Größe.pdf"),
        (
            b"attachment; filename*0*=iso-8859-1'de'Gr%F6; filename*1=\"sse\"; filename*2*=%2Epdf",
            "Grösse.pdf",
        ),
        (b"attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        (b'attachment; filename="=?utf-8?q?Gr=C3=B6=C3=9Fe=2Epdf?="', "Größe.pdf"),
        ('attachment; filename="Größe.pdf"'.encode(), "Größe.pdf"),
        ('attachment; filename="Größe.pdf"'.encode("cp1252"), "Größe.pdf"),
        (b'attachment; filename="unclosed.pdf', "unclosed.pdf"),
        (b"attachment;\r\n\tfilename=\r\n a.pdf", "a.pdf"),
        (b"attachment; filename*=nonsense''%FF; filename=a.pdf", "ÿ"),
        (b"attachment", ""),
    ],
)
def test_file_names_are_read_however_they_were_written(field: bytes, name: str) -> None:
    assert parse_parts(b"Content-Disposition: " + field + b"\r\n\r\nx").file_name == name


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (b"text/html; charset=utf-8", "text/html"),
        (b"TEXT/Plain", "text/plain"),
        (b"text/plain (comment)", "text/plain"),
        (b"html", "text/html"),
        (b"text", "text/plain"),
        (b"; charset=utf-8", "text/plain"),
        (b"application/pdf name=a.pdf", "application/pdf"),
        (b"\xff\xfe", "text/plain"),
    ],
)
def test_a_type_that_is_none_becomes_the_likeliest(content_type: bytes, expected: str) -> None:
    assert parse_parts(text_mail(b"x", content_type)).content_type == expected


@given(st.binary(max_size=200))
def test_the_body_begins_behind_the_header_whatever_stands_there(raw: bytes) -> None:
    fields, body = split_header(raw, 0, len(raw))
    assert 0 <= body <= len(raw)
    for name in (b"from", b"subject"):
        assert fields.first(name) in (b"", *fields.all(name))


def test_a_repeated_field_keeps_all_its_values() -> None:
    fields, _ = split_header(HEAD + b"Subject: zwei\r\n\r\n", 0, 200)
    assert [value.strip() for value in fields.all(b"subject")] == [b"Anfrage", b"zwei"]
    assert fields.first(b"subject").strip() == b"Anfrage"
