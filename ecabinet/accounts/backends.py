"""What someone may do in the administration follows from their roles, not from rows of permissions."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import Permission

from ecabinet.accounts.enums import Role
from ecabinet.accounts.roles import roles_of

if TYPE_CHECKING:
    from ecabinet.accounts.models import User

_CACHE = "_role_patterns"

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.SECRETARIAT: (
        "wagtailadmin.access_admin",
        "meetings.*",
        "accounts.view_*",
        "accounts.add_position",
        "accounts.change_position",
        "accounts.add_appointment",
        "accounts.change_appointment",
    ),
    Role.REGISTRAR: ("wagtailadmin.access_admin", "accounts.*"),
    Role.ADMINISTRATOR: ("wagtailadmin.access_admin", "accounts.*", "wagtailcore.*", "wagtailusers.*"),
}


class RoleBackend(BaseBackend):
    """Grants permissions by pattern. Remembered on the user object for one request, as Django does itself."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return any(fnmatchcase(perm, pattern) for pattern in self._patterns(user_obj))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(pattern.split(".")[0] == app_label for pattern in self._patterns(user_obj))

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        patterns = self._patterns(user_obj)
        if not patterns:
            return set()
        rows = Permission.objects.values_list("content_type__app_label", "codename")
        names = (f"{app}.{codename}" for app, codename in rows)
        return {name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)}

    def _patterns(self, user: User) -> frozenset[str]:
        known: frozenset[str] | None = getattr(user, _CACHE, None)
        if known is None:
            roles = roles_of(user)
            known = frozenset(p for role in roles for p in PERMISSIONS.get(role, ()))
            setattr(user, _CACHE, known)
        return known
