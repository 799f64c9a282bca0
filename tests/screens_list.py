"""Every screen of the product, for ``bin/screens`` and for the accessibility tests: one list for both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

CHAIR, MEMBER, CLERK, ARCHIVIST = "chair", "member", "secretariat", "archivist"
REGISTRAR, ENDING = "registrar", "member-2"
BEST = (
    "today",
    "meeting",
    "reader",
    "live",
    "desk",
    "wall",
    "tray",
    "search",
    "verify",
    "record",
    "board",
    "sign-in",
)


@dataclass(frozen=True)
class Screen:
    """``card`` names the role card that sees it, empty for strangers. ``wall``: only on the projector."""

    name: str
    path: str
    card: str = ""
    wall: bool = False


def screens() -> Iterator[Screen]:
    """All screens of the demo cabinet as it stands; asks the database for the ids."""
    from archive.models import Record
    from meetings.enums import DecisionState, DocumentRole, MeetingState
    from meetings.models import Decision, DocumentVersion, Meeting

    now = Meeting.objects.filter(state=MeetingState.IN_SESSION).order_by("-starts_at")[0]
    past = Meeting.objects.filter(state=MeetingState.ADJOURNED).order_by("-starts_at")[0]
    coming = Meeting.objects.filter(state=MeetingState.PREPARING).order_by("-starts_at")[0]
    record = Record.objects.order_by("-issued_on", "-pk")[0]
    decision = Decision.objects.filter(state=DecisionState.ARCHIVED).order_by("-pk")[0]
    sent = DocumentVersion.objects.filter(distributed_in__distribution__meeting=now).distinct()
    draft = sent.filter(document__role=DocumentRole.DRAFT, number=2).order_by("pk")[0]
    yield from _strangers(record.verify_code)
    yield from _portal(now.pk, past.pk, draft.pk, record.pk, decision.pk)
    yield from _written()
    yield from _signing()
    yield from _certificates()
    yield from _administration(coming.pk, now.pk)


def _strangers(code: str) -> Iterator[Screen]:
    yield Screen("sign-in", "/account/login/")
    yield Screen("sign-in-reset", "/account/password/reset/")
    yield Screen("sign-in-reset-sent", "/account/password/reset/done/")
    yield Screen("sign-in-old-link", "/account/password/reset/key/1-bad/")
    yield Screen("sign-in-closed", "/account/inactive/")
    yield Screen("verify", "/verify/")
    yield Screen("verify-code", f"/verify/{code}/")
    yield Screen("styleguide", "/styleguide/")
    yield Screen("missing", "/nowhere/")


def _portal(now: int, past: int, draft: int, record: int, decision: int) -> Iterator[Screen]:
    from meetings.models import AgendaItem

    yield Screen("today", "/", MEMBER)
    yield Screen("today-chair", "/", CHAIR)
    yield Screen("today-clerk", "/", CLERK)
    yield Screen("today-archivist", "/", ARCHIVIST)
    yield Screen("meetings", "/meetings/", MEMBER)
    yield Screen("meeting", f"/meetings/{now}/", MEMBER)
    yield Screen("meeting-past", f"/meetings/{past}/", MEMBER)
    yield Screen("reader", f"/papers/{draft}/", MEMBER)
    yield Screen("live", f"/meetings/{now}/live/", MEMBER)
    yield Screen("desk", f"/meetings/{now}/desk/", CHAIR)
    item = AgendaItem.objects.filter(meeting=now).order_by("sort_order", "pk")[1].pk
    yield Screen("roll-call", f"/items/{item}/roll-call/", CLERK)
    yield Screen("wall", f"/meetings/{now}/wall/", CLERK, wall=True)
    yield Screen("replay", f"/meetings/{past}/replay/?seq=32", MEMBER)
    yield Screen("minutes", f"/meetings/{past}/minutes/", MEMBER)
    yield Screen("minutes-clerk", f"/meetings/{past}/minutes/", CLERK)
    yield Screen("minutes-edit", f"/minutes/{_minutes_of(past)}/edit/", CLERK)
    yield Screen("assignments", "/assignments/", CLERK)
    yield Screen("assignment", f"/assignments/{_reported()}/", CLERK)
    yield Screen("assign", f"/items/{_concluded(past)}/assignments/", CLERK)
    yield Screen("tray", "/sign/", CHAIR)
    yield Screen("timestamps", "/sign/timestamps/", CLERK)
    yield Screen("decision", f"/decisions/{decision}/", CLERK)
    yield Screen("search", "/search/?q=an+ninh+mang", ARCHIVIST)
    yield Screen("search-none", "/search/?q=zzzz", ARCHIVIST)
    yield Screen("record", f"/records/{record}/", ARCHIVIST)
    yield Screen("record-reader", f"/records/{record}/read/", ARCHIVIST)
    yield Screen("keys", "/account/keys/", MEMBER)
    yield Screen("passkeys", "/account/keys/webauthn/", MEMBER)
    yield Screen("passkey-new", "/account/keys/webauthn/add/", MEMBER)
    yield Screen("code-app", "/account/keys/totp/activate/", MEMBER)
    yield Screen("password", "/account/password/set/", MEMBER)
    yield Screen("sign-out", "/account/logout/", MEMBER)
    yield Screen("wrong-method", "/sign/confirm/", MEMBER)
    yield Screen("sessions", "/account/sessions/", MEMBER)


def _minutes_of(meeting: int) -> int:
    from meetings.models import Minutes

    return Minutes.objects.get(meeting=meeting).pk


def _reported() -> int:
    from meetings.models import Assignment

    return Assignment.objects.get(state="reported").pk


def _concluded(meeting: int) -> int:
    from meetings.models import AgendaItem

    return AgendaItem.objects.filter(meeting=meeting).exclude(conclusion="").order_by("pk")[0].pk


def _written() -> Iterator[Screen]:
    from meetings.enums import WrittenState
    from meetings.models import WrittenBallot

    pks = {state: WrittenBallot.objects.filter(state=state)[0].pk for state in ("draft", "open", "closed")}
    out, closed, draft = pks[WrittenState.OPEN], pks[WrittenState.CLOSED], pks[WrittenState.DRAFT]
    yield Screen("written-list", "/written/", MEMBER)
    yield Screen("written", f"/written/{out}/", MEMBER)
    yield Screen("written-closed", f"/written/{closed}/", MEMBER)
    yield Screen("written-list-clerk", "/written/", CLERK)
    yield Screen("written-out-clerk", f"/written/{out}/", CLERK)
    yield Screen("written-draft", f"/written/{draft}/", CLERK)
    yield Screen("written-edit", f"/written/{draft}/edit/", CLERK)


def _signing() -> Iterator[Screen]:
    """Sessions of one member in each state, over papers made for them."""
    from tests.load.sessions import in_each_state, unsigned

    for name, pk in in_each_state(MEMBER).items():
        yield Screen(f"tray-{name}", f"/sign/sessions/{pk}/", MEMBER)
    for name, pk in unsigned(CHAIR).items():
        yield Screen(f"decision-{name}", f"/decisions/{pk}/", CLERK)
        if name == "returned":
            yield Screen("decision-revise", f"/decisions/{pk}/revise/", CLERK)
    yield Screen("tray-look", f"/sign/?look={_first_decision()}", CHAIR)
    yield Screen("tray-find", "/sign/?q=y+te+lao+cai", CHAIR)
    yield Screen("signing-pin", "/account/keys/pin/", MEMBER)


def _first_decision() -> int:
    from signing.models import SigningRequest

    return SigningRequest.objects.filter(kind="decision", state="waiting")[0].pk


def _certificates() -> Iterator[Screen]:
    from signing.models import Certificate, CertificateRequest

    waiting = CertificateRequest.objects.get(state="requested").pk
    approved = CertificateRequest.objects.get(state="approved").pk
    suspended = Certificate.objects.get(status="suspended").pk
    yield Screen("certificates", "/certificates/", ENDING)
    yield Screen("certificates-waiting", "/certificates/", "clerk")
    yield Screen("today-registrar", "/", REGISTRAR)
    yield Screen("register", "/register/", REGISTRAR)
    yield Screen("register-new", "/register/new/", REGISTRAR)
    yield Screen("register-request", f"/register/requests/{waiting}/", REGISTRAR)
    yield Screen("register-approved", f"/register/requests/{approved}/", REGISTRAR)
    yield Screen("register-certificate", f"/register/certificates/{suspended}/", REGISTRAR)
    yield Screen("register-officers", "/register/officers/", REGISTRAR)
    yield Screen("coverage", "/register/coverage/", REGISTRAR)


def _administration(coming: int, now: int) -> Iterator[Screen]:
    from meetings.models import Body, Dossier

    dossier, body = Dossier.objects.filter(item__meeting=coming).order_by("pk")[0], Body.objects.get()
    yield Screen("admin-home", "/admin/", CLERK)
    yield Screen("admin-meetings", "/admin/meetings/", CLERK)
    yield Screen("admin-meeting", f"/admin/meetings/edit/{coming}/", CLERK)
    yield Screen("admin-dossiers", "/admin/dossiers/", CLERK)
    yield Screen("admin-papers", f"/admin/dossiers/{dossier.pk}/papers/", CLERK)
    yield Screen("admin-body", f"/admin/bodies/edit/{body.pk}/", CLERK)
    yield Screen("admin-reading", "/admin/reading/", CLERK)
    yield Screen("board", f"/admin/meetings/{coming}/board/", CLERK)
    yield Screen("distribute", f"/admin/meetings/{coming}/distribute/", CLERK)
    yield Screen("distributions", f"/admin/meetings/{now}/distributions/", CLERK)
    yield Screen("preview", f"/admin/meetings/{coming}/board/preview/", CLERK)
