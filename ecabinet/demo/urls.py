"""Included by ``ecabinet.urls`` in demo mode and in no other."""

from __future__ import annotations

from django.urls import path

from ecabinet.demo.views import enter

urlpatterns = [path("enter/<slug:key>/", enter, name="demo_enter")]
