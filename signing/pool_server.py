"""Loaded once by the server that the signing processes are forked from (see ``signing.pool``)."""

from __future__ import annotations

import django

django.setup()

import signing.stages  # noqa: E402, F401  # loaded here, it costs the processes nothing
