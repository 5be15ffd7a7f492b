from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User

from ..enums import RuleProfile


class CentreQuerySet(models.QuerySet["Centre"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(organisation__district__in=user.scope.member_of)


class Centre(models.Model):
    """What the law asks of a mediation organisation beside its name: it decides term and confirmation (domain 3.1, 3.2)."""

    # PROTECT: an organisation ends by a date.
    organisation = models.OneToOneField(
        Organisation, models.PROTECT, verbose_name=_("调解组织"), primary_key=True, related_name="centre"
    )
    # Centres with one word share one series of numbers in their district.
    number_word = models.CharField(_("案号字头"), max_length=4)
    rule_profile = models.CharField(
        _("时限规则"), max_length=20, choices=RuleProfile, default=RuleProfile.ZJ_ORG
    )  # fmt: skip
    # Judicial confirmation is open to these (劳动争议解释一 52; 民事诉讼法 205).
    is_people_committee = models.BooleanField(_("人民调解委员会"), default=False)
    is_court_listed = models.BooleanField(_("特邀调解组织"), default=False)

    objects = CentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("调解组织设置")
        ordering = ["organisation"]
        constraints = [models.CheckConstraint(condition=~Q(number_word=""), name="centre_has_number_word")]

    def __str__(self) -> str:
        return str(self.organisation)


def centre_of(organisation: Organisation) -> Centre:
    """The settings of a centre; one that nobody has set up works by the rules of the province."""
    found = Centre.objects.filter(organisation=organisation).first()
    if found is not None:
        return found
    district = organisation.district or organisation
    return Centre(organisation=organisation, number_word=f"{district.name[:1]}工调")
