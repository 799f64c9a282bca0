"""Who gets what from which address: role × object × route.

One row per route of the URL map. ``path`` is filled from the scene (meeting, item, version, record,
request); the statuses stand in the order of ``ROLES``. A route missing here fails the test: add a row.

302 is the way to the sign-in page or onwards, 401 the same for scripts, 403 refused, 404 hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("anonymous", "outsider", "member", "chair", "secretariat", "archivist")


@dataclass(frozen=True)
class Row:
    route: str
    path: str
    statuses: tuple[int, ...]
    method: str = "get"
    body: str = ""


def _everyone(route: str, path: str = "", status: int = 200, method: str = "get") -> Row:
    return Row(route, path or f"/{route}", (status,) * 6, method)


def _signed_in(route: str, path: str = "", status: int = 200, method: str = "get") -> Row:
    stranger = 401 if route.startswith("api/") or method == "post" else 302
    return Row(route, path or f"/{route}", (stranger, *(status,) * 5), method)


def _some(
    route: str, path: str, statuses: tuple[int, int, int, int, int], *, method: str = "get", body: str = ""
) -> Row:
    """Outsider, member, chair, secretariat, archivist; strangers are asked to sign in."""
    first = 401 if route.startswith("api/") or method == "post" else 302
    return Row(route, path, (first, *statuses), method, body)


def _command(end: str, statuses: tuple[int, int, int, int, int], body: str = "{{}}") -> Row:
    """A command of the live room; ``body`` is JSON with the scene's ids filled in."""
    path = (
        end.replace("<item>", "{item}").replace("<floor>", "9").replace("<poll>", "9").replace("<proxy>", "9")
    )
    address = f"/api/v1/meetings/{{meeting}}/{path}"
    return Row(f"api/v1/meetings/<pk>/{end}", address, (401, *statuses), "post", body)


MEMBERS = (404, 200, 200, 200, 404)
DESK = (404, 403, 200, 200, 404)
PREPARER = (404, 404, 404, 200, 404)
LIVE = "api/v1/meetings/<pk>/"
LIVE_PATH = "/api/v1/meetings/{meeting}/"

# 409: the right person at the wrong moment, for the meeting has not begun; 404: no such floor or poll.
DESK_COMMAND = (404, 403, 409, 409, 404)
SEAT_COMMAND = (404, 409, 409, 403, 404)
COMMANDS = (
    _command("start", (404, 403, 200, 200, 404)),
    _command("adjourn", DESK_COMMAND),
    _command("presence", (404, 200, 200, 403, 404), '{{"presence": "present"}}'),
    _command("items/<item>/call", DESK_COMMAND),
    _command("items/<item>/end", DESK_COMMAND),
    _command("items/<item>/postpone", DESK_COMMAND),
    _command("items/<item>/conclusion", DESK_COMMAND, '{{"text": "x"}}'),
    _command("floor/request", SEAT_COMMAND),
    _command("floor/withdraw", SEAT_COMMAND),
    _command("floor/<floor>/give", DESK_COMMAND),
    _command("floor/<floor>/extend", DESK_COMMAND),
    _command("floor/<floor>/end", (404, 409, 409, 409, 404)),
    _command("floor/<floor>/remove", DESK_COMMAND),
    _command("polls", DESK_COMMAND, '{{"item_id": {item}}}'),
    _command("polls/<poll>/cast", (404, 404, 404, 404, 404), '{{"choice": "for"}}'),
    _command("polls/<poll>/close", (404, 403, 404, 404, 404)),
    _command("polls/<poll>/cancel", (404, 403, 404, 404, 404)),
)
AMENDMENT = '{{"item_id": {item}, "clause": "1", "text": "x"}}'
OPTIONS = '{{"item_id": {item}, "options": [{{"text": "a"}}, {{"text": "b"}}]}}'
# 409: not in session, or a body that allows no proxies.
VOTES = (
    _command("polls/amendment", DESK_COMMAND, AMENDMENT),
    _command("polls/options", DESK_COMMAND, OPTIONS),
    _command("polls/<poll>/again", (404, 403, 404, 404, 404), '{{"reason": "x"}}'),
    _command("proxies", (404, 409, 409, 409, 404), '{{"acting": 1}}'),
    _command("proxies/<proxy>/revoke", (404, 409, 409, 409, 404)),
)

PROGRAMME_COMMANDS = (
    _command("present", (404, 409, 409, 409, 404), '{{"version_id": {version}}}'),
    _command("items/<item>/reopen", DESK_COMMAND, '{{"reason": "x"}}'),
    _command("items/<item>/pull", (404, 409, 409, 403, 404)),
    _command("consent/adopt", DESK_COMMAND, '{{"items": [{item}]}}'),
    _command("items/<item>/recusal", (404, 200, 200, 403, 404), '{{"reason": "conflict"}}'),
    _command(
        "items/<item>/roll-call", DESK_COMMAND, '{{"held_at": "2026-01-01T00:00:00Z", "answers": {{}}}}'
    ),
    _command("items/<item>/roll-call/confirm", DESK_COMMAND, '{{"digest": "x"}}'),
    _command("items/<item>/roll-call/discard", DESK_COMMAND),
    _command("items/<item>/recusal/take-back", (404, 409, 409, 403, 404)),
)

STRANGERS = (
    _everyone("demo/enter/<slug:key>/", "/demo/enter/nobody/", 404, "post"),
    _everyone("healthz", status=503),
    _everyone("jsi18n/"),
    _everyone("preferences/", status=302, method="post"),
    _everyone("styleguide/"),
    _everyone("verify/"),
)

ACCOUNT = (
    Row("account/login/", "/account/login/", (200, 302, 302, 302, 302, 302)),
    _signed_in("account/logout/"),
    _everyone("account/inactive/"),
    # People of the scene have neither password nor key: nothing to show again.
    _signed_in("account/reauthenticate/", status=403),
    _signed_in("account/password/change/", status=302),
    _signed_in("account/password/set/"),
    _everyone("account/password/reset/"),
    _everyone("account/password/reset/done/"),
    _everyone("account/password/reset/key/done/"),
    _everyone(
        r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        "/account/password/reset/key/1-bad/",
    ),
    _signed_in("account/email/", status=302),
    _signed_in("account/signup/", status=302),
    _signed_in("account/keys/"),
    _everyone("account/keys/authenticate/", status=302),
    _signed_in("account/keys/pin/"),
    _signed_in("account/keys/reauthenticate/", status=403),
    _signed_in("account/keys/totp/activate/"),
    _signed_in("account/keys/totp/deactivate/", status=404),
    _signed_in("account/keys/recovery-codes/", status=404),
    _signed_in("account/keys/recovery-codes/generate/"),
    _signed_in("account/keys/recovery-codes/download/", status=404),
    _signed_in("account/keys/webauthn/"),
    _signed_in("account/keys/webauthn/add/"),
    _signed_in("account/keys/webauthn/reauthenticate/", status=403),
    _signed_in("account/keys/webauthn/keys/<int:pk>/remove/", "/account/keys/webauthn/keys/9/remove/", 404),
    _signed_in("account/keys/webauthn/keys/<int:pk>/edit/", "/account/keys/webauthn/keys/9/edit/", 404),
    _everyone("account/keys/webauthn/login/", status=302),
    _signed_in("account/sessions/"),
    _signed_in("account/sessions/<int:pk>/end/", "/account/sessions/9/end/", 404, "post"),
)

PORTAL = (
    _signed_in("", "/"),
    _signed_in("meetings/"),
    _some("meetings/<int:pk>/", "/meetings/{meeting}/", MEMBERS),
    _some("meetings/<int:pk>/booklet.pdf", "/meetings/{meeting}/booklet.pdf", MEMBERS),
    _some(
        "meetings/<int:pk>/preview/",
        "/meetings/{meeting}/preview/?member={seat}",
        (404, 404, 404, 200, 404),
    ),
    _some(
        "meetings/<int:pk>/presence/",
        "/meetings/{meeting}/presence/",
        (404, 400, 400, 400, 404),
        method="post",
    ),
    # The body of the scene allows no proxies, which is said to who runs the desk too: they may record one.
    _some(
        "meetings/<int:pk>/proxy/",
        "/meetings/{meeting}/proxy/",
        (404, 409, 409, 409, 404),
        method="post",
    ),
    _some("meetings/<int:pk>/live/", "/meetings/{meeting}/live/", MEMBERS),
    _some("meetings/<int:pk>/desk/", "/meetings/{meeting}/desk/", DESK),
    _some("meetings/<int:pk>/wall/", "/meetings/{meeting}/wall/", MEMBERS),
    # Not over yet: only the desk reads the log.
    _some("meetings/<int:pk>/replay/", "/meetings/{meeting}/replay/", (404, 404, 200, 200, 404)),
    # Nobody has begun these minutes: the secretariat sees where to; nothing else is there.
    _some("meetings/<int:pk>/minutes/", "/meetings/{meeting}/minutes/", PREPARER),
    _some(
        "meetings/<int:pk>/minutes/begin/",
        "/meetings/{meeting}/minutes/begin/",
        (404, 403, 403, 409, 404),
        method="post",
    ),
    _signed_in("minutes/<int:pk>/edit/", "/minutes/9/edit/", 404),
    _signed_in("minutes/<int:pk>/circulate/", "/minutes/9/circulate/", 404, "post"),
    _signed_in("minutes/<int:pk>/comment/", "/minutes/9/comment/", 404, "post"),
    _signed_in("minutes/<int:pk>/agenda/", "/minutes/9/agenda/", 404, "post"),
    _signed_in("minutes/<int:pk>/approve/", "/minutes/9/approve/", 404, "post"),
    _signed_in("minutes/<int:pk>/file", "/minutes/9/file", 404),
    _signed_in("minutes/<int:pk>/items/<int:item>/extract.pdf", "/minutes/9/items/9/extract.pdf", 404),
    _signed_in("assignments/"),
    _signed_in("assignments/<int:pk>/", "/assignments/9/", 404),
    _signed_in("assignments/<int:pk>/<slug:name>/", "/assignments/9/report/", 404, "post"),
    _some("items/<int:pk>/assignments/", "/items/{item}/assignments/", (404, 404, 200, 200, 404)),
    _signed_in("search/"),
    _signed_in("search/export.csv"),
    _some("items/<int:pk>/position/", "/items/{item}/position/", MEMBERS),
    _some("items/<int:pk>/roll-call/", "/items/{item}/roll-call/", (404, 404, 200, 200, 404)),
    _some("items/<int:pk>/pull/", "/items/{item}/pull/", (404, 409, 409, 403, 404), method="post"),
    _some("items/<int:pk>/recusal/", "/items/{item}/recusal/", (404, 422, 422, 403, 404), method="post"),
    _some(
        "items/<int:pk>/recusal/end/", "/items/{item}/recusal/end/", (404, 409, 409, 403, 404), method="post"
    ),
    _some("items/<int:pk>/decision/", "/items/{item}/decision/", (404, 404, 200, 200, 404)),
    _signed_in("decisions/<int:pk>/", "/decisions/9/", 404),
    _signed_in("decisions/<int:pk>/file", "/decisions/9/file", 404),
    _signed_in("decisions/<int:pk>/revise/", "/decisions/9/revise/", 404),
    _some("papers/<int:pk>/", "/papers/{version}/", MEMBERS),
    _some("papers/<int:pk>/file", "/papers/{version}/file", MEMBERS),
    _some(
        "papers/<int:pk>/progress",
        "/papers/{version}/progress",
        (404, 204, 204, 204, 404),
        method="post",
        body='{{"last_page": 1, "pages_seen": 1}}',
    ),
    _some("papers/<int:pk>/signatures/", "/papers/{version}/signatures/", MEMBERS),
    _signed_in("written/"),
    _some("written/new/", "/written/new/", PREPARER),
    _some("written/<int:pk>/", "/written/{written}/", MEMBERS),
    # Once it is out nothing is edited: back to its page.
    _some("written/<int:pk>/edit/", "/written/{written}/edit/", (404, 404, 404, 302, 404)),
    _some("written/<int:pk>/send/", "/written/{written}/send/", (404, 404, 404, 409, 404), method="post"),
    _some("written/<int:pk>/cancel/", "/written/{written}/cancel/", (404, 404, 404, 422, 404), method="post"),
    _some("written/<int:pk>/move/", "/written/{written}/move/", (404,) * 5, method="post"),
    _some("written/<int:pk>/answer/", "/written/{written}/answer/", (404, 400, 400, 403, 404), method="post"),
    _signed_in("sign/"),
    _some("sign/confirm/", "/sign/confirm/", (400,) * 5, method="post"),
    _some("sign/sessions/<int:pk>/", "/sign/sessions/9/", (404,) * 5),
    _some("sign/sessions/<int:pk>/confirm/", "/sign/sessions/9/confirm/", (404,) * 5, method="post"),
    _some("sign/timestamps/", "/sign/timestamps/", PREPARER),
    _some("sign/timestamps/<int:pk>/try/", "/sign/timestamps/9/try/", (404,) * 5, method="post"),
    _some("sign/<int:pk>/", "/sign/{request}/", (404, 404, 200, 200, 404)),
    _some("sign/<int:pk>/file", "/sign/{request}/file", (404, 404, 200, 200, 404)),
    _some("sign/<int:pk>/signatures/", "/sign/{request}/signatures/", (404, 404, 200, 200, 404)),
    _some("sign/<int:pk>/pages/<int:number>.png", "/sign/{request}/pages/1.png", (404, 404, 200, 200, 404)),
    _some("sign/<int:pk>/pass/", "/sign/{request}/pass/", (404,) * 5, method="post"),
    _some("sign/<int:pk>/refuse/", "/sign/{request}/refuse/", (403, 403, 400, 403, 403), method="post"),
    _some("sign/<int:pk>/return/", "/sign/{request}/return/", (405,) * 5),
)

# The secretariat finds it by the body it prepares for, archive staff by their role. The ledger has not
# sealed it in this scene, so that proof and package are still to come (409).
RECORDS = tuple(
    _some(f"records/<int:pk>/{end}", f"/records/{{record}}/{end}", (404, *(status,) * 4))
    for end, status in (
        ("", 200),
        ("file", 200),
        ("package", 409),
        ("proof", 409),
        ("page.png", 200),
        ("read/", 200),
        ("signatures/", 200),
    )
)

# Nobody in the scene registers certificates; what is an officer's or an administrator's is hidden (404).
CERTIFICATES = (
    _signed_in("certificates/"),
    _some("certificates/request/", "/certificates/request/", (409, 409, 409, 503, 503), method="post"),
    _signed_in("certificates/<int:pk>/lost/", "/certificates/9/lost/", 404, "post"),
    _signed_in("certificates/requests/<int:pk>/key/", "/certificates/requests/9/key/", 404, "post"),
    _signed_in("certificates/requests/<int:pk>/name/", "/certificates/requests/9/name/", 404, "post"),
    _signed_in("certificates/requests/<int:pk>/withdraw/", "/certificates/requests/9/withdraw/", 404, "post"),
    _signed_in("register/", status=404),
    _signed_in("register/new/", status=404),
    _signed_in("register/coverage/", status=404),
    _signed_in("register/coverage.csv", status=404),
    _signed_in("register/officers/", status=404),
    _signed_in("register/officers/<int:pk>/end/", "/register/officers/9/end/", 403, "post"),
    _signed_in("register/requests/<int:pk>/", "/register/requests/9/", 404),
    _signed_in("register/requests/<int:pk>/request.csr", "/register/requests/9/request.csr", 404),
    _signed_in("register/requests/<int:pk>/<slug:name>/", "/register/requests/9/approve/", 404, "post"),
    _signed_in("register/certificates/<int:pk>/", "/register/certificates/9/", 404),
    _signed_in(
        "register/certificates/<int:pk>/<slug:name>/", "/register/certificates/9/revoke/", 404, "post"
    ),
)

CHECKS = (
    _everyone("verify/<str:code>/", "/verify/NOSUCHCODE/", 404),
    _everyone("verify/trust.zip"),
    _some("records/<int:pk>/files/<path:path>", "/records/{record}/files/none.pdf", (404,) * 5),
)

API = (
    _signed_in("api/v1/openapi.json"),
    _signed_in("api/v1/", status=404),
    _some(f"{LIVE}state", f"{LIVE_PATH}state", MEMBERS),
    _some(f"{LIVE}me", f"{LIVE_PATH}me", MEMBERS),
    *COMMANDS,
    *PROGRAMME_COMMANDS,
    *VOTES,
    _some(f"{LIVE}polls/<poll>/receipts/<mandate>", f"{LIVE_PATH}polls/9/receipts/9", (404,) * 5),
)

ROWS: tuple[Row, ...] = (*STRANGERS, *ACCOUNT, *PORTAL, *RECORDS, *CERTIFICATES, *CHECKS, *API)
