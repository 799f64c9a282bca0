"""PAdES by the deferred path: prepare, sign elsewhere, embed, complete."""
