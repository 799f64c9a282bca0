from meetings.queries.programme import Paper, Programme, ProgrammeItem, Section, programme
from meetings.queries.tokens import tokens_of

__all__ = ["Paper", "Programme", "ProgrammeItem", "Section", "programme", "tokens_of"]
