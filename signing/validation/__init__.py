"""Is this file what was signed?"""

from signing.validation.check import validate
from signing.validation.report import Reason, Role, SignatureReport, ValidationReport, Verdict

__all__ = ["Reason", "Role", "SignatureReport", "ValidationReport", "Verdict", "validate"]
