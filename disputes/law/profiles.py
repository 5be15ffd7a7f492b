"""How long mediation may take: one table of rule profiles, each row valid from the day its source came into force."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.china.calendar import DueDate, Span, Unit, WorkingDays, due_date
from unionops.china.errors import InvalidValue

from .articles import Article, Law
from .months import months_later


class Profile(TextChoices):
    """Which rule measures the mediation term (domain 3.2)."""

    ZJ_ORG = "zj_org", gettext_lazy("浙江调解组织")
    ENT_COMMITTEE = "ent_committee", gettext_lazy("企业调解委员会")
    ONE_STOP_NEW = "one_stop_new", gettext_lazy("新就业形态一站式调解")
    COURT_PRE = "court_pre", gettext_lazy("法院委派（立案前）")
    COURT_POST = "court_post", gettext_lazy("法院委托（立案后，普通程序）")
    COURT_POST_SIMPLE = "court_post_simple", gettext_lazy("法院委托（立案后，简易程序）")
    ARB_ENTRUST = "arb_entrust", gettext_lazy("仲裁委托")
    PEOPLE_MED = "people_med", gettext_lazy("人民调解")


class StartEvent(TextChoices):
    RECEIPT = "receipt", gettext_lazy("收到调解申请")
    ACCEPTANCE = "acceptance", gettext_lazy("受理调解申请")
    COURT_PAPERS = "court_papers", gettext_lazy("签收法院移交材料")
    CONSENT = "consent", gettext_lazy("双方同意委托调解")


class OnExpiry(TextChoices):
    END = "end", gettext_lazy("结束调解，书面告知可以申请仲裁")
    DEEMED_FAILED = "deemed_failed", gettext_lazy("视为调解不成，书面告知可以申请仲裁")
    REPORT = "report", gettext_lazy("向法院报告并退回材料")
    RETURN = "return", gettext_lazy("退回法院继续审理")
    HEARING = "hearing", gettext_lazy("由仲裁庭开庭审理")


class TermUnit(StrEnum):
    NATURAL = "natural"
    WORKING = "working"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class ProfileRule:
    profile: Profile
    valid_from: datetime.date
    start_event: StartEvent
    length: int
    unit: TermUnit
    extendable: bool
    # Days of the same unit that both sides may add at most; nothing where the source sets no limit.
    cap: int | None
    on_expiry: OnExpiry
    article: Article


def _rule(
    profile: Profile, valid_from: str, start_event: StartEvent, length: int, on_expiry: OnExpiry, article: Article,
    *, unit: TermUnit = TermUnit.NATURAL, extendable: bool = True, cap: int | None = None,
) -> ProfileRule:  # fmt: skip
    day = datetime.date.fromisoformat(valid_from)
    return ProfileRule(profile, day, start_event, length, unit, extendable, cap, on_expiry, article)


# A change of the law is a further row; cases keep the row of the day on which their term began.
RULES: tuple[ProfileRule, ...] = (
    _rule(Profile.ZJ_ORG, "2016-01-01", StartEvent.RECEIPT, 15, OnExpiry.END, Article(Law.ZHEJIANG, 10)),
    _rule(
        Profile.ENT_COMMITTEE, "2012-01-01", StartEvent.ACCEPTANCE, 15, OnExpiry.DEEMED_FAILED,
        Article(Law.NEGOTIATION, 29),
    ),
    _rule(Profile.ONE_STOP_NEW, "2024-01-19", StartEvent.ACCEPTANCE, 15, OnExpiry.END, Article(Law.ONE_STOP), cap=15),
    _rule(
        Profile.COURT_PRE, "2016-07-01", StartEvent.COURT_PAPERS, 30, OnExpiry.REPORT, Article(Law.COURT_INVITED, 27)
    ),
    _rule(
        Profile.COURT_POST, "2016-07-01", StartEvent.COURT_PAPERS, 15, OnExpiry.RETURN, Article(Law.COURT_INVITED, 27)
    ),
    _rule(
        Profile.COURT_POST_SIMPLE, "2016-07-01", StartEvent.COURT_PAPERS, 7, OnExpiry.RETURN,
        Article(Law.COURT_INVITED, 27),
    ),
    # "Ten days" of these rules are working days (办案规则 80).
    _rule(
        Profile.ARB_ENTRUST, "2017-07-01", StartEvent.CONSENT, 10, OnExpiry.HEARING, Article(Law.CASE_RULES, 70),
        unit=TermUnit.WORKING, extendable=False,
    ),
    _rule(
        Profile.PEOPLE_MED, "2002-11-01", StartEvent.ACCEPTANCE, 1, OnExpiry.END, Article(Law.PEOPLE_WORK, 33),
        unit=TermUnit.MONTH,
    ),
)  # fmt: skip

STATUTORY_EXIT_DAYS = 15


def rule_of(profile: Profile, on: datetime.date) -> ProfileRule:
    """The row of the profile that is in force on the day; `InvalidValue` before its first."""
    found = [rule for rule in RULES if rule.profile == profile and rule.valid_from <= on]
    if not found:
        raise InvalidValue(
            "not_in_force", _("%(day)s 时还没有“%(profile)s”的期限规定。") % {"day": on, "profile": profile.label}
        )
    return max(found, key=lambda rule: rule.valid_from)


def first_day(profile: Profile) -> datetime.date:
    """The day from which the profile has a rule at all."""
    return min(rule.valid_from for rule in RULES if rule.profile == profile)


def length_in_days(rule: ProfileRule, start: datetime.date) -> tuple[int, Unit]:
    """The length as it is counted: a month is as many natural days as it has from this start."""
    if rule.unit == TermUnit.MONTH:
        return (months_later(start, rule.length) - start).days, Unit.NATURAL
    return rule.length, Unit(rule.unit)


def term_ends(
    rule: ProfileRule,
    start: datetime.date,
    calendar: WorkingDays,
    *,
    extra_days: int = 0,
    pauses: Sequence[Span] = (),
) -> DueDate:
    """The last day of mediation (浙江条例 10, 令17号 29, 特邀调解规定 27, 办案规则 70); pauses are days of 中止.

    Extra days are agreed by both sides and counted on from the old start, so that the whole stays explainable.
    """
    if extra_days:
        check_extension(rule, extra_days)
    length, unit = length_in_days(rule, start)
    return due_date(calendar, start, length + extra_days, unit, pauses)


def latest_extended(
    rule: ProfileRule, start: datetime.date, calendar: WorkingDays, pauses: Sequence[Span] = ()
) -> DueDate | None:
    """The last day that both sides can agree on; nothing where the source sets no limit."""
    if not rule.extendable:
        return term_ends(rule, start, calendar, pauses=pauses)
    return None if rule.cap is None else term_ends(rule, start, calendar, extra_days=rule.cap, pauses=pauses)


def check_extension(rule: ProfileRule, extra_days: int) -> None:
    """Both sides may add days where the profile lets them, up to its cap (新就业形态一站式调解: 15 days)."""
    if not rule.extendable:
        raise InvalidValue("not_extendable", _("%(article)s没有规定可以延期。") % {"article": rule.article})
    if extra_days < 1:
        raise InvalidValue("too_early", _("延期的日期应在原期限之后。"))
    if rule.cap is not None and extra_days > rule.cap:
        raise InvalidValue("over_cap", _("双方同意延期，最多延长 %(days)s 天。") % {"days": rule.cap})


def check_agreed_end(
    rule: ProfileRule, start: datetime.date, agreed: datetime.date, calendar: WorkingDays, pauses: Sequence[Span] = ()
) -> None:
    """As `check_extension`, for a date that both sides wrote down; such a date does not roll."""
    check_extension(rule, extra_days=1)
    if agreed <= term_ends(rule, start, calendar, pauses=pauses).on:
        raise InvalidValue("too_early", _("延期的日期应在原期限之后。"))
    latest = latest_extended(rule, start, calendar, pauses)
    if latest is not None and agreed > latest.on:
        raise InvalidValue("over_cap", _("双方同意延期，最晚到 %(day)s。") % {"day": latest.on})


def statutory_exit(received_on: datetime.date, calendar: WorkingDays) -> DueDate:
    """15 days after receipt of the application, whatever the profile: then the parties may arbitrate (调解仲裁法 14)."""
    return due_date(calendar, received_on, STATUTORY_EXIT_DAYS, Unit.NATURAL)
