"""Attachments on the mail screen: chosen from a list, saved into a folder or read in the reading pane."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.domain.mail.reading import Attachment
from app.domain.paths import expanded
from app.language import _, ngettext
from app.screens.dialogs.boxes import Picker, TextPrompt
from app.screens.mail.reading import ReadingKeys
from app.screens.place import does
from app.widgets.choices import Choice
from app.widgets.reading_layout import Reading, layout
from app.widgets.text_pane import TextLine
from app.widgets.words import number, size


class Attachments(ReadingKeys):
    """What can be done with the files of the mail that is shown."""

    def has_attachments(self) -> bool:
        """Whether the mail that is shown has files."""
        return self.is_reading() and bool(self._files())

    def _files(self) -> tuple[Attachment, ...]:
        reading = self.reading.reading
        return reading.mail.attachments if reading is not None and not self.reading.is_nested else ()

    @does("reading.attachments", when="has_attachments")
    def attachments(self) -> None:
        from app.services.reading.attachments import can_read

        files = self._files()
        choices: list[Choice] = []
        for file in files:
            detail = size(file.size)
            if can_read(file):
                choices.append(Choice(("read", file), _("Read {name}").format(name=file.name), detail))
            choices.append(Choice(("save", (file,)), _("Save {name}").format(name=file.name), detail))
        if len(files) > 1:
            choices.append(Choice(("save", files), _("Save all {n}").format(n=number(len(files)))))

        def answer(choice: Choice | None) -> None:
            match choice.value if choice else None:
                case ("read", Attachment() as file):
                    self._read_in_place(file)
                case ("save", tuple() as chosen):
                    self._ask_folder(chosen)

        self.app.push_screen(Picker(_("Attachments"), choices, enter=_("do it")), answer)

    def _read_in_place(self, file: Attachment) -> None:
        from app.services.reading.attachments import read_in_place

        reading, source, zone = self.reading.reading, self.desk.reader.source, self.desk.clock().tzinfo
        if reading is None:
            return
        message_id, view = reading.row.message_id, self.reading.view()

        def work() -> tuple[Reading, list[TextLine]]:
            mail = read_in_place(source, message_id, file, zone)
            inside = replace(reading, mail=mail, place=1, of=1, comments=(), source="")
            return inside, layout(inside, view)

        def show(found: tuple[Reading, list[TextLine]]) -> None:
            shown = self.reading.reading
            if shown is not None and shown.row.message_id == message_id and not self.reading.is_nested:
                self.load_nested(*found, view.width)

        self.read(work, show)

    def _ask_folder(self, files: tuple[Attachment, ...]) -> None:
        from app.services.reading.attachments import save

        reading, source = self.reading.reading, self.desk.reader.source
        if reading is None:
            return
        message_id, indexes = reading.row.message_id, [file.index for file in files]

        def told(paths: list[Path]) -> None:
            one = str(paths[0]) if len(paths) == 1 else str(paths[0].parent)
            text = ngettext("{n} file saved: {where}", "{n} files saved: {where}", len(paths))
            self.say(text.format(n=number(len(paths)), where=one))

        def answer(folder: str | None) -> None:
            if folder:
                self.read(lambda: save(source, message_id, indexes, expanded(folder)), told)

        names = ", ".join(file.name for file in files)
        box = TextPrompt(_("Save into folder"), names, value=str(self.desk.downloads), enter=_("save"))
        self.app.push_screen(box, answer)
