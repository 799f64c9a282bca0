"""Build the search index anew from the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ecabinet.common.errors import DomainError
from search.engines.base import EngineDown, engine
from search.reindex import reindex


class Command(BaseCommand):
    help = "Build the search index anew from the database and put it in place of the old one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--allow-fewer",
            action="store_true",
            help="Put the new index in place even if objects could not be read and it holds fewer records.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rebuilt = reindex(allow_fewer=options["allow_fewer"], tell=self._tell)
        except EngineDown as error:
            raise CommandError(_("The search engine does not answer: %s") % error) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        for item in rebuilt.skipped:
            self.stderr.write(_("Left out: %s") % item)
        words = _("%(records)d records are indexed (%(engine)s); there were %(before)d.")
        self.stdout.write(
            words % {"records": rebuilt.records, "before": rebuilt.before, "engine": engine().name}
        )

    def _tell(self, records: int) -> None:
        self.stdout.write(_("%d records so far") % records)
