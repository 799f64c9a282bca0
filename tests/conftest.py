"""What every test shares: folders of its own, and a plain word about what was left out."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test.signals import setting_changed

from tests import services

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""

# marker → (is it here?, what to do about it)
NEEDS = {
    "postgresql": (bool(os.environ.get("ECABINET_DATABASE_URL")), "set ECABINET_DATABASE_URL"),
    "redis": (bool(os.environ.get("ECABINET_REDIS_URL")), "set ECABINET_REDIS_URL"),
    "elasticsearch": (bool(os.environ.get("ECABINET_ELASTICSEARCH_URL")), "set ECABINET_ELASTICSEARCH_URL"),
    "softhsm": (bool(services.find_softhsm()), "install softhsm2"),
    "browser": (bool(CHROMIUM), "install chromium"),
    "poppler": (bool(shutil.which("pdfsig")), "install poppler-utils"),
    "verapdf": (bool(os.environ.get("ECABINET_VERAPDF")), "bin/verapdf --fetch DIR, set ECABINET_VERAPDF"),
}
FOLDERS = {
    "DATA_DIR": "",
    "BLOB_DIR": "blobs",
    "SEARCH_DIR": "search",
    "KEYS_DIR": "keys",
    "PREPARED_DIR": "prepared",
    "MEDIA_ROOT": "media",
}
LEFT_OUT: Counter[str] = Counter()


def pytest_configure() -> None:
    _plain_static_files()
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _own_redis(int(worker.removeprefix("gw")))


def _own_redis(number: int) -> None:
    """Each test process counts and clears in a database of its own."""
    if not django_settings.REDIS_URL:
        return
    url = f"{django_settings.REDIS_URL.rpartition('/')[0]}/{number}"
    layer, cache = django_settings.CHANNEL_LAYERS["default"], django_settings.CACHES["default"]
    django_settings.REDIS_URL = url
    django_settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {"hosts": [url]}}}
    django_settings.CACHES = {"default": {**cache, "LOCATION": url}}
    setting_changed.send(sender=None, setting="CACHES", value=django_settings.CACHES, enter=True)


def _plain_static_files() -> None:
    """Pages name static files plainly: no test needs a collectstatic first."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STORAGES = {**django_settings.STORAGES, "staticfiles": plain}
    django_settings.STATIC_ROOT = django_settings.BASE_DIR / "frontend" / "static"
    # Apps may have looked at the storages while they were loaded.
    setting_changed.send(sender=None, setting="STORAGES", value=django_settings.STORAGES, enter=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run, and count it."""
    kept, dropped = [], []
    for item in items:
        lacking = [name for name, (here, _) in NEEDS.items() if not here and item.get_closest_marker(name)]
        LEFT_OUT.update(lacking[:1])
        (dropped if lacking else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, count in LEFT_OUT.items():
        terminalreporter.write_line(
            f"left out: {count} tests that need {name} ({NEEDS[name][1]})", yellow=True
        )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """What a test left for the publisher's thread is done before the test's database goes."""
    from ecabinet.realtime.hub import hub

    hub.settle()


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder per test process."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def _own_folders(data_folder: Path) -> Iterator[None]:
    """Blobs, index and keys of the tests never meet those of a site."""
    before = {name: getattr(django_settings, name) for name in FOLDERS}
    for name, folder in FOLDERS.items():
        setattr(django_settings, name, data_folder / folder)
    django_settings.ELASTICSEARCH_PREFIX = f"test-{data_folder.parent.name}-{data_folder.name}"
    yield
    for name, value in before.items():
        setattr(django_settings, name, value)
