"""Lets a Textual app speak to the terminal through a `Picture`, so that a key costs few bytes; draws nothing itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.screen import Screen

from app.widgets.picture import Picture, Piece
from app.widgets.sgr import Pen


class FrugalDriver(LinuxDriver):
    """Textual's driver, except that the mouse reports buttons and drags only: not each cell that it crosses."""

    picture: Picture | None = None

    def _get_terminal_size(self) -> tuple[int, int]:
        """The size the terminal has, also when the shell exports COLUMNS and LINES of an earlier one."""
        try:
            width, height = os.get_terminal_size(self._file.fileno() if self._file else 2)
        except OSError:
            return super()._get_terminal_size()
        return width, height

    def start_application_mode(self) -> None:
        self.picture = None
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")
            self.flush()

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1006l\x1b[?1002l\x1b[?1000l")
            self.flush()


class FrugalUpdate(CompositorUpdate):
    """An update of Textual's compositor that is sent as the difference to what the terminal shows."""

    def __init__(
        self, update: ChopsUpdate | LayoutUpdate, driver: FrugalDriver, size: Size, pen: Pen
    ) -> None:
        pieces = _layout_pieces(update) if isinstance(update, LayoutUpdate) else _chops_pieces(update)
        if driver.picture is None or (driver.picture.width, driver.picture.height) != size:
            driver.picture = Picture(pen, size.width, size.height)
        self.text = driver.picture.update(pieces)

    def render_segments(self, console: Console) -> str:  # noqa: ARG002 - the name is Textual's
        """What to send."""
        return self.text


class FrugalApp(App[None]):
    """An app whose screens reach the terminal as differences."""

    _pen: Pen | None = None

    def get_driver_class(self) -> type[Driver]:
        driver: type[Driver] = super().get_driver_class()
        return FrugalDriver if driver is LinuxDriver else driver

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        driver = self._driver
        if isinstance(renderable, ChopsUpdate | LayoutUpdate) and isinstance(driver, FrugalDriver):
            if self._batch_count:
                return
            renderable = FrugalUpdate(renderable, driver, self.size, self._make_pen())
            if not renderable.text and self.cursor_position == self._previous_cursor_position:
                self.post_display_hook()
                return
        super()._display(screen, renderable)

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens behind the one in front, as far as they can be seen. Textual counts the one below as seen even where
        the one in front covers it, and draws both again and again from the first change there on."""
        front = self._screen_stack[-1] if self._screen_stack else None
        is_covering = front is not None and front.styles.background.a == 1
        return [] if is_covering else super()._background_screens

    def redraw(self) -> None:
        """Send the whole screen again, for a terminal that something else has written to."""
        if isinstance(self._driver, FrugalDriver):
            self._driver.picture = None
        self.screen.refresh()

    def _make_pen(self) -> Pen:
        if self._pen is None:
            colours = None if self.no_color else self.console._color_system
            encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
            bce = not os.environ.get("TERM", "").startswith("screen")
            self._pen = Pen(colours, encoding, background_erases=bce)
        return self._pen


def _layout_pieces(update: LayoutUpdate) -> Iterator[Piece]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield y, x, strip
            x += strip.cell_length


def _chops_pieces(update: ChopsUpdate) -> Iterator[Piece]:
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= last and end > first:
                yield y, x, strip
