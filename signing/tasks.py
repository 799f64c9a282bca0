"""Periodic work of the signing room."""

from __future__ import annotations


def keep_register() -> None:
    """Follow offices that ended or were taken up by the calendar; warn of certificates that end."""
    from signing.actions.certificate_warnings import warn_due
    from signing.actions.positions import follow_all

    follow_all()
    warn_due()
