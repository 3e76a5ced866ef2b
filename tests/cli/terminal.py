"""A real terminal with a program on it, for tests of what only shows there."""

from __future__ import annotations

import os
import pty
import select
import signal
import termios
import time

import pyte


class Terminal:
    """A program on a terminal of 80 x 24, its screen, and a pair of hands."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment)
        termios.tcsetwinsize(self._file, (24, 80))
        self.ended: int | None = None

    def until(self, words: str, seconds: float = 60) -> None:
        """Draw until these words are on the screen."""
        end = time.monotonic() + seconds
        while words not in "\n".join(self.screen.display):
            assert time.monotonic() < end, "\n".join(self.screen.display)
            self._draw()

    def press(self, keys: str) -> None:
        os.write(self._file, keys.encode())

    def wait(self, seconds: float = 60) -> int:
        """The exit code."""
        end = time.monotonic() + seconds
        while self.ended is None:
            assert time.monotonic() < end, "\n".join(self.screen.display)
            self._draw()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.ended = os.waitstatus_to_exitcode(status)
        return self.ended

    def hang_up(self) -> int:
        """Break the line, as a lost SSH connection does; the exit code."""
        os.close(self._file)
        self._file = -1
        self.ended = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.ended

    def close(self) -> None:
        if self.ended is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._file >= 0:
            os.close(self._file)

    def _draw(self) -> None:
        if select.select([self._file], [], [], 0.05)[0]:
            try:
                self._stream.feed(os.read(self._file, 65536))
            except OSError:  # the program has closed its side
                time.sleep(0.01)
