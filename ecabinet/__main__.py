"""``python -m ecabinet`` is the ``ecabinet`` command."""

from __future__ import annotations

from ecabinet.cli import main

main()
