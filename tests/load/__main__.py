"""``python -m tests.load NAME FOLDER ARGUMENTS…``: one load on a new site, its outcome as JSON.

Database, server and port are those of the environment; the tables are made here.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

import django
from django.core.management import call_command


def main(name: str, folder: str, *arguments: str) -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    measure = importlib.import_module(f"tests.load.{name}").measure
    print(json.dumps(asdict(measure(Path(folder), *map(int, arguments)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
