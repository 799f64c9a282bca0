from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    label = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from ecabinet.accounts import roles
        from ecabinet.accounts.tokens import register_source
        from meetings.actions import decisions, minutes, minutes_way
        from meetings.queries.roles import roles_from_memberships
        from meetings.queries.tokens import tokens_of
        from signing import completions

        register_source(tokens_of)
        completions.register(decisions.KIND, decisions.person_signed, decisions.person_returned)
        completions.register_refusal(decisions.KIND, decisions.person_refused)
        completions.register_passing(decisions.KIND, decisions.person_passed_on)
        completions.register(minutes.KIND, minutes_way.person_signed, minutes_way.person_returned)
        completions.register_timestamped(decisions.KIND, decisions.timestamped)
        completions.register_timestamped(minutes.KIND, minutes_way.timestamped)
        roles.register_source(roles_from_memberships)
