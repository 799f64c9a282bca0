"""A picture of a record's first page, for those who may see it."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO
from pathlib import Path

import pypdfium2
from django.conf import settings

from archive.models import Record
from ecabinet.common import blobs

WIDTH = 900  # pixels: sharp at twice the density of the widest place it is shown in


def first_page(record: Record) -> Path:
    """The path of a PNG of page 1, made once and kept beside the packages."""
    folder = Path(settings.DATA_DIR) / "facsimiles"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record.sha256}.png"
    if not path.exists():
        temporary = path.with_suffix(".new")
        temporary.write_bytes(_draw(blobs.path_of(record.sha256)))
        temporary.replace(path)
    return path


def _draw(source: Path) -> bytes:
    out = BytesIO()
    with closing(pypdfium2.PdfDocument(source)) as document:
        document.init_forms()
        page = document[0]
        picture = page.render(scale=WIDTH / page.get_width(), may_draw_forms=True).to_pil()
        picture.convert("P", palette=1, colors=64).save(out, "PNG", optimize=True)
    return out.getvalue()
