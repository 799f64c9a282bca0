"""A model's own rules as a refusal."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Model

from ecabinet.common.errors import DomainError


def must_be_valid(instance: Model, code: str = "invalid") -> None:
    """Fields and constraints hold; otherwise DomainError ``code`` (422) with every complaint."""
    try:
        instance.full_clean()
    except ValidationError as error:
        raise DomainError(code, " ".join(error.messages), 422) from error
