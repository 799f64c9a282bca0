"""Pure functions and frozen values: no Django, no clock, no database."""
