from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    name = "archive"
    label = "archive"
    verbose_name = _("Archive")

    def ready(self) -> None:
        from archive import queries
        from search import sources

        sources.register(
            queries.SEARCH_SOURCE,
            queries.index_documents,
            all_ids=queries.all_ids,
            visible=queries.visible_ids,
        )
