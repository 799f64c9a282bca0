"""Pure functions and frozen values of the ledger: no Django, no clock, no database."""
