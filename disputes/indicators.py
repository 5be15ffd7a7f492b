"""The figures of mediation (domain 3.9), each declared once; `docs/indicators.md` is written from here.

They count the rows themselves: a district has hundreds of disputes a year, not hundreds of thousands.
"""

from __future__ import annotations

from django.db.models import DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.enums import Satisfaction
from unionops.casework.models import FollowUp
from unionops.insight.indicators import Asked, Indicator, TimeRole, Unit, register
from visits.counted import age_class

from .counted import DISPUTES, OBLIGATIONS, stage, succeeded, unperformed
from .enums import SUCCESSFUL, ConfirmationState, Outcome, Seat
from .models import Confirmation, Obligation, Share, TeamMember

SOURCE = "domain 3.9"
SATISFIED = (Satisfaction.VERY, Satisfaction.SATISFIED, Satisfaction.BASIC)
# Who sits in the team for another body.
AGENCY_SEATS = (Seat.JUDGE, Seat.ARBITRATOR, Seat.LAWYER, Seat.STREET_MEDIATOR)


def _registered(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(registered_at__gte=asked.period.start, registered_at__lt=asked.end)


def _accepted(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(accepted_on__range=asked.days)


def _ended(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(ended_on__range=asked.days).exclude(outcome="")


def _decided(rows: QuerySet, asked: Asked) -> QuerySet:
    """What ended with an agreement or without one; the rest was never mediated to an end."""
    return _ended(rows, asked).filter(outcome__in=[*SUCCESSFUL, Outcome.FAILED])


def _agreed(rows: QuerySet, asked: Asked) -> QuerySet:
    return _ended(rows, asked).filter(outcome=Outcome.AGREED)


def _taken_up(asked: Asked) -> Q:
    return Q(accepted_on__lte=asked.at)


def _settled(asked: Asked) -> Q:
    return _taken_up(asked) & succeeded(asked)


def _performed(asked: Asked) -> Q:
    return _settled(asked) & ~Q(unperformed(asked))


def _performed_at_once(asked: Asked) -> Q:
    """Nothing of the agreement was left for another day."""
    of_case = Obligation.objects.standing().filter(agreement__dispute=OuterRef("pk"))
    later = Q(fulfilled_on=None) | Q(fulfilled_on__gt=F("agreement__effective_on"))
    return ~Q(Exists(of_case.filter(later))) & Q(Exists(of_case))


def _confirmed(asked: Asked) -> Q:
    found = Confirmation.objects.filter(
        agreement__dispute=OuterRef("pk"), state=ConfirmationState.CONFIRMED, decided_on__lte=asked.at
    )
    return Q(Exists(found))


def _joined(asked: Asked) -> Q:
    """Another body sat in the team or was given the case to see."""
    seats = TeamMember.objects.filter(dispute=OuterRef("pk"), seat__in=AGENCY_SEATS, valid_from__lte=asked.at)
    shares = Share.objects.filter(dispute=OuterRef("pk"), valid_from__lte=asked.at)
    return Q(Exists(seats)) | Q(Exists(shares))


def _open(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(registered_at__lt=asked.until).filter(Q(ended_on=None) | Q(ended_on__gt=asked.at))


def _over_term(rows: QuerySet, asked: Asked) -> QuerySet:
    return _open(rows, asked).filter(term__due_on__lt=asked.at, term__paused_on=None)


# --- what is owed


def _due(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(due_on__range=asked.days)


def _in_time(asked: Asked) -> Q:
    return Q(fulfilled_on__lte=F("due_on"))


def _paid(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(fulfilled_on__range=asked.days, amount__isnull=False)


def _money_due(rows: QuerySet, asked: Asked) -> QuerySet:
    return _due(rows, asked).filter(amount__isnull=False)


# --- what the parties say afterwards


def _calls() -> QuerySet:
    return FollowUp.objects.filter(kind="dispute", case_id=OuterRef("pk"))


def _asked_due(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(Exists(_calls().filter(due_on__range=asked.days)))


def _asked_in_time(asked: Asked) -> Q:
    waiting = Q(done_at=None) | Q(done_at__gte=asked.until)
    return ~Q(Exists(_calls().filter(waiting, due_on__range=asked.days)))


def _heard(rows: QuerySet, asked: Asked) -> QuerySet:
    """Cases asked about in the period, with what was said last."""
    done = _calls().filter(done_at__gte=asked.period.start, done_at__lt=asked.end).order_by("-done_at", "-pk")
    return rows.alias(
        heard_resolved=Subquery(done.values("resolved")[:1]),
        heard_satisfaction=Subquery(done.values("satisfaction")[:1]),
    ).filter(heard_resolved__isnull=False)


def _days(first: Combinable | str, last: Combinable | str) -> Combinable:
    return Func(
        last if isinstance(last, Combinable) else F(last), first if isinstance(first, Combinable) else F(first),
        template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField(),
    )  # fmt: skip


DAYS_TO_ACCEPT = _days("received_on", "accepted_on")
DAYS_TO_MEDIATE = _days("accepted_on", "ended_on")
DAYS_TO_END = _days(TruncDate("registered_at", output_field=DateField()), "ended_on")
DAYS_TO_PAY = _days("agreement__effective_on", "fulfilled_on")


def declare() -> None:
    _declare_cases()
    _declare_days()
    _declare_performance()
    _declare_follow_ups()


def _declare_cases() -> None:
    register(
        Indicator(
            code="dispute_count", name=pgettext_lazy("指标", "登记争议"), unit=Unit.COUNT, rows=DISPUTES, time=TimeRole.REGISTERED, moment="registered_at",
            meaning=_("期内登记的劳动争议，不论后来怎样。"), counted=_registered, more_dimensions={"dispute_stage": stage}, source=SOURCE,
        ),
        Indicator(
            code="dispute_taken_up_rate", name=_("受理占比"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.REGISTERED,
            moment="registered_at", meaning=_("期内登记的争议里，到截止日已经受理的占比；走得更远的也在内。"),
            counted=_registered, share=_taken_up, source=SOURCE,
        ),
        Indicator(
            code="dispute_settled_rate", name=_("化解争议占比"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.REGISTERED,
            moment="registered_at", meaning=_("期内登记的争议里，到截止日已经受理并且达成协议或者和解的占比。"),
            counted=_registered, share=_settled, source=SOURCE, strength=1,
        ),
        Indicator(
            code="dispute_performed_rate", name=_("履行完毕占比"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.REGISTERED,
            moment="registered_at", meaning=_("期内登记的争议里，到截止日已经和解，或者协议约定的都已履行的占比。"),
            counted=_registered, share=_performed, source=SOURCE, strength=1,
        ),
        Indicator(
            code="dispute_accepted_count", name=_("受理争议"), unit=Unit.COUNT, rows=DISPUTES, time=TimeRole.DONE, moment="accepted_on",
            meaning=_("期内受理的劳动争议。"), counted=_accepted, source=SOURCE,
        ),
        Indicator(
            code="dispute_collective_count", name=pgettext_lazy("指标", "集体争议"), unit=Unit.COUNT, rows=DISPUTES, time=TimeRole.DONE, moment="accepted_on",
            meaning=_("期内受理的争议里，十人以上有共同请求的。"), source=SOURCE,
            counted=lambda rows, asked: _accepted(rows, asked).filter(is_collective=True),
        ),
        Indicator(
            code="dispute_people_count", name=_("涉及职工"), unit=Unit.SUM, rows=DISPUTES, time=TimeRole.DONE, moment="accepted_on",
            meaning=_("期内受理的争议涉及的职工人数；一件里有几个人算几个。"), counted=_accepted, amount="people_count",
            amount_unit=_("人"), source=SOURCE,
        ),
        Indicator(
            code="dispute_amount_claimed", name=_("请求金额"), unit=Unit.SUM, rows=DISPUTES, time=TimeRole.DONE, moment="accepted_on",
            meaning=_("期内受理的争议，申请人请求的金额合计。"), counted=_accepted, amount="amount_claimed",
            amount_unit=_("元"), places=2, source=SOURCE,
        ),
        Indicator(
            code="dispute_agency_rate", name=_("联动单位参与占比"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.DONE, moment="accepted_on",
            meaning=_("期内受理的争议里，法院、人社、司法、街道等联动单位参与办理或者共享的占比。"),
            counted=_accepted, share=_joined, source="domain 3.10",
        ),
        Indicator(
            code="dispute_ended_count", name=_("结案争议"), unit=Unit.COUNT, rows=DISPUTES, time=TimeRole.CLOSED, moment="ended_on",
            meaning=_("期内调解结束的争议，不论结果；协议生效就算结束。"), counted=_ended, source=SOURCE,
        ),
        Indicator(
            code="dispute_success_rate", name=_("调解成功率"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.CLOSED, moment="ended_on",
            meaning=_("（达成协议＋自行和解撤回）÷（达成协议＋自行和解撤回＋调解不成），按期内结案的件数；不予受理、移送和没有和解的撤回不算。"),
            counted=_decided, share=succeeded, source=SOURCE, strength=1,
        ),
        Indicator(
            code="dispute_success_on_accepted_rate", name=_("按受理的成功率"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.DONE,
            moment="accepted_on",
            meaning=_("（到截止日达成协议＋自行和解撤回）÷ 期内受理的全部争议；还在调解的也在分母里。"),
            counted=_accepted, share=succeeded, source=SOURCE, strength=1,
        ),
        Indicator(
            code="dispute_confirmation_rate", name=_("协议确认率"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.CLOSED, moment="ended_on",
            meaning=_("期内协议生效的争议里，到截止日经仲裁审查、司法确认或者支付令确认的占比。"),
            counted=_agreed, share=_confirmed, source=SOURCE, strength=1,
        ),
        Indicator(
            code="dispute_immediate_rate", name=_("即时履行率"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.CLOSED, moment="ended_on",
            meaning=_("期内协议生效的争议里，约定的全部在生效当天履行的占比。"),
            counted=_agreed, share=_performed_at_once, source=SOURCE, strength=1,
        ),
        Indicator(
            code="dispute_open_count", name=_("在办争议"), unit=Unit.COUNT, rows=DISPUTES, time=TimeRole.STANDING, moment="registered_at",
            meaning=_("到截止日调解还没有结束的争议，不论何时登记；按登记以来的天数分段。"), counted=_open,
            more_dimensions={"age": age_class}, source=SOURCE, strength=-1,
        ),
        Indicator(
            code="dispute_overdue_count", name=_("调解超期"), unit=Unit.COUNT, rows=DISPUTES, time=TimeRole.STANDING,
            moment="registered_at", meaning=_("到截止日调解还没有结束、调解期限已过的争议；中止的不算。"), counted=_over_term,
            more_dimensions={"age": age_class}, source="domain 3.2", strength=-1,
        ),
    )  # fmt: skip


def _declare_days() -> None:
    """Days by stage: half of the cases need no more than the median, nine in ten no more than the other."""
    for code, middle, most, counted, days, rows, time, moment in (
        ("dispute_days_to_accept", _("受理天数中位数"), _("受理天数九成位"), _accepted, DAYS_TO_ACCEPT, DISPUTES,
         TimeRole.DONE, "accepted_on"),
        ("dispute_days_to_mediate", _("调解天数中位数"), _("调解天数九成位"), _mediated, DAYS_TO_MEDIATE, DISPUTES,
         TimeRole.CLOSED, "ended_on"),
        ("dispute_days_to_end", _("结案天数中位数"), _("结案天数九成位"), _ended, DAYS_TO_END, DISPUTES,
         TimeRole.CLOSED, "ended_on"),
        ("obligation_days_to_pay", _("履行天数中位数"), _("履行天数九成位"), _performed_in_period, DAYS_TO_PAY, OBLIGATIONS,
         TimeRole.DONE, "fulfilled_on"),
    ):  # fmt: skip
        meaning = _DAYS_MEAN[code]
        register(
            Indicator(
                code=code, name=middle, unit=Unit.DAYS, rows=rows, time=time, moment=moment, meaning=meaning,
                counted=counted, days=days, source=SOURCE, strength=-1,
            ),
            Indicator(
                code=f"{code}_p90", name=most, unit=Unit.DAYS, rows=rows, time=time, moment=moment, meaning=meaning,
                counted=counted, days=days, percentile=0.9, source=SOURCE, strength=-1,
            ),
        )  # fmt: skip


_DAYS_MEAN = {
    "dispute_days_to_accept": _("期内受理的争议，从收到申请到受理的自然日。"),
    "dispute_days_to_mediate": _("期内结案并受理过的争议，从受理到调解结束的自然日。"),
    "dispute_days_to_end": _("期内结案的争议，从登记到调解结束的自然日。"),
    "obligation_days_to_pay": _("期内履行的义务，从协议生效到履行的自然日。"),
}


def _mediated(rows: QuerySet, asked: Asked) -> QuerySet:
    return _ended(rows, asked).filter(accepted_on__isnull=False)


def _performed_in_period(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(fulfilled_on__range=asked.days)


def _declare_performance() -> None:
    register(
        Indicator(
            code="obligation_due_count", name=_("到期义务"), unit=Unit.COUNT, rows=OBLIGATIONS, time=TimeRole.DUE, moment="due_on",
            meaning=_("生效协议里，履行期限在期内的义务。"), counted=_due, source=SOURCE,
        ),
        Indicator(
            code="obligation_fulfilment_rate", name=_("履行率"), unit=Unit.RATE, rows=OBLIGATIONS, time=TimeRole.DUE, moment="due_on",
            meaning=_("按期履行的义务 ÷ 期限在期内的义务，按项数。"), counted=_due, share=_in_time, source=SOURCE, strength=1,
        ),
        Indicator(
            code="obligation_fulfilment_money_rate", name=_("履行率（按金额）"), unit=Unit.RATE, rows=OBLIGATIONS, time=TimeRole.DUE,
            moment="due_on", meaning=_("按期支付的金额 ÷ 期限在期内应支付的金额。"), counted=_money_due, share=_in_time,
            amount="amount", amount_unit=_("元"), places=2, source=SOURCE, strength=1,
        ),
        Indicator(
            code="obligation_amount_agreed", name=_("协议金额"), unit=Unit.SUM, rows=OBLIGATIONS, time=TimeRole.DONE,
            meaning=_("期内生效的协议约定支付的金额合计。"), amount="amount", amount_unit=_("元"), places=2, source=SOURCE,
            counted=lambda rows, asked: rows.filter(agreement__effective_on__range=asked.days, amount__isnull=False),
        ),
        Indicator(
            code="obligation_amount_paid", name=_("到账金额"), unit=Unit.SUM, rows=OBLIGATIONS, time=TimeRole.DONE, moment="fulfilled_on",
            meaning=_("期内实际支付的金额合计，不论是否逾期。"), amount="amount", amount_unit=_("元"), places=2, counted=_paid,
            source=SOURCE, strength=1,
        ),
    )  # fmt: skip


def _declare_follow_ups() -> None:
    register(
        Indicator(
            code="dispute_followup_rate", name=_("案后回访率"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.DUE,
            meaning=_("回访期限在期内到期的争议里，到截止日该做的回访都做过的占比。"), counted=_asked_due,
            share=_asked_in_time, source="domain F1", strength=1,
        ),
        Indicator(
            code="dispute_kept_rate", name=_("回访确认履行占比"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.DONE,
            meaning=_("期内回访过的争议里，当事人确认已按约履行的占比；回访过几次的看最后一次。"), counted=_heard,
            share=lambda asked: Q(heard_resolved=True), source="domain F1", strength=1,
        ),
        Indicator(
            code="dispute_satisfaction_rate", name=_("案后满意率"), unit=Unit.RATE, rows=DISPUTES, time=TimeRole.DONE,
            meaning=_("期内回访时评价过的争议里，很满意、满意和基本满意的占比；回访过几次的看最后一次。"),
            counted=lambda rows, asked: _heard(rows, asked).exclude(heard_satisfaction=""),
            share=lambda asked: Q(heard_satisfaction__in=SATISFIED), source="domain F1", strength=1,
        ),
    )  # fmt: skip
