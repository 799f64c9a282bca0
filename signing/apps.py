from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SigningConfig(AppConfig):
    name = "signing"
    label = "signing"
    verbose_name = _("Signing")

    def ready(self) -> None:
        from ecabinet.accounts import changes, roles
        from signing.actions.positions import follow_offices
        from signing.permissions import officer_roles

        changes.register(follow_offices)
        roles.register_source(officer_roles)
