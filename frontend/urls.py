"""Addresses of the portal."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import JavaScriptCatalog

from frontend.views.live import desk, live, wall
from frontend.views.meetings import booklet, meeting, meetings
from frontend.views.positions import position
from frontend.views.prefs import preferences
from frontend.views.reader import (
    paper,
    paper_file,
    paper_progress,
    paper_signatures,
    read_record,
    record_signatures,
)
from frontend.views.styleguide import styleguide
from frontend.views.today import today

urlpatterns: list[URLPattern | URLResolver] = [
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["frontend"]), name="javascript-catalog"),
    path("preferences/", preferences, name="preferences"),
    path("styleguide/", styleguide, name="styleguide"),
    path("", today, name="today"),
    path("meetings/", meetings, name="meetings"),
    path("meetings/<int:pk>/", meeting, name="meeting"),
    path("meetings/<int:pk>/booklet.pdf", booklet, name="meeting-booklet"),
    path("meetings/<int:pk>/live/", live, name="live"),
    path("meetings/<int:pk>/desk/", desk, name="desk"),
    path("meetings/<int:pk>/wall/", wall, name="wall"),
    path("items/<int:pk>/position/", position, name="position"),
    path("papers/<int:pk>/", paper, name="paper"),
    path("papers/<int:pk>/file", paper_file, name="paper-file"),
    path("papers/<int:pk>/progress", paper_progress, name="paper-progress"),
    path("papers/<int:pk>/signatures/", paper_signatures, name="paper-signatures"),
    path("records/<int:pk>/read/", read_record, name="record-read"),
    path("records/<int:pk>/signatures/", record_signatures, name="record-signatures"),
]
