"""Imports only go down the house; each arrow that goes up is named."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "app"
LEAVES = {"language", "settings", "commands", "__init__"}
MAY_IMPORT: dict[str, set[str]] = {
    "__main__": {"cli"},
    "cli": {"app", "screens", "widgets", "services", "store", "mail", "domain"},
    "app": {"screens", "widgets", "services", "store", "mail", "domain"},
    "screens": {"widgets", "services", "domain"},
    "widgets": {"domain"},
    "services": {"store", "mail", "domain"},
    "store": {"domain"},
    "mail": {"domain"},
    "domain": set(),
    "commands": set(),
    "language": set(),
    "settings": set(),
}
#: What a room must never know, wherever the import stands.
FORBIDDEN = {
    "domain": {"textual", "sqlmodel", "sqlalchemy", "sqlite3", "imapclient", "aiosmtplib", "socket"},
    "store": {"textual", "imapclient", "aiosmtplib"},
    "mail": {"textual", "sqlmodel", "sqlalchemy"},
    "services": {"textual"},
    "screens": {"sqlmodel", "sqlalchemy", "sqlite3", "imapclient", "aiosmtplib"},
    "widgets": {"sqlmodel", "sqlalchemy", "sqlite3", "imapclient", "aiosmtplib"},
    "cli": {"textual", "sqlite3", "imapclient", "aiosmtplib"},
}


def room_of(path: Path) -> str:
    """The room a file stands in: the folder below `app/`, or the name of a single-file room."""
    first = path.relative_to(APP).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "app" else [module]
            found += [(node.lineno, name) for name in names]
    return found


def upward_arrows(path: Path) -> list[str]:
    room, wrong = room_of(path), []
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] == "app" and len(parts) > 1:
            target = (
                parts[1] if (APP / parts[1]).is_dir() or (APP / f"{parts[1]}.py").exists() else "__init__"
            )
            if target != room and target not in LEAVES and target not in MAY_IMPORT.get(room, set()):
                wrong.append(f"{path.relative_to(APP.parent)}:{line}: {room} imports {target}")
        elif parts[0] in FORBIDDEN.get(room, set()):
            wrong.append(f"{path.relative_to(APP.parent)}:{line}: {room} knows {parts[0]}")
    return wrong


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda p: str(p.relative_to(APP)))
def test_imports_only_go_down(path: Path) -> None:
    assert upward_arrows(path) == []


def test_an_arrow_that_goes_up_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = tmp_path / "app"
    (house / "domain").mkdir(parents=True)
    (house / "store").mkdir()
    wrong = house / "domain" / "rule.py"
    wrong.write_text("from app.store import lists\nimport sqlite3\n")
    monkeypatch.setattr(__import__(__name__, fromlist=["APP"]), "APP", house)
    assert upward_arrows(wrong) == [
        "app/domain/rule.py:1: domain imports store",
        "app/domain/rule.py:2: domain knows sqlite3",
    ]
