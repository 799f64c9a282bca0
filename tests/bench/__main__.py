"""``python -m tests.bench NAME [--json]`` and ``--list``."""

from __future__ import annotations

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
    names = [argument for argument in arguments if not argument.startswith("--")]
    if "--list" in arguments or not names or names[0] not in NAMES:
        print("\n".join(NAMES))
        return 0 if "--list" in arguments else 2
    rows: list[Row] = importlib.import_module(f"tests.bench.{names[0]}").rows()
    print((as_json if "--json" in arguments else as_table)(names[0], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
