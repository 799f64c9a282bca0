"""A custody whose keys never leave people's devices; the tests of the register need no more of it."""

from __future__ import annotations

from collections.abc import Sequence

from signing.custody import Authorisation, Entry


class DeviceKeys:
    on_device = True

    def raw_sign(
        self, key_ref: str, entries: Sequence[Entry], authorisation: Authorisation
    ) -> Sequence[bytes]:
        raise AssertionError("the house has no key of a device")
