"""The demo authority: CA, OCSP, CRL and TSA."""

from signing.authority.demo import DemoAuthority, demo_authority

__all__ = ["DemoAuthority", "demo_authority"]
