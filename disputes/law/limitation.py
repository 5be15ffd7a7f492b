"""The one-year limitation of arbitration as an event log: when it ends, whether it runs, and why.

调解仲裁法 27; 办案规则 26-28; 令17号 31; 民法典 201-203. The clock informs and warns; it never blocks a step, because only
the other side may plead it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.china.calendar import DueDate, Span, Unit, WorkingDays, due_date
from unionops.china.errors import InvalidValue
from unionops.joining import labelled

from .articles import Article, Law
from .months import months_later

TERM_MONTHS = 12
# 法律援助法 44: with fewer days than these left, legal aid may begin before its review.
AID_AT_ONCE_DAYS = 7


class InterruptionKind(TextChoices):
    CLAIM = "claim", gettext_lazy("向对方主张权利")
    COMPLAINT = "complaint", gettext_lazy("向有关部门投诉")
    ARBITRATION = "arbitration", gettext_lazy("申请仲裁")
    SUIT = "suit", gettext_lazy("向法院起诉")
    PAYMENT_ORDER = "payment_order", gettext_lazy("申请支付令")
    PROMISE = "promise", gettext_lazy("对方同意履行义务")
    NEGOTIATION_REFUSED = "negotiation_refused", gettext_lazy("对方不同意协商，或五日内不回应")
    NEGOTIATION_LEFT = "negotiation_left", gettext_lazy("协商期限内一方不愿继续协商")
    NEGOTIATION_EXPIRED = "negotiation_expired", gettext_lazy("协商期限届满未达成一致")
    SETTLEMENT_BROKEN = "settlement_broken", gettext_lazy("不按期履行和解协议")
    MEDIATION_REFUSED = "mediation_refused", gettext_lazy("对方不同意调解")
    MEDIATION_LEFT = "mediation_left", gettext_lazy("调解期限内一方不愿继续调解")
    MEDIATION_EXPIRED = "mediation_expired", gettext_lazy("调解期限届满未达成协议")
    AGREEMENT_BROKEN = "agreement_broken", gettext_lazy("不按期履行调解协议")


INTERRUPTION_ARTICLES: dict[InterruptionKind, Article] = {
    InterruptionKind.CLAIM: Article(Law.CASE_RULES, 27, 1),
    InterruptionKind.COMPLAINT: Article(Law.CASE_RULES, 27, 2),
    InterruptionKind.ARBITRATION: Article(Law.CASE_RULES, 27, 2),
    InterruptionKind.SUIT: Article(Law.CASE_RULES, 27, 2),
    InterruptionKind.PAYMENT_ORDER: Article(Law.CASE_RULES, 27, 2),
    InterruptionKind.PROMISE: Article(Law.CASE_RULES, 27, 3),
    InterruptionKind.NEGOTIATION_REFUSED: Article(Law.NEGOTIATION, 31, 1),
    InterruptionKind.NEGOTIATION_LEFT: Article(Law.NEGOTIATION, 31, 2),
    InterruptionKind.NEGOTIATION_EXPIRED: Article(Law.NEGOTIATION, 31, 3),
    InterruptionKind.SETTLEMENT_BROKEN: Article(Law.NEGOTIATION, 31, 4),
    InterruptionKind.MEDIATION_REFUSED: Article(Law.NEGOTIATION, 31, 5),
    InterruptionKind.MEDIATION_LEFT: Article(Law.NEGOTIATION, 31, 6),
    InterruptionKind.MEDIATION_EXPIRED: Article(Law.NEGOTIATION, 31, 7),
    InterruptionKind.AGREEMENT_BROKEN: Article(Law.NEGOTIATION, 31, 8),
}


class SuspensionReason(TextChoices):
    FORCE_MAJEURE = "force_majeure", gettext_lazy("不可抗力")
    NO_REPRESENTATIVE = "no_representative", gettext_lazy("法定代理人未确定")
    OTHER = "other", gettext_lazy("其他正当理由")


class ClockState(TextChoices):
    NOT_RUNNING = "not_running", gettext_lazy("时效不计算")
    RUNNING = "running", gettext_lazy("时效计算中")
    SUSPENDED = "suspended", gettext_lazy("时效中止")
    EXPIRED = "expired", gettext_lazy("时效届满")


class StepKind(TextChoices):
    EMPLOYED = "employed", gettext_lazy("劳动关系存续期间拖欠劳动报酬，不受一年限制")
    KNOWN = "known", gettext_lazy("知道或者应当知道权利被侵害，时效开始")
    EMPLOYMENT_ENDED = "employment_ended", gettext_lazy("劳动关系终止，拖欠劳动报酬的时效开始")
    INTERRUPTED = "interrupted", gettext_lazy("时效中断，重新计算一年")
    BEFORE = "before", gettext_lazy("发生在时效开始之前，不影响时效")
    TOO_LATE = "too_late", gettext_lazy("发生时时效已经届满，不再中断")
    PROMISED_LATE = "promised_late", gettext_lazy("届满后同意履行，不得再以时效届满抗辩")
    UNPROVEN = "unproven", gettext_lazy("没有证据，未计入")
    SUSPENDED = "suspended", gettext_lazy("时效中止，这些天不计算")
    SUSPENDED_OPEN = "suspended_open", gettext_lazy("时效中止，原因尚未消除")
    ENDS = "ends", gettext_lazy("时效最后一天")


@dataclass(frozen=True, slots=True)
class Interruption:
    """A new year starts with it; ``proven`` says that its evidence (proof of delivery) is on the file."""

    kind: InterruptionKind
    on: datetime.date
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days that do not count, both ends included; no last day while the cause lasts."""

    reason: SuspensionReason
    first: datetime.date
    last: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class LimitationLog:
    """What is known of a claim; of wage arrears the end of the employment decides, not the day of knowing."""

    known_on: datetime.date
    wage_arrears: bool = False
    employment_ended_on: datetime.date | None = None
    interruptions: Sequence[Interruption] = ()
    suspensions: Sequence[Suspension] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the reasons; ``ends_on`` is the end of the term after this step, where there is one."""

    kind: StepKind
    on: datetime.date | None
    article: Article
    ends_on: datetime.date | None = None
    event: InterruptionKind | SuspensionReason | None = None
    until: datetime.date | None = None

    @property
    def words(self) -> str:
        """What happened, and what it does to the term."""
        return labelled(self.event.label, self.kind.label) if self.event is not None else str(self.kind.label)


@dataclass(frozen=True, slots=True)
class Clock:
    """The answer. No ``ends_on`` while the term does not run at all or its suspension has no end."""

    started_on: datetime.date | None
    ends_on: datetime.date | None
    provisional: bool
    because: tuple[Step, ...]
    pauses: tuple[Span, ...] = field(default=())
    suspended_from: datetime.date | None = None

    def state(self, on: datetime.date) -> ClockState:
        if self.started_on is None or on < self.started_on:
            return ClockState.NOT_RUNNING
        if self.ends_on is not None and on > self.ends_on:
            return ClockState.EXPIRED
        is_open = self.suspended_from is not None and on >= self.suspended_from
        if is_open or any(first <= on <= last for first, last in self.pauses):
            return ClockState.SUSPENDED
        return ClockState.RUNNING

    def days_left(self, on: datetime.date) -> int | None:
        """Natural days to the last day, below zero after it; nothing while no last day is known."""
        return None if self.ends_on is None else (self.ends_on - on).days

    def aid_at_once(self, on: datetime.date) -> bool:
        """Fewer than seven days remain: legal aid may begin before its review (法律援助法 44)."""
        left = self.days_left(on)
        return left is not None and 0 <= left < AID_AT_ONCE_DAYS


def limitation_clock(log: LimitationLog, calendar: WorkingDays, *, only_proven: bool = False) -> Clock:
    """When the year of 调解仲裁法 27 ends. ``only_proven`` leaves out events whose evidence is missing.

    - starts on the day of knowing; for wage arrears not before the employment ends, then on that day, whatever was known
      when: of two readings the earlier end is shown;
    - an event within the year starts a new one, an event after its end does nothing (办案规则 27, 令17号 31);
    - suspended days are added at the end (办案规则 28: the term "continues to count").
    """
    if log.wage_arrears and log.employment_ended_on is None:
        return Clock(None, None, False, (Step(StepKind.EMPLOYED, None, Article(Law.MEDIATION, 27)),))
    if log.wage_arrears and log.employment_ended_on is not None:
        start, kind = log.employment_ended_on, StepKind.EMPLOYMENT_ENDED
    else:
        start, kind = log.known_on, StepKind.KNOWN
    course = _Course(calendar, log.suspensions)
    steps = [Step(kind, start, Article(Law.MEDIATION, 27), course.end_on(start))]
    for event in sorted(log.interruptions, key=lambda event: event.on):
        step = _interrupt(course, start, event, only_proven=only_proven)
        if step.kind == StepKind.INTERRUPTED:
            start = event.on
        steps.append(step)
    return _clock(course, start, steps)


def _interrupt(course: _Course, start: datetime.date, event: Interruption, *, only_proven: bool) -> Step:
    article, end = INTERRUPTION_ARTICLES[event.kind], course.end_on(start)
    if only_proven and not event.proven:
        return Step(StepKind.UNPROVEN, event.on, article, end, event.kind)
    if event.on < start:
        return Step(StepKind.BEFORE, event.on, article, end, event.kind)
    if end is None or event.on <= end:
        return Step(StepKind.INTERRUPTED, event.on, article, course.end_on(event.on), event.kind)
    if event.kind == InterruptionKind.PROMISE:
        return Step(StepKind.PROMISED_LATE, event.on, Article(Law.CIVIL_CODE, 192), end, event.kind)
    return Step(StepKind.TOO_LATE, event.on, article, end, event.kind)


def _clock(course: _Course, start: datetime.date, steps: list[Step]) -> Clock:
    article = Article(Law.CASE_RULES, 28)
    due = course.end(start)
    for cause in sorted(course.suspensions, key=lambda cause: cause.first):
        touches = due is None or cause.first <= due.on
        if cause.last is None and touches:
            steps.append(Step(StepKind.SUSPENDED_OPEN, cause.first, article, None, cause.reason))
        elif cause.last is not None and touches and cause.last > start:
            ends_on = due.on if due else None
            steps.append(Step(StepKind.SUSPENDED, cause.first, article, ends_on, cause.reason, cause.last))
    if due is None:
        return Clock(start, None, False, tuple(steps), course.spans, course.open_from)
    steps.append(Step(StepKind.ENDS, due.on, Article(Law.CIVIL_CODE, 203), due.on))
    return Clock(start, due.on, due.provisional, tuple(steps), course.spans)


class _Course:
    """How a year runs over a calendar with its suspensions."""

    def __init__(self, calendar: WorkingDays, suspensions: Sequence[Suspension]) -> None:
        for cause in suspensions:
            if cause.last is not None and cause.last < cause.first:
                raise InvalidValue("backwards", _("中止的结束日期不能早于开始日期。"))
        self.suspensions = suspensions
        self.spans = tuple(Span(cause.first, cause.last) for cause in suspensions if cause.last is not None)
        self.open_from = min((cause.first for cause in suspensions if cause.last is None), default=None)
        self._calendar = calendar

    def end(self, start: datetime.date) -> DueDate | None:
        """A year on (民法典 202), the first day not counted (201), rest days rolled (203); nothing while suspended."""
        days = (months_later(start, TERM_MONTHS) - start).days
        due = due_date(self._calendar, start, days, Unit.NATURAL, self.spans)
        is_open = self.open_from is not None and self.open_from <= due.on
        return None if is_open else due

    def end_on(self, start: datetime.date) -> datetime.date | None:
        due = self.end(start)
        return due.on if due else None
