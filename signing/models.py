"""Certificates and signing sessions."""

from __future__ import annotations
