"""Checks one file within limits. Started by ``signing.validation.limited`` as a plain script.

Reads one JSON object (path, limits, the moment, trust anchors, our own versions), answers with the report's
data. Knows no settings, no database and no network.
"""

from __future__ import annotations

import json
import resource
import sys
from base64 import b64decode
from datetime import datetime
from pathlib import Path
from typing import Any

LONGEST_ANSWER = 4 * 1024 * 1024  # bytes; whoever asked reads it into memory


def limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def answer(question: dict[str, Any]) -> dict[str, Any]:
    from asn1crypto import x509
    from django.conf import settings

    settings.configure(USE_TZ=True, TIME_ZONE="UTC")
    from ecabinet.common import clock
    from signing.validation.check import validate
    from signing.validation.limited import table
    from signing.validation.stored import StoredVersion

    roots = [x509.Certificate.load(b64decode(each)) for each in question["trust"]]
    known = table([StoredVersion(**each) for each in question["chain"]])
    with clock.starting_at(datetime.fromisoformat(question["now"])):
        return validate(Path(question["path"]), trust=roots, known=known).as_data()


def main() -> None:
    question = json.load(sys.stdin)
    limit(question["memory"], question["seconds"])
    # An isolated script does not see the product, which lies two folders above it.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    text = json.dumps(answer(question))
    if len(text) > LONGEST_ANSWER:
        sys.exit("the answer is too long")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
