"""The key that takes the last step back, in every place where records are worked on; mail and tasks show it in their own way."""

from __future__ import annotations

from dataclasses import replace

from app.domain.undo import Done, NothingToUndo
from app.language import _
from app.screens.place import does
from app.screens.working import DeskPlace
from app.widgets.bar import Item


class UndoKeys(DeskPlace):
    """Whatever the last step was about: what came back is told, and the cursor goes to it if it is listed here."""

    #: The command by which the place takes a step back.
    undo_command = "records.undo"

    def came_back(self, done: Done) -> None:
        """A step was taken back: show what there is now."""
        raise NotImplementedError

    def undo_items(self) -> list[Item]:
        """The key that takes a step back, beside what the step did, where there is room."""
        item = self.key_item(self.undo_command, _("undo"))
        return [replace(item, rank=1)] if item is not None else []

    def say_done(self, text: str, style: str = "good") -> None:
        """Tell what a step did, and which key takes it back."""
        self.say(text, style, *self.undo_items())

    def can_undo(self) -> bool:
        """Whether there is a store to write to."""
        return self.desk.store is not None

    @does("records.undo", when="can_undo")
    def undo(self) -> None:
        from app.services.undo.undoing import undo

        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None:
            return

        def work() -> Done | None:
            try:
                return undo(store, author=author, now=now)
            except NothingToUndo:
                return None

        def after(done: Done | None) -> None:
            if done is None:
                self.say(_(NothingToUndo.title), "warning")
            else:
                self.say(done.text, "warning" if done.left_out else "good")
                self.came_back(done)

        self.write(work, after)
