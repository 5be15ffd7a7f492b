from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from unionops.casework.models import Case, CaseQuerySet
from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, User
from visits.models import Issue

from ..causes import Cause
from ..enums import (
    AFTER_EFFECT,
    BEFORE_EFFECT,
    END_STATES,
    TRANSITIONS,
    ApplicationForm,
    CaseGrade,
    DisputeState,
    FailReason,
    Outcome,
    PauseReason,
    RefusalReason,
    Route,
    RuleProfile,
    Source,
    TransferReason,
)
from .team import Share, TeamMember, holds_many_seats

S = DisputeState
_TAKEN_UP = (S.ACCEPTED, S.MEDIATING, S.SUSPENDED, S.AGREED, S.FAILED, *AFTER_EFFECT)
# While there are talks the lead may be wanting: who stood back is replaced by the head.
_MEDIATED = (S.AGREED, S.FAILED, *AFTER_EFFECT)


class DisputeQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Nobody, except

        * the staff of the centre, its cases, * leaders, chiefs and clerks of the district,
        * whoever registered it, while posted in the district,
        * the members of its team and the people of a partner organisation, while their share lasts;
        and whoever stood back from a case sees it no longer, whatever the post.
        """
        scope = user.scope
        own = self.exclude(pk__in=TeamMember.objects.recused(user).values("dispute"))
        if scope.districts and scope.districts == scope.member_of:
            return own.filter(district__in=scope.districts)
        # The district stands outside: its index then gives the newest rows in order, whatever the rest says.
        own = own.filter(district__in=scope.member_of)
        seats, shares = (
            rows.order_by().values("dispute") for rows in (TeamMember.objects.of(user), Share.objects.of(user))
        )
        posted = Q(district__in=scope.districts) | Q(organisation__in=scope.departments)
        if holds_many_seats(user):
            # Each row asks for its own seat: to gather a hundred thousand keys for a page of fifty took 0.4 s.
            sits, shared = (Q(pk__in=keys.filter(dispute=OuterRef("pk"))) for keys in (seats, shares))
            return own.filter(posted | Q(registered_by=user) | sits | shared)
        if scope.districts or scope.departments:
            return own.filter(posted | Q(registered_by=user) | Q(pk__in=seats.union(shares, all=True)))
        # One list of keys that is not joined by OR with anything: PostgreSQL begins with it.
        registered = Dispute.objects.filter(registered_by=user).order_by().values("pk")
        return own.filter(pk__in=registered.union(seats, shares, all=True))

    def ended(self) -> Self:
        """Cases whose mediation has come to an end, whatever remains to be performed or filed (domain 3.9)."""
        return self.exclude(outcome="")


class Dispute(Case):
    """劳动争议调解案件 (domain 3)."""

    TRANSITIONS = TRANSITIONS
    END_STATES = END_STATES

    state = models.CharField(_("状态"), max_length=20, choices=DisputeState, default=DisputeState.REGISTERED)
    # PROTECT throughout: a case file stays whole.
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("调解中心"), related_name="disputes")
    source = models.CharField(_("来源"), max_length=16, choices=Source)
    application_form = models.CharField(_("申请方式"), max_length=12, choices=ApplicationForm)
    received_on = models.DateField(_("收到日期"))
    registered_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")
    issue = models.ForeignKey(
        Issue, models.PROTECT, verbose_name=_("来自诉求"), null=True, blank=True, related_name="disputes"
    )
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    cause = models.CharField(_("案由"), max_length=20, choices=Cause)
    grade = models.CharField(_("等级"), max_length=10, choices=CaseGrade, default=CaseGrade.GENERAL)
    claims = models.TextField(_("请求事项"), max_length=2000)
    facts = models.TextField(_("事实和理由"), max_length=5000, blank=True)
    amount_claimed = models.DecimalField(_("请求金额（元）"), max_digits=14, decimal_places=2, default=0)
    # All whom it concerns on the workers' side; in a collective case more than those who are named.
    people_count = models.PositiveIntegerField(_("涉及人数"), default=1)
    is_collective = models.BooleanField(_("集体争议"), default=False)
    new_employment = models.BooleanField(_("新就业形态"), default=False)
    rule_profile = models.CharField(_("时限规则"), max_length=20, choices=RuleProfile)
    # Of the court or the arbitration that commissioned it; their term runs from the day on which its papers were signed for.
    commission_number = models.CharField(_("委派委托案号"), max_length=60, blank=True)
    papers_signed_on = models.DateField(_("签收材料日期"), null=True, blank=True)
    # 仲裁时效 (domain 3.4): arrears of wages run from the end of the employment.
    known_on = models.DateField(_("知道权利受侵害之日"), null=True, blank=True)
    employment_ended_on = models.DateField(_("劳动关系终止之日"), null=True, blank=True)
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    # SET_NULL: the clock of the mediation term, whatever else runs; `deadline` is the one that counts now.
    term = models.ForeignKey(
        "casework.Deadline", models.SET_NULL, verbose_name=_("调解期限"), null=True, blank=True, related_name="+"
    )
    mediator = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("首席调解员"), null=True, blank=True, related_name="+"
    )
    pause_reason = models.CharField(_("中止事由"), max_length=16, choices=PauseReason, blank=True)
    outcome = models.CharField(_("调解结果"), max_length=16, choices=Outcome, blank=True)
    ended_on = models.DateField(_("结案日期"), null=True, blank=True)
    refusal_reason = models.CharField(_("不予受理事由"), max_length=12, choices=RefusalReason, blank=True)
    fail_reason = models.CharField(_("不成原因"), max_length=12, choices=FailReason, blank=True)
    transfer_reason = models.CharField(_("移送事由"), max_length=12, choices=TransferReason, blank=True)
    transferred_to = models.CharField(_("移送单位"), max_length=100, blank=True)
    route = models.CharField(_("救济途径"), max_length=16, choices=Route, blank=True)
    # A case that is taken up again goes on in a new volume of its file.
    volume = models.PositiveSmallIntegerField(_("卷"), default=1)
    keep_until = models.DateField(_("保管至"), null=True, blank=True)
    ledger_import = models.ForeignKey(
        "visits.LedgerImport", models.PROTECT, null=True, blank=True, editable=False, related_name="disputes"
    )

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("劳动争议案件")
        ordering = ["-registered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="dispute_unique_number"),
            models.CheckConstraint(
                condition=Q(state__in=END_STATES, closed_at__isnull=False, keep_until__isnull=False)
                | (~Q(state__in=END_STATES) & Q(closed_at__isnull=True, keep_until__isnull=True)),
                name="dispute_closed_and_kept_when_archived",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_on__isnull=True) | (~Q(outcome="") & Q(ended_on__isnull=False)),
                name="dispute_outcome_with_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_EFFECT, outcome="")
                | Q(state__in=AFTER_EFFECT, outcome=Outcome.AGREED)
                | Q(state=S.FAILED, outcome=Outcome.FAILED)
                | Q(state=S.NOT_ACCEPTED, outcome=Outcome.NOT_ACCEPTED)
                | Q(state=S.WITHDRAWN, outcome__in=[Outcome.WITHDRAWN, Outcome.SETTLED])
                | Q(state=S.TRANSFERRED, outcome__in=[Outcome.TRANSFERRED, Outcome.AGREED])
                | (Q(state=S.ARCHIVED) & ~Q(outcome="")),
                name="dispute_outcome_fits_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_TAKEN_UP) | Q(accepted_on__isnull=False), name="dispute_accepted_with_date"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_MEDIATED) | Q(mediator__isnull=False),
                name="dispute_mediated_by_somebody",
                violation_error_message=_("请先指派调解员。"),
            ),
            models.CheckConstraint(
                condition=Q(state=S.SUSPENDED) & ~Q(pause_reason="") | ~Q(state=S.SUSPENDED) & Q(pause_reason=""),
                name="dispute_suspended_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.NOT_ACCEPTED) | ~Q(refusal_reason=""), name="dispute_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=S.FAILED) | ~Q(fail_reason=""), name="dispute_failed_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(amount_claimed__gte=0),
                name="dispute_amount_not_negative",
                violation_error_message=_("金额不能小于零。"),
            ),
            models.CheckConstraint(condition=Q(people_count__gte=1), name="dispute_concerns_somebody"),
        ]
        indexes = [
            # Read by `visible_to` of those who see the whole district, and of a centre, newest first.
            models.Index(fields=["district", "-registered_at", "-id"], name="dispute_list"),
            models.Index(fields=["organisation", "-registered_at", "-id"], name="dispute_by_centre"),
            # Read by `in_hands_of`.
            models.Index(fields=["holder_user"], condition=~Q(state__in=END_STATES), name="dispute_in_hands"),
            models.Index(fields=["holder_organisation"], condition=~Q(state__in=END_STATES), name="dispute_at_centre"),
        ]
        triggers = [
            *database_guard(TRANSITIONS, born="NEW.state = 'registered' OR NEW.ledger_import_id IS NOT NULL"),
            pgtrigger.Trigger(
                name="agreement_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(
                    new__state__in=["effective", "fulfilled"], old__state__df=pgtrigger.F("new__state")
                ),
                func="""
                IF NOT EXISTS (
                    SELECT FROM disputes_agreement a
                    WHERE a.dispute_id = NEW.id AND a.volume = NEW.volume AND a.effective_on IS NOT NULL
                ) THEN
                    RAISE EXCEPTION 'no agreement of this case has effect' USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.state = 'fulfilled' AND EXISTS (
                    SELECT FROM disputes_obligation o JOIN disputes_agreement a ON a.id = o.agreement_id
                    WHERE a.dispute_id = NEW.id AND a.volume = NEW.volume AND a.effective_on IS NOT NULL
                    AND o.fulfilled_on IS NULL
                ) THEN
                    RAISE EXCEPTION 'an obligation is not fulfilled' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    @cached_property
    def known_relations(self) -> dict[int, frozenset[str]]:
        """How people stand to the case as one page has read it (permissions.know_relations); of no row, of this object."""
        return {}
