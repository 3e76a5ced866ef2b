"""A private, real Postfix on loopback for the tests: it delivers to Maildirs and relays nowhere; not a mail client."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.dovecot import die_with_us, free_ports, make_certificate
from tests.servers.install import require

START_SECONDS = 30.0
STOP_SECONDS = 20.0
SIZE_LIMIT = 1_000_000

# Everybody at vogel.example has a Maildir, but voll@ (over quota, 4xx) and weg@ (unknown, 5xx).
_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = {commands}
daemon_directory = {daemons}
maillog_file = {home}/log/mail.log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.vogel.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = vogel.example
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_recipient_restrictions = check_recipient_access
  inline:{{ {{voll@vogel.example = 452 4.2.2 mailbox full}}, {{weg@vogel.example = 550 5.1.1 unknown}} }},
  permit_mynetworks, reject
message_size_limit = {size}
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {home}/key.pem
smtputf8_enable = yes
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 discard
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
"""


@dataclass
class Postfix:
    """A running server. Mail to anybody at vogel.example arrives in one Maildir."""

    home: Path
    port: int
    tls_port: int
    certificate: Path

    def url(self, scheme: str) -> str:
        return f"{scheme}://localhost:{self.tls_port if scheme == 'smtps' else self.port}"

    def arrived(self) -> list[bytes]:
        """The messages delivered so far, as Postfix wrote them (LF line ends, trace fields on top)."""
        return [file.read_bytes() for file in sorted((self.home / "mail" / "inbox" / "new").glob("*"))]

    def wait_for(self, text: bytes, copies: int = 1) -> list[bytes]:
        """The delivered messages that hold `text`, once there are `copies`."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            found = [mail for mail in self.arrived() if text in mail]
            if len(found) >= copies:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{text!r} did not arrive {copies} times:\n{self.log()}")

    def queue_is_empty(self) -> bool:
        return not any(
            any((self.home / "queue" / name).rglob("*")) for name in ("incoming", "active", "deferred")
        )

    def log(self) -> str:
        log = self.home / "log" / "mail.log"
        return log.read_text() if log.exists() else ""


@contextlib.contextmanager
def postfix() -> Iterator[Postfix]:
    """Start a server and stop it at the end. Needs root, because Postfix's master does."""
    program = require("postfix", "postfix")
    if os.geteuid() != 0:
        reason = "Postfix can only be started by root"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    home = Path(tempfile.mkdtemp(prefix="postkorb-postfix-"))
    try:
        running = _prepare(home)
        config = str(home / "etc")
        process = subprocess.Popen(
            [*die_with_us(), program, "-c", config, "start-fg"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(running, process)
            yield running
        finally:
            subprocess.run(
                [program, "-c", config, "stop"], capture_output=True, timeout=STOP_SECONDS, check=False
            )
            process.terminate()
            process.wait(STOP_SECONDS)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _prepare(home: Path) -> Postfix:
    owner = pwd.getpwnam("postfix")
    home.chmod(0o755)
    for name in ("etc", "queue", "data", "log", "mail"):
        (home / name).mkdir()
    for name in ("data", "mail"):
        os.chown(home / name, owner.pw_uid, owner.pw_gid)
    certificate = make_certificate(home)
    port, tls_port = free_ports(2)
    values = {
        "home": home, "port": port, "tls_port": tls_port, "certificate": certificate, "size": SIZE_LIMIT,
        "uid": owner.pw_uid, "gid": owner.pw_gid,
        "commands": _built_in("command_directory"), "daemons": _built_in("daemon_directory"),
    }  # fmt: skip
    (home / "etc" / "main.cf").write_text(_MAIN.format(**values), encoding="utf-8")
    (home / "etc" / "master.cf").write_text(_MASTER.format(**values), encoding="utf-8")
    return Postfix(home, port, tls_port, certificate)


def _built_in(name: str) -> str:
    found = subprocess.run(
        [require("postconf", "postfix"), "-d", "-h", name], check=True, capture_output=True, text=True
    )
    return found.stdout.strip()


def _wait_for(running: Postfix, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), smtplib.SMTP("127.0.0.1", running.port, timeout=5) as client:
            client.noop()
            return
        time.sleep(0.05)
    raise RuntimeError(f"Postfix does not start: {running.log() or process.poll()}")
