"""The figures of the weekly visit (domain 2.8), each declared once; `docs/indicators.md` is written from here."""

from __future__ import annotations

from django.db.models import DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate, TruncWeek
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.enums import Satisfaction
from unionops.insight.indicators import Asked, Indicator, Share, TimeRole, Unit, register
from unionops.insight.periods import ONE_DAY
from unionops.org.enums import Role
from unionops.org.models import KeyListEntry, Posting

from . import counting
from .counted import DUTY_DAYS, FIRMS, ISSUES, JOINED, TOWN_FIRMS, VISITS, WEEKS, age_class, stage
from .enums import RESOLVED_RESULTS, ResultKind, Verb, VisitState
from .models import Visit

SUBSTANTIVE = RESOLVED_RESULTS - {ResultKind.EXPLAINED}
ANSWERED_BY = (Verb.ANSWER, Verb.CLOSE_EXPLAINED)
SATISFIED = (Satisfaction.VERY, Satisfaction.SATISFIED, Satisfaction.BASIC)
# From this many calls that nobody answered an issue is reported apart.
UNREACHED_FROM = 3


def _visits(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(visited_on__range=asked.days)


def _visited(asked: Asked, **visit: object) -> Q:
    """Firms with such a visit in the period that this person sees."""
    visits = Visit.objects.visible_to(asked.user).exclude(state=VisitState.RETURNED)
    return Q(Exists(visits.filter(enterprise=OuterRef("pk"), visited_on__range=asked.days, **visit)))


def _visited_by_town(rows: QuerySet, asked: Asked, **visit: object) -> QuerySet:
    """Of such visits of a town to a firm in the period the first."""
    rows = rows.filter(visited_on__range=asked.days, enterprise__isnull=False, **visit)
    before = Q(visited_on__lt=OuterRef("visited_on")) | Q(visited_on=OuterRef("visited_on"), pk__lt=OuterRef("pk"))
    same = rows.filter(before, town=OuterRef("town"), enterprise=OuterRef("enterprise"))
    return rows.filter(~Exists(same))


def _joined(rows: QuerySet, asked: Asked) -> QuerySet:
    """What the weeks of the officers count: whole weeks, of whoever was posted in them, that have begun by the cut-off."""
    period = asked.period
    # An ISO week belongs to the period of its Thursday.
    monday, last = (day + (3 - day.weekday()) * ONE_DAY for day in (period.first, period.last))
    first = monday - 3 * ONE_DAY if monday >= period.first else monday + 4 * ONE_DAY
    last = last + 3 * ONE_DAY if last <= period.last else last - 4 * ONE_DAY
    last = min(last, asked.at + (6 - asked.at.weekday()) * ONE_DAY)
    week = TruncWeek("visit__visited_on", output_field=DateField())
    posted = Posting.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=OuterRef("_monday")), role=Role.LIAISON, user=OuterRef("user"),
        organisation__district=OuterRef("visit__district"), valid_from__lte=OuterRef("_sunday"),
    )  # fmt: skip
    rows = rows.filter(visit__visited_on__range=(first, last)).alias(_monday=week)
    return rows.alias(_sunday=F("_monday") + Value(6 * ONE_DAY)).filter(Exists(posted))


def _key_firms(rows: QuerySet, asked: Asked) -> QuerySet:
    """Key enterprises of the last day, of the towns in one's care: a cadre is not measured by the whole district."""
    scope = asked.user.scope
    in_care = Q(district__in=scope.districts) | Q(town__in=scope.towns)
    listed = KeyListEntry.objects.on(asked.days[1]).filter(enterprise=OuterRef("pk"))
    return rows.filter(in_care, Exists(listed))


def _weeks(rows: QuerySet, asked: Asked) -> QuerySet:
    """Weeks on duty that are over by the cut-off; an ISO week belongs to the period of its Thursday."""
    period = asked.period
    return rows.filter(
        thursday__range=(period.first, period.last), sunday__lte=asked.at, duty_days__gte=DUTY_DAYS, quota__gt=0
    )


def _all_weeks(rows: QuerySet, asked: Asked) -> QuerySet:
    """Every week of the period that has begun by the cut-off, on duty or not."""
    return rows.filter(thursday__range=(asked.period.first, asked.period.last), monday__lte=asked.at)


def _reached(verbs: tuple[Verb, ...]) -> Share:
    return lambda asked: counting.reached(asked, verbs)


def _by_then(results: frozenset[ResultKind]) -> Share:
    return lambda asked: counting.closed_by_then(asked, results)


def _closed(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(counting.closed_in_period(asked))


def _followed_up(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(Exists(counting.call_due(asked)))


def _answered(rows: QuerySet, asked: Asked) -> QuerySet:
    return counting.happened(rows, asked, *ANSWERED_BY)


def _days_to_answer(asked: Asked) -> Combinable:
    return counting.working_days_to(asked, *ANSWERED_BY)


def _sampled(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(Exists(counting.settled_call(asked, sample=True)))


def _overdue_now(rows: QuerySet, asked: Asked) -> QuerySet:
    late = Q(deadline__met_on=None) | Q(deadline__met_on__gt=asked.at)
    return counting.open_then(rows, asked).filter(late, deadline__due_on__lt=asked.at, deadline__paused_on=None)


# Natural days from registration to the end; settled on the spot is 0 days (domain 2.6).
DAYS_TO_CLOSE = Func(
    TruncDate("closed_at"), TruncDate("registered_at"), template="(%(expressions)s)", arg_joiner=" - ",
    output_field=IntegerField(),
)  # fmt: skip


def declare() -> None:
    register(
        # --- visits
        Indicator(
            code="visit_count", name=_("走访家次"), unit=Unit.COUNT, rows=VISITS, time=TimeRole.VISITED, moment="visited_on",
            meaning=_("期内走访的次数；同一家去两次算两次，退回的不算。"), counted=_visits, source="domain 2.8", strength=1,
        ),
        Indicator(
            code="visited_firm_count", name=_("走访家数"), unit=Unit.COUNT, rows=FIRMS, time=TimeRole.VISITED,
            meaning=_("期内走访过的企业数；同一家只算一次，按企业所在镇街。"), counted=lambda rows, asked: rows.filter(_visited(asked)), source="domain 2.8", strength=1,
        ),
        Indicator(
            code="visited_key_firm_count", name=_("走访重点企业家数"), unit=Unit.COUNT, rows=FIRMS, time=TimeRole.VISITED,
            meaning=_("期内走访过的企业里，走访那天在册为重点企业的；同一家只算一次，按企业所在镇街。"),
            counted=lambda rows, asked: rows.filter(_visited(asked, is_key_enterprise=True)), source="domain 2.8", strength=1,
        ),
        Indicator(
            code="town_firm_count", name=_("镇街走访家数"), unit=Unit.COUNT, rows=TOWN_FIRMS, time=TimeRole.VISITED, moment="visited_on",
            meaning=_("期内镇街走访过的企业数，企业在哪个镇街都算；同一镇街去同一家几次只算一次。"),
            counted=_visited_by_town, source="domain 2.8", strength=1,
        ),
        Indicator(
            code="town_key_firm_count", name=_("镇街走访重点企业家数"), unit=Unit.COUNT, rows=TOWN_FIRMS, time=TimeRole.VISITED,
            moment="visited_on", meaning=_("期内镇街走访过的企业里，走访那天在册为重点企业的；同一镇街去同一家几次只算一次。"),
            counted=lambda rows, asked: _visited_by_town(rows, asked, is_key_enterprise=True), source="domain 2.8", strength=1,
        ),
        Indicator(
            code="joined_visit_count", name=_("参加走访"), unit=Unit.COUNT, rows=JOINED, time=TimeRole.VISITED,
            meaning=_("驻联干部在期内各周参加的走访；两人同去一家，各算一次。一周按它的周四归入期间。"),
            counted=_joined, source="domain 2.8", strength=1,
        ),
        Indicator(
            code="coverage_rate", name=_("重点企业覆盖率"), unit=Unit.RATE, rows=FIRMS, time=TimeRole.VISITED,
            meaning=_("截止日在册的重点企业里，期内至少走访过一次的占比。"), counted=_key_firms, share=_visited,
            source="domain 2.8", strength=1,
        ),
        Indicator(
            code="weekly_quota_rate", name=_("周走访达标率"), unit=Unit.RATE, rows=WEEKS, time=TimeRole.VISITED, moment="thursday",
            meaning=_("驻联干部在岗的周里，走访家数达到定额的占比。在岗工作日不足三天的周和还没过完的周不算。"),
            counted=_weeks,
            share=lambda _asked: Q(visits__gte=F("quota")), source="domain 2.8", strength=1,
        ),
        Indicator(
            code="week_count", name=_("驻联周"), unit=Unit.COUNT, rows=WEEKS, time=TimeRole.VISITED, moment="thursday",
            meaning=_("期内每名驻联干部的每一周，请假、放假和还没过完的也在内；按这一周达标、不足还是没去分。"),
            counted=_all_weeks, source="domain 2.8",
        ),
        # --- what was registered in the period, as it stands at the cut-off (累计)
        Indicator(
            code="issue_count", name=pgettext_lazy("指标", "登记诉求"), unit=Unit.COUNT, rows=ISSUES, time=TimeRole.REGISTERED, moment="registered_at",
            meaning=_("期内登记的诉求；截止日已作废、合并的不算。"), counted=counting.registered,
            more_dimensions={"stage": stage}, source="domain 2.8",
        ),
        Indicator(
            code="taken_up_rate", name=_("解释交办率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.REGISTERED, moment="registered_at",
            meaning=_("期内登记的诉求里，到截止日已经当场办结或交办过的占比；走得更远的也在内。"),
            counted=counting.registered, share=_reached(counting.TAKEN_UP), source="interface, dashboards", strength=1,
        ),
        Indicator(
            code="answered_rate", name=_("反馈率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.REGISTERED, moment="registered_at",
            meaning=_("期内登记的诉求里，到截止日已经反馈过结果的占比；走得更远的也在内。"),
            counted=counting.registered, share=_reached(counting.ANSWERED), source="interface, dashboards", strength=1,
        ),
        Indicator(
            code="confirmed_rate", name=_("已回访占比"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.REGISTERED, moment="registered_at",
            meaning=_("期内登记的诉求里，到截止日已经回访过或者办结的占比。"),
            counted=counting.registered, share=_reached(counting.CONFIRMED), source="interface, dashboards", strength=1,
        ),
        Indicator(
            code="resolution_rate", name=_("化解率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.REGISTERED, moment="registered_at",
            meaning=_("期内登记的诉求里，到截止日已经化解的占比；化解是已解决和解释认可。"),
            counted=counting.registered, share=_by_then(RESOLVED_RESULTS), source="domain 2.8", strength=1,
        ),
        Indicator(
            code="substantive_rate", name=_("实质化解率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.REGISTERED, moment="registered_at",
            meaning=_("期内登记的诉求里，到截止日已解决的占比，不含解释认可。"),
            counted=counting.registered, share=_by_then(SUBSTANTIVE), source="domain 2.8", strength=1,
        ),
        Indicator(
            code="explained_rate", name=_("当场解释占比"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.REGISTERED, moment="registered_at",
            meaning=_("期内登记的诉求里，到截止日以解释认可办结的占比。"),
            counted=counting.registered, share=_by_then(frozenset({ResultKind.EXPLAINED})), source="domain 2.8",
        ),
        Indicator(
            code="unresolved_count", name=_("未化解"), unit=Unit.COUNT, rows=ISSUES, time=TimeRole.REGISTERED, moment="registered_at",
            meaning=_("期内登记、到截止日没有化解的诉求，含仍在办和以其他结果办结的。"), source="domain 2.8", strength=-1,
            counted=lambda rows, asked: counting.registered(rows, asked).exclude(
                counting.closed_by_then(asked, RESOLVED_RESULTS)
            ),
        ),
        # --- what was closed in the period, whenever it was registered (当期)
        Indicator(
            code="closed_count", name=_("办结诉求"), unit=Unit.COUNT, rows=ISSUES, time=TimeRole.CLOSED, moment="closed_at",
            meaning=_("期内办结、到截止日仍是办结的诉求，不论何时登记。"), counted=_closed, source="domain 2.8",
        ),
        Indicator(
            code="solved_for_firms_count", name=_("为企业解决问题"), unit=Unit.COUNT, rows=ISSUES, time=TimeRole.CLOSED, moment="closed_at",
            meaning=_("期内办结并且化解、反映单位是企业的诉求，不论何时登记。"), source="domain C01", strength=1,
            counted=lambda rows, asked: counting.solved_for_firms(rows, asked, RESOLVED_RESULTS),
        ),
        Indicator(
            code="flow_resolution_rate", name=_("当期化解率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.CLOSED, moment="closed_at",
            meaning=_("期内办结的诉求里化解的占比，不论何时登记。"), counted=_closed,
            share=lambda asked: counting.closed_in_period(asked, RESOLVED_RESULTS),
            source="domain 2.8", strength=1,
        ),
        Indicator(
            code="days_to_close", name=_("办理天数中位数"), unit=Unit.DAYS, rows=ISSUES, time=TimeRole.CLOSED, moment="closed_at",
            meaning=_("期内办结的诉求从登记到办结的自然日，一半的诉求不超过这个天数。"), counted=_closed,
            days=DAYS_TO_CLOSE, source="domain 2.8", strength=-1,
        ),
        Indicator(
            code="days_to_close_p90", name=_("办理天数九成位"), unit=Unit.DAYS, rows=ISSUES, time=TimeRole.CLOSED, moment="closed_at",
            meaning=_("期内办结的诉求从登记到办结的自然日，九成的诉求不超过这个天数。"), counted=_closed,
            days=DAYS_TO_CLOSE, percentile=0.9, source="domain 2.8", strength=-1,
        ),
        *(
            Indicator(
                code=code, name=name, unit=Unit.DAYS, rows=ISSUES, time=TimeRole.DONE, meaning=meaning, counted=_answered,
                days=_days_to_answer, percentile=percentile, days_unit=_("个工作日"), source="domain 2.8", strength=-1,
            )
            for code, name, percentile, meaning in (
                ("avg_handling_days", _("平均办理时长"), None, _("期内反馈的诉求从登记到最后一次反馈，平均用了几个工作日。")),
                ("handling_days", _("办理时长中位数"), 0.5, _("期内反馈的诉求从登记到最后一次反馈的工作日，一半的诉求不超过这个数。")),
            )
        ),
        # --- terms
        Indicator(
            code="closure_rate", name=_("办结率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DUE,
            meaning=_("办理期限在期内到期的诉求（应办结）里，到截止日已经办结的占比。"), counted=counting.due,
            share=counting.closed_by_then, source="domain 2.8", strength=1,
        ),
        Indicator(
            code="on_time_rate", name=_("按期办结率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DUE,
            meaning=_("应办结的诉求里，在办理期限内反馈结果的占比；经批准的暂停不计入期限。"), counted=counting.due,
            share=counting.in_time, source="domain 2.8", strength=1,
        ),
        Indicator(
            code="overdue_rate", name=_("超期率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DUE,
            meaning=_("应办结的诉求里，逾期才反馈或者到截止日已经超期的占比。"), counted=counting.due,
            share=counting.overdue, source="domain 2.8", strength=-1,
        ),
        Indicator(
            code="response_rate", name=_("响应率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DONE, moment="dispatched_at",
            meaning=_("期内交办的诉求里，在签收期限内签收或退单的占比；还没签收也没到期的不算。"), counted=counting.dispatched,
            share=counting.signed_in_time, source="domain 2.8", strength=1,
        ),
        Indicator(
            code="sendback_rate", name=_("退单率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DONE,
            meaning=_("期内交办的诉求里，期内被科室申请退单的占比。"),
            counted=lambda rows, asked: counting.happened(rows, asked, Verb.DISPATCH),
            share=lambda asked: counting.with_step(asked, Verb.DECLINE), source="issue 3", strength=-1,
        ),
        # --- what the claimants say
        Indicator(
            code="followup_rate", name=_("回访率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DUE,
            meaning=_("回访期限在期内到期的诉求里，到截止日已经回访的占比。"), counted=_followed_up,
            share=lambda asked: Q(Exists(counting.call_due(asked).filter(done_at__lt=asked.until))), source="domain 2.8", strength=1,
        ),
        Indicator(
            code="unreached_count", name=_("联系不上"), unit=Unit.COUNT, rows=ISSUES, time=TimeRole.DUE,
            meaning=_("回访期限在期内到期、打了三次以上没有联系上、还没有回访的诉求。"), source="domain 2.8",
            counted=lambda rows, asked: rows.filter(
                Exists(counting.call_due(asked).filter(done_at=None, attempts__gte=UNREACHED_FROM))
            ),
        ),
        Indicator(
            code="satisfaction_rate", name=_("满意率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DONE,
            meaning=_("期内评价过的诉求里，很满意、满意和基本满意的占比；评价过几次的看最后一次。"),
            counted=lambda rows, asked: counting.asked_how_it_was(rows, asked).filter(
                counting.rated(asked, Satisfaction.values)
            ),
            share=lambda asked: counting.rated(asked, SATISFIED), source="domain 2.8", strength=1,
        ),
        Indicator(
            code="participation_rate", name=_("参评率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DONE,
            meaning=_("期内回访过的诉求里，反映人给出评价的占比。"), counted=counting.asked_how_it_was,
            share=lambda asked: counting.rated(asked, Satisfaction.values), source="domain 2.8", strength=1,
        ),
        Indicator(
            code="reopen_rate", name=_("重办率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DONE,
            meaning=_("期内反馈过的诉求里，期内又退回重办的占比。"), counted=_answered,
            share=lambda asked: counting.with_step(asked, Verb.REOPEN, Verb.APPEAL), source="domain 2.8", strength=-1,
        ),
        Indicator(
            code="revisit_agreement_rate", name=_("抽查一致率"), unit=Unit.RATE, rows=ISSUES, time=TimeRole.DONE,
            meaning=_("期内抽查回访过的诉求里，反映人确认问题确实解决的占比。"), counted=_sampled,
            share=lambda asked: Q(Exists(counting.settled_call(asked, sample=True).filter(resolved=True))), source="domain C03", strength=1,
        ),
        # --- what stands open at the cut-off
        Indicator(
            code="open_count", name=_("在办诉求"), unit=Unit.COUNT, rows=ISSUES, time=TimeRole.STANDING, moment="registered_at",
            meaning=_("到截止日还没有结束的诉求，不论何时登记；按登记以来的天数分段。"), counted=counting.open_then,
            more_dimensions={"age": age_class}, source="domain 2.8", strength=-1,
        ),
        Indicator(
            code="overdue_count", name=_("超期未结"), unit=Unit.COUNT, rows=ISSUES, time=TimeRole.STANDING, moment="registered_at",
            meaning=_("到截止日还没有结束、当前期限已过的诉求，不论何时登记；挂起的不算。"), counted=_overdue_now,
            more_dimensions={"age": age_class}, source="domain 2.8", strength=-1,
        ),
    )  # fmt: skip
