"""The only writers of this room."""

from archive.actions.deposits import complete_proofs, deposit, seal_deposits
from archive.actions.renewals import examine, is_due, renew_due

__all__ = ["complete_proofs", "deposit", "examine", "is_due", "renew_due", "seal_deposits"]
