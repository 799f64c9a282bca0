from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    label = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from ecabinet.accounts import roles
        from ecabinet.accounts.tokens import register_source
        from meetings.queries.roles import roles_from_memberships
        from meetings.queries.tokens import tokens_of

        register_source(tokens_of)
        roles.register_source(roles_from_memberships)
