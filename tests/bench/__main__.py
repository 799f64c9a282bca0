"""``python -m tests.bench NAME [--runs N] [--json]`` and ``--list``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from tests.bench import Row

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {platform.system()}"
    )


def as_json(name: str, rows: list[Row]) -> str:
    data = [{**asdict(row), "ratio": round(row.ratio, 4)} for row in rows]
    return json.dumps({"name": name, "machine": machine(), "rows": data}, ensure_ascii=False)


def as_table(name: str, rows: list[Row]) -> str:
    lines = [f"{name} · {machine()}"]
    for row in rows:
        mark = "✓" if row.met else "✗"
        lines.append(
            f"{mark} {row.what}: {row.value:.3g} {row.unit}; {row.peer}: {row.peer_value:.3g} {row.unit}; "
            f"ratio {row.ratio:.3g}; goal: {row.goal}"
        )
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    if asked.list or asked.name is None:
        print("\n".join(NAMES))
        return 0 if asked.list else 2
    module = importlib.import_module(f"tests.bench.{asked.name}")
    rows: list[Row] = module.rows() if asked.runs is None else module.rows(asked.runs)
    print((as_json if asked.json else as_table)(asked.name, rows))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("name", nargs="?", choices=NAMES)
    parser.add_argument("--runs", type=int, help="fewer or more than the promise names")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--list", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
