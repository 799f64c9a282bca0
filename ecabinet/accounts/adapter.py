"""How the sign-in package behaves here: nobody signs themselves up, and every sentence is ours."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecabinet.accounts import stepup
from ecabinet.accounts.models import User

logger = logging.getLogger(__name__)

# Ways to confirm who one is, the quickest and safest first.
WAYS = ("mfa_reauthenticate:webauthn", "mfa_reauthenticate", "reauthenticate")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {  # noqa: RUF012  # the package declares it so
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask the registration officer of your agency."),
        "email_password_mismatch": _("E-mail address and password do not belong together. Check both."),
        "enter_current_password": _("That is not your current password."),
        "incorrect_password": _("That is not your password. Type it again."),
        "incorrect_code": _("That code is wrong or too old. Type the one shown now."),
        "invalid_password_reset": _("This link was used already or is too old. Ask for a new one."),
        "too_many_login_attempts": _("Too many wrong attempts. Wait five minutes and try again."),
        "same_as_current": _("That is what it is now. Type a new one."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from a registration officer."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """One rule for keys and codes as for voting and signing: a fresh sign-in is proof enough."""
        return not stepup.is_fresh(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways this person has, in the order of ``WAYS``."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: WAYS.index(method["id"]))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of who gets it. A mail server that is away stops nobody: the log tells."""
        reader = User.objects.filter(email__iexact=email).first()
        with translation.override(reader.language if reader else translation.get_language()):
            try:
                super().send_mail(template_prefix, email, context)
            except (OSError, SMTPException):
                logger.exception("a message about an account could not be sent (%s)", template_prefix)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {  # noqa: RUF012  # the package declares it so
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code is wrong or too old. Type the one shown now."),
        "cannot_delete_authenticator": _("This way of signing in cannot be taken away now."),
        "cannot_generate_recovery_codes": _("Recovery codes need a passkey or a code app first."),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  # the package's name
        """“Passkey 2”: a name to begin with, that the person may change."""
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": held + 1}
