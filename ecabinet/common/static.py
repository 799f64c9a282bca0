"""Static files under names with their hash, compressed once when they are collected."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """With gzip only: Brotli at its best setting costs most of a first start and saves a tenth more."""

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(use_brotli=False, **options)

    def read_manifest(self) -> str | None:
        """None also where the folder cannot be entered: the commands say so in a sentence of their own."""
        try:
            manifest: str | None = super().read_manifest()
        except (NotADirectoryError, PermissionError):
            return None
        return manifest


def reread() -> None:
    """Another process has collected the files since this one was loaded: know their names."""
    if isinstance(staticfiles_storage, StaticStorage):
        staticfiles_storage.hashed_files, staticfiles_storage.manifest_hash = (
            staticfiles_storage.load_manifest()
        )
