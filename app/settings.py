"""Where one installation lives and how the rep likes it: folders and `config.toml`. A leaf: imports no room."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from platformdirs import PlatformDirs

PREFIX = "POSTKORB_"  # of environment variables


class Home:
    """The folders of one installation: everything below `root` if one is named, else the XDG folders."""

    def __init__(self, root: Path | None = None) -> None:
        dirs = PlatformDirs("postkorb", appauthor=False)
        self.data = root or Path(dirs.user_data_dir)
        self.config = root or Path(dirs.user_config_dir)
        self.log = root or Path(dirs.user_state_dir)

    @property
    def database(self) -> Path:
        return self.data / "postkorb.db"

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def log_file(self) -> Path:
        return self.log / "postkorb.log"

    @property
    def secrets(self) -> Path:
        """The folder of owner-only secret files, one a mailbox."""
        return self.config / "secrets"

    @property
    def downloads(self) -> Path:
        return Path.home() / "Downloads" if self.data != self.config else self.data / "downloads"

    def make(self) -> None:
        """Create the folders for their owner only."""
        for folder in {self.data, self.config, self.log}:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


@dataclass(frozen=True, slots=True)
class Settings:
    """`config.toml`, overridden by `POSTKORB_…` variables; what they say is checked where they are read
    (`app.services.configuration`)."""

    language: Literal["de", "en"] = "de"
    database_url: str = ""  # empty: SQLite in the home; "postgresql://user@host/name" for teams
    theme: Literal["dark", "light", "terminal"] = "dark"
    ascii: bool = False  # signs from ASCII only, whatever the locale says
    undo_seconds: int = field(default=10, metadata={"ge": 0, "le": 600})  # pause between "send" and sending
    sync_minutes: int = field(default=10, metadata={"ge": 1, "le": 1440})
    editor: str = ""  # "$EDITOR" for composing; empty: the built-in editor
    date_format: str = "%d.%m.%y"
    downloads: str = ""
    keys: dict[str, str] = field(default_factory=dict)  # command id -> keys, comma-separated


def variable_of(field: str) -> str:
    """The environment variable that sets this field now, as it is written there; empty if the file or the default does."""
    wanted = f"{PREFIX}{field}".casefold()
    return next((name for name in os.environ if name.casefold() == wanted), "")
