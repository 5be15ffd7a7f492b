from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User

from ..enums import Applicant, Shape
from ..extra import Extra, read_extras

if TYPE_CHECKING:
    from unionops.casework.transitions import Text


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User) -> Self:
        """The programmes of the districts in which the person works; what they hold is seen case by case."""
        return self.filter(district__in=user.scope.member_of)

    def running(self) -> Self:
        return self.filter(retired_at=None)


class Programme(models.Model):
    """服务项目: a shape with names, fields, limits and deciders of its own. Administrators make it; no code is needed."""

    # PROTECT throughout: cases refer to it for as long as they are kept.
    district = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("所属区"), related_name="programmes")
    code = models.CharField(
        _("代码"), max_length=40, validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("用小写字母、数字和下划线，以字母开头。"))]
    )  # fmt: skip
    shape = models.CharField(_("类型"), max_length=10, choices=Shape)
    name = models.CharField(_("名称"), max_length=40)
    summary = models.CharField(_("简介"), max_length=200, blank=True)
    # The entry of the catalogue of programmes it was made from (docs/programmes.md), as C41.
    catalogue = models.CharField(_("目录编号"), max_length=8, blank=True)
    icon = models.CharField(_("图标"), max_length=40, default="heart")
    group = models.CharField(_("分组"), max_length=20, blank=True)
    prefix = models.CharField(
        _("编号字头"), max_length=4, validators=[RegexValidator(r"^[A-Z]{1,3}$", _("一至三个大写字母。"))]
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("主办科室"), related_name="run_programmes"
    )
    # Who looks over the money before it is approved (domain 4.7: 经审); sees the cases of the programme.
    audit_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("经审科室"),
        related_name="audited_programmes",
        null=True,
        blank=True,
    )
    applicants = ArrayField(
        models.CharField(max_length=12, choices=Applicant), verbose_name=_("服务对象"), default=list
    )
    # Which of the steps that the shape leaves open are used; those it does not leave open are always taken.
    steps = ArrayField(models.CharField(max_length=24), verbose_name=_("采用的步骤"), default=list, blank=True)
    # {"state:checked": "已初审", "verb:check": "资格初审"}: what people call it in this programme.
    names = models.JSONField(_("叫法"), default=dict, blank=True)
    # Rows of `services.extra.Extra`.
    fields = models.JSONField(_("自定字段"), default=list, blank=True)
    documents = ArrayField(models.CharField(max_length=60), verbose_name=_("须交材料"), default=list, blank=True)
    # {"verb:approve": ["leader"]}: who takes a step, where it is not whom the shape names.
    deciders = models.JSONField(_("谁来办"), default=dict, blank=True)
    # {"checked": [5, "working"]}: how long a case may stand in a state.
    terms = models.JSONField(_("办理时限"), default=dict, blank=True)
    # Numbers that the shape reads by name: ceiling, once_a_year, publication_days, accept_minutes, quota …
    limits = models.JSONField(_("限额和规则"), default=dict, blank=True)
    # The identity of whoever applies is sealed from everybody but the department in charge.
    is_confidential = models.BooleanField(_("对外保密"), default=False)
    # Offered to the public without an account.
    is_public = models.BooleanField(_("自助申请"), default=False)
    # What anybody may read of a case beside what the shape always tells (`ShapeKind.public`); own fields stand as
    # «extra:key». None: what the shape usually tells.
    public_fields = ArrayField(
        models.CharField(max_length=50), verbose_name=_("公开的内容"), null=True, blank=True, default=None
    )
    keep_years = models.PositiveSmallIntegerField(_("保存年限"), default=5)
    # Published figures that the demonstration reproduces and whoever reads a report compares with: [{"label", "value"}].
    figures = models.JSONField(_("公布的数字"), default=list, blank=True)
    made_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)
    retired_at = models.DateTimeField(_("停办时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务项目")
        ordering = ["group", "catalogue", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "code"], name="programme_unique_code",
                violation_error_message=_("这个代码已经有项目在用。"),
            ),
            models.UniqueConstraint(
                fields=["district", "prefix"], name="programme_unique_prefix",
                violation_error_message=_("这个编号字头已经有项目在用。"),
            ),
            models.CheckConstraint(condition=Q(applicants__len__gte=1), name="programme_is_for_somebody"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @cached_property
    def extras(self) -> tuple[Extra, ...]:
        return read_extras(self.fields)

    def extras_at(self, moment: str) -> tuple[Extra, ...]:
        return tuple(extra for extra in self.extras if extra.at == moment)

    def uses(self, verb: str) -> bool:
        return verb in self.steps

    def word(self, kind: str, key: str, usual: Text) -> str:
        """What people call a state or a verb in this programme; ``kind`` is «state» or «verb»."""
        return str(self.names.get(f"{kind}:{key}") or usual)

    @property
    def seals_reporter(self) -> bool:
        """Whoever reports with a name is sealed away from everybody, by whatever door they came (domain 4.8, 5.5)."""
        return self.is_confidential and Applicant.ANONYMOUS in self.applicants

    def limit(self, name: str, default: Any = None) -> Any:
        value = self.limits.get(name)
        return default if value in (None, "") else value
