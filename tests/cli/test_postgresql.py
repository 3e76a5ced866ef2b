"""The front door on a team's database: the same verbs, the database named in the configuration."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Postkorb
from tests.mail.letters import letter
from tests.servers.dovecot import dovecot
from tests.servers.postgresql import Postgresql


def test_a_mailbox_is_set_up_synced_triaged_and_removed(
    postkorb: Postkorb, home: Path, postgresql_server: Postgresql
) -> None:
    home.mkdir()
    url = postgresql_server.url(postgresql_server.create())
    (home / "config.toml").write_text(f'database_url = "{url}"\n')
    with dovecot() as server:
        server.deliver(letter(1), letter(2))
        added = postkorb(
            *("account", "add", "vertrieb", "--address", "vertrieb@firma.example", "--source", server.url()),
            *("--password-command", f"echo {server.password}"),
        )
        assert added.code == 0
        assert postkorb("sync").code == 0
        assert postkorb("doctor").code == 0
    lead = postkorb("lead", "new", "--title", "Vogel 2027", "--json").json["id"]
    (mail,) = postkorb("mail", "search", 'betreff:"anfrage 1"', "--json").json
    assert postkorb("mail", "link", mail["id"], "--lead", lead).code == 0
    assert len(postkorb("mail", "list", "--unprocessed", "--json").json) == 1
    assert "Guten Tag" in postkorb("mail", "show", mail["id"], "--json").json["text"]
    gone = postkorb("account", "remove", "vertrieb", "--yes", "--json")
    assert gone.json == {"name": "vertrieb", "removed": 1, "kept": 1}
    assert not (home / "postkorb.db").exists()
