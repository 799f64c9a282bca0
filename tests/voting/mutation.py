"""Does a fault in the voting rules make a test fail? Small faults are put in one at a time to see.

The tools on offer (mutmut 3, cosmic-ray) either leave module and class data alone, where the presets are,
or start an interpreter for each mutant. Here a mutant is a changed syntax tree, imported in a forked
child in place of the module; the child runs the fast tests and its exit code is the answer.
"""

from __future__ import annotations

import ast
import copy
import importlib
import importlib.abc
import importlib.machinery
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = "voting.rules"
TESTS = ("test_rules", "test_options", "test_presets", "test_frozen", "test_agreement", "test_properties")
OPTIONS = (
    *("-q", "-x", "-n0", "-p", "no:cacheprovider"),
    *("-m", "not django_db", "-k", "not 100000 and not of_every_sort"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
LIMIT_SECONDS = 120
PASSED, FAILED, BROKEN = 0, 1, 2  # pytest's exit codes; BROKEN: a test module cannot be imported

NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
EDGED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}

# (before, after): why nobody can tell the difference.
EQUIVALENT: dict[tuple[str, str], str] = {}


class Mutant(NamedTuple):
    module: str
    line: int
    before: str
    after: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.module.rpartition('.')[2]}:{self.line}: {self.before}  →  {self.after}"


def faults(node: ast.AST) -> Iterator[ast.AST | None]:
    """What may stand in the node's place; None means that it is left out."""
    match node:
        case ast.Constant():
            yield from constants(node.value)
        case ast.Compare() | ast.BinOp() | ast.BoolOp() | ast.UnaryOp() | ast.IfExp():
            yield from expressions(node)
        case ast.If():
            yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        case ast.Return(value=ast.expr() as value) if not is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Expr() | ast.Assign() | ast.AugAssign() | ast.AnnAssign() | ast.Raise():
            yield None


def expressions(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for place, op in enumerate(node.ops):
                others = [table[type(op)] for table in (NEGATED, EDGED) if type(op) in table]
                yield from (with_part(node, "ops", place, other()) for other in others)
        case ast.BinOp() if type(node.op) in COUNTED:
            yield ast.BinOp(node.left, COUNTED[type(node.op)](), node.right)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            yield from node.values
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)


def constants(value: object) -> Iterator[ast.Constant]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant("mutant")


def is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def with_part(node: ast.AST, field: str, place: int | None, part: ast.AST | None) -> ast.AST:
    """A shallow copy of the node in which one part is another."""
    changed = copy.copy(node)
    if place is None:
        setattr(changed, field, part)
    else:
        parts = list(getattr(node, field))
        parts[place : place + 1] = [part if part is not None else ast.Pass()]
        setattr(changed, field, parts)
    return changed


def variants(
    node: ast.AST, *, in_function: bool = False
) -> Iterator[tuple[ast.AST, ast.AST | None, ast.AST]]:
    """Each way to spoil one place of a tree: (the place, what stands there now, the whole tree then)."""
    in_function = in_function or isinstance(node, ast.FunctionDef)
    for field, value in ast.iter_fields(node):
        for place, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(part, ast.AST) or is_left_alone(node, field, part):
                continue
            for fault in faults(part):
                if fault is not None or in_function:
                    yield part, fault, with_part(node, field, place, fault)
            for spot, fault, changed in variants(part, in_function=in_function):
                yield spot, fault, with_part(node, field, place, changed)


def is_left_alone(node: ast.AST, field: str, part: ast.AST) -> bool:
    """Annotations are never evaluated; docstrings and imports say nothing about the counting."""
    docstring = isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
    return docstring or field in ("annotation", "returns") or isinstance(part, ast.Import | ast.ImportFrom)


def mutants() -> list[Mutant]:
    found = []
    for path in sorted((ROOT / PACKAGE.replace(".", "/")).glob("*.py")):
        module = PACKAGE if path.stem == "__init__" else f"{PACKAGE}.{path.stem}"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for spot, fault, changed in variants(tree):
            before = shown(spot)
            after = shown(fault) if fault is not None else "(left out)"
            assert isinstance(changed, ast.Module)
            found.append(Mutant(module, getattr(spot, "lineno", 0), before, after, changed))
    return found


def shown(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).partition("\n")[0]


class Impostor(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the mutant in the module's place."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.mutant.module:
            return None
        spec = importlib.machinery.ModuleSpec(fullname, self, is_package=fullname == PACKAGE)
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(str(ROOT / PACKAGE.replace(".", "/")))
        return spec

    def exec_module(self, module: ModuleType) -> None:
        tree = ast.fix_missing_locations(copy.deepcopy(self.mutant.tree))
        code = compile(tree, f"<{self.mutant}>", "exec")
        exec(code, module.__dict__)  # noqa: S102  # our own module with one fault


def judged() -> list[Mutant]:
    """The mutants that differ from the rules as they are."""
    return [mutant for mutant in mutants() if (mutant.before, mutant.after) not in EQUIVALENT]


def prepare() -> None:
    """What every child needs and no mutant changes is imported once, before the forks."""
    import django
    import hypothesis
    import pytest  # noqa: F401  # for the children

    hypothesis.settings.register_profile("mutation", derandomize=True, database=None)
    hypothesis.settings.load_profile("mutation")
    django.setup()


def attempt(mutant: Mutant | None) -> int:
    """Start a child on the mutant (or on the rules as they are); returns its process id."""
    child = os.fork()
    if child:
        return child
    code = 70  # no code of pytest's: the harness itself is broken
    try:
        signal.alarm(LIMIT_SECONDS)  # its default action ends the child: an endless loop is found, too
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        code = run_tests(mutant)
    finally:
        os._exit(code)


def run_tests(mutant: Mutant | None) -> int:
    import pytest

    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
    if mutant is not None:
        sys.meta_path.insert(0, Impostor(mutant))
    try:
        importlib.import_module(PACKAGE)
    except Exception:  # noqa: BLE001  # whatever it is: no test can pass
        return BROKEN
    return int(pytest.main([*OPTIONS, *(str(ROOT / "tests/voting" / f"{name}.py") for name in TESTS)]))


def survived(status: int) -> bool:
    """What a child's end says. Raises RuntimeError when it says nothing about the mutant."""
    if os.WIFSIGNALED(status):
        return False
    code = os.WEXITSTATUS(status)
    if code not in (PASSED, FAILED, BROKEN):
        raise RuntimeError(f"the tests could not be run on a mutant: exit code {code}")
    return code == PASSED


def survivors(
    chosen: Sequence[Mutant], jobs: int = 1, told: Callable[[Mutant], object] | None = None
) -> list[Mutant]:
    """The mutants on which every test passes. Raises RuntimeError when the tests fail without one."""
    _pid, status = os.waitpid(attempt(None), 0)
    if not survived(status):
        raise RuntimeError("the tests fail on the rules as they are")
    alive: list[Mutant] = []
    running: dict[int, Mutant] = {}
    waiting = list(reversed(chosen))
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            running[attempt(mutant)] = mutant
        pid, status = os.wait()
        mutant = running.pop(pid)
        if survived(status):
            alive.append(mutant)
            if told:
                told(mutant)
    return alive
