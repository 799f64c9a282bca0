"""Addresses of the portal."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import JavaScriptCatalog

from frontend.views import certificates, coverage, minutes, register, tray
from frontend.views.assignments import act as assignment_act
from frontend.views.assignments import assign, assignment, assignments
from frontend.views.decisions import decision, decision_file, prepare, revise
from frontend.views.live import desk, live, wall
from frontend.views.meetings import booklet, meeting, meetings
from frontend.views.positions import position
from frontend.views.prefs import preferences
from frontend.views.preview import meeting_preview
from frontend.views.proxies import proxy
from frontend.views.reader import (
    paper,
    paper_file,
    paper_progress,
    paper_signatures,
    read_record,
    record_signatures,
)
from frontend.views.records import (
    record,
    record_file,
    record_package,
    record_part,
    record_picture,
    record_proof,
)
from frontend.views.replay import meeting_replay
from frontend.views.roll_call import roll_call
from frontend.views.search import search, search_csv
from frontend.views.styleguide import styleguide
from frontend.views.taking_part import attend, pull, recuse, take_part_again
from frontend.views.timestamps import timestamps, try_now
from frontend.views.today import today
from frontend.views.verify import trust_bundle, verify, verify_code
from frontend.views.written import (
    written,
    written_answer,
    written_cancel,
    written_edit,
    written_list,
    written_move,
    written_new,
    written_send,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["frontend"]), name="javascript-catalog"),
    path("preferences/", preferences, name="preferences"),
    path("styleguide/", styleguide, name="styleguide"),
    path("", today, name="today"),
    path("meetings/", meetings, name="meetings"),
    path("meetings/<int:pk>/", meeting, name="meeting"),
    path("meetings/<int:pk>/booklet.pdf", booklet, name="meeting-booklet"),
    path("meetings/<int:pk>/presence/", attend, name="meeting-presence"),
    path("meetings/<int:pk>/preview/", meeting_preview, name="meeting-preview"),
    path("meetings/<int:pk>/proxy/", proxy, name="meeting-proxy"),
    path("meetings/<int:pk>/live/", live, name="live"),
    path("meetings/<int:pk>/desk/", desk, name="desk"),
    path("meetings/<int:pk>/wall/", wall, name="wall"),
    path("meetings/<int:pk>/replay/", meeting_replay, name="meeting-replay"),
    path("meetings/<int:pk>/minutes/", minutes.meeting_minutes, name="minutes"),
    path("meetings/<int:pk>/minutes/begin/", minutes.begin, name="minutes-begin"),
    path("minutes/<int:pk>/edit/", minutes.edit, name="minutes-edit"),
    path("minutes/<int:pk>/circulate/", minutes.circulate, name="minutes-circulate"),
    path("minutes/<int:pk>/comment/", minutes.comment, name="minutes-comment"),
    path("minutes/<int:pk>/agenda/", minutes.agenda_item, name="minutes-agenda"),
    path("minutes/<int:pk>/approve/", minutes.approve, name="minutes-approve"),
    path("minutes/<int:pk>/file", minutes.minutes_file, name="minutes-file"),
    path("minutes/<int:pk>/items/<int:item>/extract.pdf", minutes.extract, name="minutes-extract"),
    path("assignments/", assignments, name="assignments"),
    path("assignments/<int:pk>/", assignment, name="assignment"),
    path("assignments/<int:pk>/<slug:name>/", assignment_act, name="assignment-act"),
    path("items/<int:pk>/assignments/", assign, name="assign"),
    path("search/", search, name="search"),
    path("search/export.csv", search_csv, name="search-csv"),
    path("items/<int:pk>/position/", position, name="position"),
    path("items/<int:pk>/roll-call/", roll_call, name="roll-call"),
    path("items/<int:pk>/pull/", pull, name="item-pull"),
    path("items/<int:pk>/recusal/", recuse, name="item-recusal"),
    path("items/<int:pk>/recusal/end/", take_part_again, name="item-recusal-end"),
    path("items/<int:pk>/decision/", prepare, name="decision-prepare"),
    path("decisions/<int:pk>/", decision, name="decision"),
    path("decisions/<int:pk>/file", decision_file, name="decision-file"),
    path("decisions/<int:pk>/revise/", revise, name="decision-revise"),
    path("papers/<int:pk>/", paper, name="paper"),
    path("papers/<int:pk>/file", paper_file, name="paper-file"),
    path("papers/<int:pk>/progress", paper_progress, name="paper-progress"),
    path("papers/<int:pk>/signatures/", paper_signatures, name="paper-signatures"),
    path("sign/", tray.tray, name="tray"),
    path("sign/confirm/", tray.confirm, name="tray-confirm"),
    path("sign/sessions/<int:pk>/", tray.session, name="tray-session"),
    path("sign/sessions/<int:pk>/confirm/", tray.sign, name="tray-sign"),
    path("sign/timestamps/", timestamps, name="timestamps"),
    path("sign/timestamps/<int:pk>/try/", try_now, name="timestamps-try"),
    path("sign/<int:pk>/", tray.read, name="tray-read"),
    path("sign/<int:pk>/file", tray.file, name="tray-file"),
    path("sign/<int:pk>/signatures/", tray.signatures, name="tray-signatures"),
    path("sign/<int:pk>/pages/<int:number>.png", tray.page_image, name="tray-page"),
    path("sign/<int:pk>/return/", tray.return_unsigned, name="tray-return"),
    path("sign/<int:pk>/refuse/", tray.refuse, name="tray-refuse"),
    path("sign/<int:pk>/pass/", tray.pass_on, name="tray-pass"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/request/", certificates.certificate_request, name="certificate-request"),
    path("certificates/<int:pk>/lost/", certificates.certificate_lost, name="certificate-lost"),
    path("certificates/requests/<int:pk>/key/", certificates.certificate_key, name="certificate-key"),
    path("certificates/requests/<int:pk>/name/", certificates.certificate_name, name="certificate-name"),
    path(
        "certificates/requests/<int:pk>/withdraw/",
        certificates.certificate_withdraw,
        name="certificate-withdraw",
    ),
    path("register/", register.register, name="register"),
    path("register/new/", register.register_new, name="register-new"),
    path("register/coverage/", coverage.coverage_page, name="coverage"),
    path("register/coverage.csv", coverage.coverage_csv, name="coverage-csv"),
    path("register/officers/", register.register_officers, name="register-officers"),
    path("register/officers/<int:pk>/end/", register.register_officer_end, name="register-officer-end"),
    path("register/requests/<int:pk>/", register.register_request, name="register-request"),
    path("register/requests/<int:pk>/request.csr", register.register_csr, name="register-csr"),
    path("register/requests/<int:pk>/<slug:name>/", register.register_decide, name="register-decide"),
    path("register/certificates/<int:pk>/", register.register_certificate, name="register-certificate"),
    path("register/certificates/<int:pk>/<slug:name>/", register.register_act, name="register-act"),
    path("records/<int:pk>/read/", read_record, name="record-read"),
    path("records/<int:pk>/signatures/", record_signatures, name="record-signatures"),
    path("records/<int:pk>/", record, name="record"),
    path("records/<int:pk>/file", record_file, name="record-file"),
    path("records/<int:pk>/package", record_package, name="record-package"),
    path("records/<int:pk>/proof", record_proof, name="record-proof"),
    path("records/<int:pk>/page.png", record_picture, name="record-picture"),
    path("records/<int:pk>/files/<path:path>", record_part, name="record-part"),
    path("written/", written_list, name="written-list"),
    path("written/new/", written_new, name="written-new"),
    path("written/<int:pk>/", written, name="written"),
    path("written/<int:pk>/edit/", written_edit, name="written-edit"),
    path("written/<int:pk>/send/", written_send, name="written-send"),
    path("written/<int:pk>/answer/", written_answer, name="written-answer"),
    path("written/<int:pk>/cancel/", written_cancel, name="written-cancel"),
    path("written/<int:pk>/move/", written_move, name="written-move"),
    path("verify/", verify, name="verify"),
    path("verify/trust.zip", trust_bundle, name="verify-trust"),
    path("verify/<str:code>/", verify_code, name="verify-code"),
]
