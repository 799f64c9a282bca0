"""Sign-in, keys and sessions. No sign-up, no change of address: the registration officer does both."""

from __future__ import annotations

from allauth.account import views
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from ecabinet.accounts.views import end_session, passkey_confirm, passkey_login, signing_pin

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # Names that the package asks for and that lead nowhere here.
    path("email/", RedirectView.as_view(pattern_name="mfa_index"), name="account_email"),
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("keys/webauthn/login/", passkey_login, name="mfa_login_webauthn"),
    path("keys/webauthn/reauthenticate/", passkey_confirm, name="mfa_reauthenticate_webauthn"),
    path("keys/pin/", signing_pin, name="signing-pin"),
    path("keys/", include("allauth.mfa.urls")),
    path("sessions/<int:pk>/end/", end_session, name="session-end"),
    path("sessions/", include("allauth.usersessions.urls")),
]
