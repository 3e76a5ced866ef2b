"""Which parts of a message are its text and which its attachments; one rule for the store, the reading pane and saving."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.mail.mime.defects import Defect
from app.mail.mime.parts import Part

_PLAIN_TYPES = frozenset({"text/plain", "text/enriched", "text/markdown", "text/x-markdown"})
# Signatures and keys are no files that anybody looks for.
_MACHINERY = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "text/x-amp-html",
    }
)


@dataclass(slots=True)
class Body:
    """One text of the message, in one or both forms (RFC 2046 section 5.1.4)."""

    plain: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class File:
    """An attachment. `inline`: it belongs to the look of the text, such as a logo, and is not counted."""

    part: Part
    inline: bool


@dataclass(slots=True)
class Contents:
    """Texts and files in the order of the message. A file's place in `files` is its index everywhere."""

    bodies: list[Body] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    encrypted: bool = False


def contents_of(root: Part) -> Contents:
    contents = Contents()
    _collect(root, contents, related=False)
    return contents


def _collect(part: Part, contents: Contents, related: bool) -> None:
    contents.defects += part.defects
    kind = part.content_type
    if part.is_message or not part.children:
        _leaf(part, contents, related)
    elif kind == "multipart/alternative":
        _alternatives(part, contents)
    else:
        if kind == "multipart/encrypted":
            contents.encrypted = True
        for place, child in enumerate(part.children):
            _collect(child, contents, related or (kind == "multipart/related" and place > 0))


def _leaf(part: Part, contents: Contents, related: bool) -> None:
    kind = part.content_type
    text = kind in _PLAIN_TYPES or kind == "text/html"
    # A text with a file name is a file, but for the first one: some programs give their body a name.
    named = bool(part.file_name) and bool(contents.bodies)
    if text and not related and not named and part.disposition != "attachment":
        contents.bodies.append(Body(html=[part]) if kind == "text/html" else Body(plain=[part]))
        return
    shown_by_text = kind.startswith("image/") and bool(part.fields.first(b"content-id"))
    inline = kind in _MACHINERY or (part.disposition != "attachment" and (related or shown_by_text))
    contents.encrypted = contents.encrypted or kind in ("application/pkcs7-mime", "application/x-pkcs7-mime")
    contents.files.append(File(part, inline))


def _alternatives(part: Part, contents: Contents) -> None:
    """All forms of one text become one body; what is no text (an invitation, an image) stays a file."""
    inside = Contents()
    for child in part.children:
        _collect(child, inside, related=False)
    whole = Body()
    for body in inside.bodies:
        whole.plain += body.plain
        whole.html += body.html
    if inside.bodies:
        contents.bodies.append(whole)
    contents.files += inside.files
    contents.defects += inside.defects
    contents.encrypted = contents.encrypted or inside.encrypted
