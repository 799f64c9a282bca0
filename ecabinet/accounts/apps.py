from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "ecabinet.accounts"
    label = "accounts"
    verbose_name = _("People and agencies")

    def ready(self) -> None:
        from ecabinet.accounts import tokens
        from ecabinet.accounts.roles import role_tokens

        tokens.register_source(role_tokens)
