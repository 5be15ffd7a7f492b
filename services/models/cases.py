from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.casework.models import Case, CaseQuerySet
from unionops.org.models import Enterprise, Organisation, Person, User
from unionops.org.models.sealed_columns import SealedColumns
from visits.models import Issue

from ..enums import Applicant, Channel
from .programmes import Programme


class ServiceQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Nobody, except

        * leaders, chiefs and clerks of the district, * the department in charge of the programme and that which audits it,
        * the town or street that it belongs to, unless the programme is confidential,
        * whoever registered it or has been given it, while posted in the district.
        """
        scope = user.scope
        if scope.districts and scope.districts == scope.member_of:
            return self.filter(district__in=scope.districts)
        return self.filter(self.seen_by(user), district__in=scope.member_of)

    def open(self) -> Self:
        """The second condition is the first one over again: by it the index of what is open is found."""
        return super().open().filter(closed_at=None)

    def seen_by(self, user: User) -> Q:
        """What opens a case to whoever does not see the whole district; a shape may add to it."""
        scope = user.scope
        return (
            Q(district__in=scope.districts)
            | Q(organisation__in=scope.departments)
            | Q(programme__audit_organisation__in=scope.departments)
            | Q(town__in=scope.towns, programme__is_confidential=False)
            | Q(registered_by=user)
            | Q(holder_user=user)
        )


class ServiceCase(SealedColumns, Case):
    """One case of a programme, whatever its shape. Each shape adds its columns, its states and its table."""

    SEALED: tuple[str, ...] = ("identity", "phone")
    # What a case of this shape is called where no programme says it.
    FIRST_STATE: str = "registered"
    # Files are called by their contents: a diagnosis, a child. Fewer may read that than the log.
    FILES_UNNAMED = True

    # PROTECT throughout: cases are history.
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("项目"), related_name="+")
    # The department in charge, as the programme had it when the case began.
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("主办科室"), related_name="+")
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    channel = models.CharField(_("来源"), max_length=10, choices=Channel, default=Channel.OFFICE)
    applicant_kind = models.CharField(_("服务对象类别"), max_length=12, choices=Applicant)
    applicant_name = models.CharField(_("服务对象"), max_length=100, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("人员"), null=True, blank=True, related_name="+")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("单位"), null=True, blank=True, related_name="+"
    )
    identity_sealed = models.BinaryField(null=True, editable=False)
    identity_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    identity_masked = models.CharField(_("身份证号"), max_length=20, blank=True, editable=False, default="")
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")
    description = models.TextField(_("情况"), max_length=5000, blank=True)
    # The programme's own fields by key; what is sealed stands apart, encrypted as one text.
    details = models.JSONField(default=dict, blank=True)
    details_sealed = models.BinaryField(null=True, editable=False)
    registered_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")
    issue = models.ForeignKey(
        Issue, models.PROTECT, verbose_name=_("来自诉求"), null=True, blank=True, related_name="+"
    )
    # Whom it reached: people served, as the office counts them.
    people_served = models.PositiveIntegerField(_("服务人数"), default=0)
    # The random code by which somebody without an account asks about it (only its hash is kept).
    query_code_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    ledger_import = models.ForeignKey(
        "visits.LedgerImport", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-registered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="%(class)s_unique_number"),
            models.CheckConstraint(
                condition=Q(applicant_kind=Applicant.PERSON, enterprise__isnull=True)
                | Q(applicant_kind=Applicant.ENTERPRISE, person__isnull=True)
                | Q(applicant_kind=Applicant.UNION, person__isnull=True)
                | Q(
                    applicant_kind=Applicant.ANONYMOUS, person__isnull=True, applicant_name="", identity_hash="",
                    phone_hash="",
                ),
                name="%(class)s_applicant_fits_kind",
            ),
        ]  # fmt: skip
        indexes = [
            # Read by the list of a programme, newest first; by the same for what is open, and by the room of services; by the API.
            models.Index(fields=["programme", "-registered_at", "-id"], name="%(class)s_list"),
            models.Index(
                fields=["programme", "-registered_at", "-id"], condition=Q(closed_at=None), name="%(class)s_open"
            ),
            models.Index(fields=["district", "-registered_at", "-id"], name="%(class)s_newest"),
            # Read by figures of what was open on a day: not closed, or closed later.
            models.Index(fields=["district", "closed_at"], name="%(class)s_by_end"),
            # Read by the day of a town union, by the inbox of a person, and for earlier cases of the same person.
            models.Index(fields=["town", "-registered_at"], name="%(class)s_by_town"),
            models.Index(fields=["holder_user"], condition=Q(closed_at=None), name="%(class)s_in_hands"),
            models.Index(fields=["holder_organisation"], condition=Q(closed_at=None), name="%(class)s_at_desk"),
            models.Index(fields=["identity_hash"], condition=~Q(identity_hash=""), name="%(class)s_by_identity"),
            models.Index(fields=["phone_hash"], condition=~Q(phone_hash=""), name="%(class)s_by_phone"),
        ]

    if TYPE_CHECKING:
        programme_id: int
        organisation_id: int
        town_id: int | None

    @property
    def state_words(self) -> str:
        """The state as this programme calls it."""
        return self.programme.word("state", self.state, self.get_state_display())

    def extra(self, key: str) -> Any:
        return self.details.get(key)
