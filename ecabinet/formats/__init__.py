"""How days are typed, on top of Django's own formats of a language."""
