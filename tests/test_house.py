"""Imports only go down the house, and never in a circle; each arrow that goes up is named."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
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


def modules() -> dict[str, Path]:
    """Every module of the app by its dotted name."""
    parts = {path: path.relative_to(APP.parent).with_suffix("").parts for path in APP.rglob("*.py")}
    return {".".join(name[:-1] if name[-1] == "__init__" else name): path for path, name in parts.items()}


def needed_by(tree: ast.AST, known: Iterable[str]) -> Iterator[str]:
    """The modules that code needs when it runs: imports at its top and in functions, not those for types alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            within = [f"{node.module}.{alias.name}" for alias in node.names]
            needed = [name if name in known else str(node.module) for name in within]
            yield from (name for name in needed if name in known)
        else:
            yield from needed_by(node, known)


def circle() -> list[str]:
    """Modules that need one another in a circle, the first one again at the end; none if there is no circle."""
    found = modules()
    needs = {name: set(needed_by(ast.parse(path.read_text("utf-8")), found)) for name, path in found.items()}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda p: str(p.relative_to(APP)))
def test_imports_only_go_down(path: Path) -> None:
    assert upward_arrows(path) == []


def test_no_modules_need_one_another_in_a_circle() -> None:
    assert circle() == []


def test_no_step_knows_how_it_is_taken_back() -> None:
    """Steps keep their way back; the room that goes it knows the steps, and nothing in the services knows that room."""
    undo = APP / "services" / "undo"
    steps = [path for path in (APP / "services").rglob("*.py") if undo not in path.parents]
    assert [
        str(path) for path in steps for _line, name in imports(path) if name.startswith("app.services.undo")
    ] == []


def test_a_circle_is_named_even_through_a_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = tmp_path / "app" / "screens"
    house.mkdir(parents=True)
    (house / "one.py").write_text("from app.screens.two import two\n")
    (house / "two.py").write_text("def two():\n    from app.screens import one\n")
    monkeypatch.setattr(__import__(__name__, fromlist=["APP"]), "APP", tmp_path / "app")
    assert set(circle()) == {"app.screens.one", "app.screens.two"}


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
