"""The API's description as a committed file, so that a change of it is seen in review.

``bin/openapi`` writes it; ``tests/architecture/test_openapi.py`` compares.
"""

from __future__ import annotations

import json
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def described() -> str:
    """OpenAPI 3.1 of all of ``/api/v1``, in English, with sorted keys."""
    from django.utils import translation

    from ecabinet.api import api

    with translation.override("en"):
        schema = api.get_openapi_schema(path_prefix="/api/v1/")
        return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"


if __name__ == "__main__":
    import django

    django.setup()
    TARGET.write_text(described(), encoding="utf-8")
    print(TARGET)
