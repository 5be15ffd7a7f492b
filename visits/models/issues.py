from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.models import Case, CaseQuerySet
from unionops.casework.transitions import database_guard
from unionops.insight.models import day_of, marks_dirty
from unionops.org.models import Enterprise, Organisation, Person, User
from unionops.org.models.sealed_columns import SealedColumns

from ..enums import (
    COLLECTIVE_FROM,
    END_STATES,
    RESOLVED_RESULTS,
    TRANSITIONS,
    AnswerWay,
    ClaimantKind,
    IssueSource,
    IssueState,
    PauseReason,
    ResultKind,
)
from .taxonomy import Category
from .visits import Visit

if TYPE_CHECKING:
    from unionops.org.models.accounts import Scope


def _seen_by(scope: Scope, user: User) -> Q:
    """Who sees an issue without a district-wide role.

    * the towns to which one is posted, * what one follows or holds,
    * what was given to one's department, also as a helping department or in a consultation.
    """
    seen = Q(town__in=scope.towns) | Q(liaison=user) | Q(holder_user=user)
    if scope.departments:
        helping = Issue.helping_departments.through.objects.filter(organisation__in=scope.departments).values("issue")
        asked = Consultation.participants.through.objects.filter(organisation__in=scope.departments).values(
            "consultation__issue"
        )
        seen |= Q(lead_department__in=scope.departments) | Q(pk__in=helping) | Q(pk__in=asked)
    return seen


class IssueQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        scope = user.scope
        if scope.districts and scope.districts == scope.member_of:
            return self.filter(district__in=scope.districts)
        # The district stands outside: its index then gives the newest rows in order, whatever the rest says.
        return self.filter(Q(district__in=scope.districts) | _seen_by(scope, user), district__in=scope.member_of)

    def counted(self) -> Self:
        """Issues that figures count: neither void nor merged into another."""
        return self.exclude(state__in=[IssueState.VOID, IssueState.MERGED])

    def resolved(self) -> Self:
        return self.filter(result_kind__in=RESOLVED_RESULTS, state=IssueState.CLOSED)


class Issue(SealedColumns, Case):
    """问题诉求 (domain 2.3)."""

    TRANSITIONS = TRANSITIONS
    END_STATES = END_STATES
    SEALED = ("claimant_name", "claimant_phone")

    state = models.CharField(_("状态"), max_length=20, choices=IssueState, default=IssueState.REGISTERED)
    source = models.CharField(_("来源"), max_length=20, choices=IssueSource, default=IssueSource.VISIT)
    # PROTECT throughout: an issue is history. No index of its own where one below begins with the column.
    visit = models.ForeignKey(
        Visit, models.PROTECT, verbose_name=_("走访"), null=True, blank=True, related_name="issues", db_index=False
    )
    town = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("镇街"), related_name="+", db_index=False)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("单位"), null=True, blank=True, related_name="issues", db_index=False
    )
    registered_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")
    # Who stands for the issue towards the claimant now; handing over moves this, never who registered it.
    liaison = models.ForeignKey(User, models.PROTECT, verbose_name=_("跟进人"), related_name="+", db_index=False)
    raised_on = models.DateField(_("反映日期"))
    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("类别"), related_name="+")
    description = models.TextField(_("情况"), max_length=5000, blank=True)
    demand = models.TextField(_("诉求"), max_length=2000, blank=True)
    claimant_kind = models.CharField(
        _("反映人类别"), max_length=10, choices=ClaimantKind, default=ClaimantKind.ANONYMOUS
    )
    claimant = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("反映人"), null=True, blank=True, related_name="issues"
    )
    claimant_name_sealed = models.BinaryField(null=True, editable=False)
    claimant_name_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    claimant_name_masked = models.CharField(_("反映人姓名"), max_length=60, blank=True, editable=False, default="")
    claimant_phone_sealed = models.BinaryField(null=True, editable=False)
    claimant_phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    claimant_phone_masked = models.CharField(_("反映人电话"), max_length=30, blank=True, editable=False, default="")
    claimant_count = models.PositiveIntegerField(_("涉及人数"), default=1)
    new_employment = models.BooleanField(_("新就业形态"), default=False)
    is_sensitive = models.BooleanField(_("敏感"), default=False)
    hide_from_firm = models.BooleanField(_("反映人对企业保密"), default=True)
    suggested_department = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("建议科室"), null=True, blank=True, related_name="+"
    )
    lead_department = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name=_("主办科室"),
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    helping_departments = models.ManyToManyField(Organisation, verbose_name=_("协办科室"), related_name="+", blank=True)
    handler = models.ForeignKey(User, models.PROTECT, verbose_name=_("经办人"), null=True, blank=True, related_name="+")
    explanation = models.TextField(_("解释内容"), max_length=2000, blank=True)
    explanation_basis = models.CharField(_("政策依据"), max_length=200, blank=True)
    understood = models.BooleanField(_("表示明白"), null=True, blank=True)
    dispatched_at = models.DateTimeField(_("交办时间"), null=True, blank=True)
    signed_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    declined_count = models.PositiveSmallIntegerField(_("退单次数"), default=0)
    plan_proposed = models.BooleanField(_("有待批整改清单"), default=False)
    suspended_from = models.CharField(_("挂起前状态"), max_length=20, blank=True)
    suspend_reason = models.CharField(_("挂起事由"), max_length=20, choices=PauseReason, blank=True)
    resume_on = models.DateField(_("恢复日期"), null=True, blank=True)
    result_kind = models.CharField(_("结果"), max_length=20, choices=ResultKind, blank=True)
    result_text = models.TextField(_("答复内容"), max_length=5000, blank=True)
    amount_recovered = models.DecimalField(_("追回金额（元）"), max_digits=14, decimal_places=2, default=0)
    workers_benefited = models.PositiveIntegerField(_("受益人数"), default=0)
    answered_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("反馈人"), null=True, blank=True, related_name="+"
    )
    answer_way = models.CharField(_("反馈方式"), max_length=10, choices=AnswerWay, blank=True)
    satisfaction = models.CharField(_("满意度"), max_length=10, blank=True)
    reopen_count = models.PositiveSmallIntegerField(_("重办次数"), default=0)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("合并到"), null=True, blank=True, related_name="merged"
    )
    linked_case = models.CharField(_("专案编号"), max_length=60, blank=True)
    ledger_import = models.ForeignKey(
        "visits.LedgerImport", models.PROTECT, null=True, blank=True, editable=False, related_name="issues"
    )
    ledger_department = models.CharField(_("台账上的承办科室"), max_length=60, blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("诉求")
        ordering = ["-registered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="issue_unique_number"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="issue_answered_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(state=IssueState.MERGED, merged_into__isnull=False)
                | (~Q(state=IssueState.MERGED) & Q(merged_into__isnull=True)),
                name="issue_merged_into_when_merged",
            ),
            models.CheckConstraint(
                condition=Q(state__in=END_STATES, closed_at__isnull=False)
                | (~Q(state__in=END_STATES) & Q(closed_at__isnull=True)),
                name="issue_closed_at_when_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state=IssueState.CLOSED) | ~Q(result_kind=""),
                name="issue_closed_with_result",
                violation_error_message=_("办结要有结果。"),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="issue_not_merged_into_itself"
            ),
        ]
        indexes = [
            # Read by the issue list and its API, newest first.
            models.Index(fields=["district", "-registered_at", "-id"], name="issue_list"),
            models.Index(fields=["town", "-registered_at", "-id"], name="issue_by_town"),
            models.Index(fields=["lead_department", "-registered_at"], name="issue_by_department"),
            models.Index(fields=["liaison", "-registered_at"], name="issue_by_liaison"),
            models.Index(fields=["enterprise", "-registered_at"], name="issue_by_enterprise"),
            # Read by the rollups: what was closed in a period.
            models.Index(fields=["town", "closed_at"], name="issue_closed_by_town"),
            models.Index(fields=["district", "closed_at"], name="issue_closed_by_district"),
            models.Index(fields=["visit"], name="issue_by_visit"),
            # Read by the inbox: only what is open and in somebody's hands.
            models.Index(fields=["holder_user"], condition=~Q(state__in=END_STATES), name="issue_in_hands"),
            models.Index(
                fields=["holder_organisation"], condition=~Q(state__in=END_STATES), name="issue_at_department"
            ),
            models.Index(fields=["district", "holder_role"], condition=~Q(state__in=END_STATES), name="issue_at_role"),
        ]
        # What is explained or submitted in the form of the visit is born so; a ledger brings issues in any state.
        triggers = [
            *database_guard(
                TRANSITIONS,
                born=(
                    "NEW.state IN ('registered', 'explained', 'submitted')"
                    " OR NEW.state = 'closed' AND NEW.result_kind = 'explained_accepted'"
                    " OR NEW.ledger_import_id IS NOT NULL"
                ),
            ),
            *marks_dirty(
                ["registered_at", "closed_at", "state", "result_kind"],
                days=[day_of("r.registered_at"), day_of("r.closed_at")],
            ),
        ]

    @property
    def is_collective(self) -> bool:
        return self.claimant_count >= COLLECTIVE_FROM


class Consultation(models.Model):
    """会诊: departments put their heads together; minutes and tasks end it."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="consultations")
    question = models.TextField(_("会诊问题"), max_length=1000)
    participants = models.ManyToManyField(Organisation, verbose_name=_("参加单位"), related_name="+")
    planned_at = models.DateTimeField(_("会诊时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=60, blank=True)
    convened_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("发起人"), related_name="+")
    convened_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    minutes = models.TextField(_("会诊结论"), max_length=5000, blank=True)
    concluded_at = models.DateTimeField(_("结论时间"), null=True, blank=True)
    concluded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("会诊")
        ordering = ["convened_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(concluded_at__isnull=True, concluded_by__isnull=True, minutes="")
                | (Q(concluded_at__isnull=False, concluded_by__isnull=False) & ~Q(minutes="")),
                name="consultation_concluded_with_minutes",
            )
        ]


class Rectification(models.Model):
    """限期整改清单: measure, roadmap, timetable and a responsible person, approved by a leader (domain C03)."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="rectifications")
    measure = models.TextField(_("整改措施"), max_length=2000)
    roadmap = models.TextField(_("路线图"), max_length=2000)
    responsible = models.CharField(_("责任人"), max_length=60)
    due_on = models.DateField(_("完成期限"))
    proposed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("拟定人"), related_name="+")
    proposed_at = models.DateTimeField(_("拟定时间"), default=timezone.now)
    approved_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("批准人"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("整改清单")
        ordering = ["proposed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="rectification_approved_at_and_by",
            )
        ]


class OutsideReferral(models.Model):
    """转外部门: to whom, by which letter, and what they answered."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="referrals")
    body = models.CharField(_("转办单位"), max_length=100)
    letter_number = models.CharField(_("函号"), max_length=60)
    sent_on = models.DateField(_("转办日期"))
    receipt = models.CharField(_("签收情况"), max_length=100, blank=True)
    reply = models.TextField(_("对方答复"), max_length=2000, blank=True)
    replied_on = models.DateField(_("答复日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("外部门转办")
        ordering = ["sent_on", "id"]
