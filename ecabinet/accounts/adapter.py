"""How the sign-in package behaves here: nobody signs themselves up, and every sentence is ours."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


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
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from a registration officer."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {  # noqa: RUF012  # the package declares it so
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code is wrong or too old. Type the one shown now."),
        "cannot_delete_authenticator": _("This way of signing in cannot be taken away now."),
        "cannot_generate_recovery_codes": _("Recovery codes need a passkey or a code app first."),
    }
