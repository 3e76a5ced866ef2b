"""Waits for news in the selected folder: IDLE (RFC 2177) where offered, else a question now and then."""

from __future__ import annotations

import time

from app.mail.imap.session import Session
from app.mail.imap.stream import READ_SECONDS
from app.mail.source import StopSignal

#: RFC 2177 allows 29 minutes; many routers forget a silent connection after 15.
IDLE_SECONDS = 600.0
ASK_SECONDS = 60.0
#: Before IDLE is tried again on a server that ends it at once.
PAUSE = 5.0
#: How often the stop signal is looked at.
TICK = 0.3
#: How long the server may take to end IDLE.
DONE_SECONDS = 15.0


def wait_for_news(session: Session, seconds: float, stop: StopSignal, *, can_idle: bool) -> bool:
    """True when something happened in the folder since it was selected; False when the time is over or at `stop`."""
    session.settle()
    end = time.monotonic() + seconds
    while not session.news and not stop.is_set() and (left := end - time.monotonic()) > 0:
        if not can_idle:
            session.run(b"NOOP")
            if not session.news:
                _sleep(session, min(left, ASK_SECONDS), stop)
        elif not _idle(session, min(left, IDLE_SECONDS), stop):
            _sleep(session, min(left, PAUSE), stop)
    return session.news


def _idle(session: Session, seconds: float, stop: StopSignal) -> bool:
    """One IDLE command; False if the server ended it by itself."""
    end = time.monotonic() + seconds
    tag = session.send(b"IDLE")
    with session.stream.within(READ_SECONDS):
        while not (answer := session.read())[0].startswith(b"+"):
            session.take(answer)
            if session.outcome(tag) is not None:
                return False
    while not session.news and not stop.is_set() and (left := end - time.monotonic()) > 0:
        if session.wait(min(left, TICK)):
            session.take(session.read())
            if session.outcome(tag) is not None:
                return False
    _done(session, tag)
    return True


def _done(session: Session, tag: bytes) -> None:
    with session.stream.within(DONE_SECONDS):
        session.write_line(b"DONE")
        session.finish(tag)


def _sleep(session: Session, seconds: float, stop: StopSignal) -> None:
    """Let time pass, but not after the server hung up."""
    end = time.monotonic() + seconds
    while not stop.is_set() and (left := end - time.monotonic()) > 0:
        if session.wait(min(left, TICK)):
            session.take(session.read())
            if session.news:
                return
