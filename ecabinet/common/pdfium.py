"""PDFium may be used by one thread at a time; a server answers many at once: who uses it holds this."""

from __future__ import annotations

import threading

# One thread may hold it twice: a page is read while its document is open.
LOCK = threading.RLock()
