"""Dossiers and their papers. A version is immutable and addressed by its content."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from ecabinet.accounts.models import Agency, in_language
from meetings.enums import DocumentRole
from meetings.models.agenda import AgendaItem
from meetings.models.scope import AnyUser, mandates, prepared_bodies


def withheld_from(user: AnyUser) -> Q:
    """Versions of items for members only, for who is none, and of items in which the person takes no
    part, in bodies that hide the papers then.
    """
    withdrawn = AgendaItem.objects.filter(
        meeting__body__recusal_hides_papers=True, recusals__membership__in=mandates(user)
    )
    items = Q(pk__in=withdrawn.values("pk")) | Q(pk__in=AgendaItem.objects.closed_to(user).values("pk"))
    closed = AgendaItem.objects.filter(items)
    sent = DocumentVersion.objects.filter(distributed_in__item__in=closed)
    return Q(document__dossier__item__in=closed) | Q(pk__in=sent.values("pk"))


class DossierQuerySet(models.QuerySet["Dossier"]):
    def prepared_by(self, user: AnyUser) -> DossierQuerySet:
        """Dossiers on an agenda the person prepares; those on none yet are open to every secretariat."""
        bodies = prepared_bodies(user)
        return self.filter(Q(item__meeting__body__in=bodies) | (Q(item__isnull=True) & models.Exists(bodies)))


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    def visible_to(self, user: AnyUser) -> DocumentVersionQuerySet:
        """Versions a distribution addressed to a mandate the person holds today, those sent out with a
        written ballot of a body they vote in, and every version of dossiers they prepare; without those
        that are withheld from them.
        """
        addressed = Q(
            pk__in=DocumentVersion.objects.filter(
                distributed_in__distribution__recipients__membership__in=mandates(user)
            ).values("pk")
        )
        asked = Q(
            pk__in=DocumentVersion.objects.filter(
                written_in__written__body__in=mandates(user).voting().values("body")
            ).values("pk")
        )
        shown = self.filter(addressed | asked | Q(document__dossier__in=Dossier.objects.prepared_by(user)))
        return shown.exclude(withheld_from(user))


class Dossier(ClusterableModel):
    """What an agency submits for one agenda item: statement, draft, opinions, appendices."""

    item = models.OneToOneField(
        AgendaItem,
        verbose_name=_("Agenda item"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="dossier",
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("Submitted by"), on_delete=models.PROTECT, related_name="dossiers"
    )
    title = models.CharField(_("Title"), max_length=300)
    title_en = models.CharField(_("Title in English"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)


class Document(Orderable):
    """One paper of a dossier, in all its versions."""

    dossier = ParentalKey(
        Dossier, verbose_name=_("Dossier"), on_delete=models.CASCADE, related_name="documents"
    )
    role = models.CharField(_("Role"), max_length=20, choices=DocumentRole)
    title = models.CharField(_("Title"), max_length=300)
    title_en = models.CharField(_("Title in English"), max_length=300, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)


class DocumentVersion(models.Model):
    """One uploaded file, never changed afterwards; ``meetings.actions.dossiers.add_version`` writes it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("Version"))
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("Size in bytes"))
    pages = models.PositiveIntegerField(_("Pages"))
    filename = models.CharField(_("File name"), max_length=200)
    # Pages whose text differs from the version before, counted from 1.
    changed_pages = models.JSONField(default=list)
    has_signatures = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("document", "number"), name="version_number_once"),)

    def __str__(self) -> str:
        return _("%(title)s, version %(number)s") % {"title": self.document, "number": self.number}
