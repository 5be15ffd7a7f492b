"""Choices of the quarterly analysis, and the transition tables of the paper and of a reflection (domain 2.9)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of
from unionops.org.enums import Role


class AnalysisState(TextChoices):
    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待审签")
    REVIEWED = "reviewed", _("待签发")
    RETURNED = "returned", _("退回修改")
    SIGNED = "signed", _("已签发")


S = AnalysisState
END_STATES = frozenset({S.SIGNED})
# The text and the figures may change in these.
DRAFT_STATES = frozenset({S.DRAFT, S.RETURNED})


class AnalysisRelation(TextChoices):
    """How a person stands to an analysis; permissions.py decides."""

    DRAFTER = "drafter", _("起草人")
    LEADER = "leader", _("分管领导")
    CHIEF = "chief", _("主要领导")


R = AnalysisRelation


class AnalysisVerb(TextChoices):
    SUBMIT = "submit", _("送审")
    RETURN = "return_back", _("退回修改")
    REVIEW = "review", _("审核通过")
    SIGN = "sign", _("签发")
    REOPEN = "reopen", _("重新打开")


# The chain of domain 2.9: drafter, leader in charge, chief. A town's paper ends with the leader in charge.
ANALYSIS_TRANSITIONS = table_of(
    Transition(AnalysisVerb.SUBMIT, AnalysisVerb.SUBMIT.label, (S.DRAFT, S.RETURNED), (S.SUBMITTED,), (R.DRAFTER,), "2.9", "send", usual=True),
    Transition(AnalysisVerb.REVIEW, AnalysisVerb.REVIEW.label, (S.SUBMITTED,), (S.REVIEWED,), (R.LEADER,), "2.9", "check2-circle", usual=True),
    Transition(AnalysisVerb.SIGN, AnalysisVerb.SIGN.label, (S.SUBMITTED, S.REVIEWED), (S.SIGNED,), (R.LEADER, R.CHIEF), "2.9", "patch-check", usual=True),
    Transition(AnalysisVerb.RETURN, AnalysisVerb.RETURN.label, (S.SUBMITTED, S.REVIEWED), (S.RETURNED,), (R.LEADER, R.CHIEF), "2.9", "arrow-return-left"),
    Transition(AnalysisVerb.REOPEN, AnalysisVerb.REOPEN.label, (S.SIGNED,), (S.DRAFT,), (R.LEADER, R.CHIEF), "2.9", "arrow-counterclockwise"),
)  # fmt: skip

# Which role of the district holds the pen in a state.
PEN = {
    S.DRAFT: Role.CLERK,
    S.RETURNED: Role.CLERK,
    S.SUBMITTED: Role.LEADER,
    S.REVIEWED: Role.CHIEF,
}

STEPS: tuple[tuple[object, frozenset[str]], ...] = (
    (_("起草"), frozenset(DRAFT_STATES)),
    (_("分管领导审"), frozenset({S.SUBMITTED})),
    (_("主要领导签"), frozenset({S.REVIEWED})),
    (_("签发"), END_STATES),
)


class Part(TextChoices):
    """The sections of the paper, in their order (domain 2.9, D6)."""

    OVERVIEW = "overview", _("总体情况")
    TREND = "trend", _("数据趋势")
    COMMON = "common", _("共性问题")
    FRESH = "fresh", _("新问题")
    REPEATED = "repeated", _("重复企业")
    RISKS = "risks", _("风险预警")
    AGEING = "ageing", _("在办老化")
    TOWNS = "towns", _("镇街比较")
    REFLECTIONS = "reflections", _("调研心得")
    ADVICE = "advice", _("对策建议")
    PLAN = "plan", _("下季计划")


# Nothing is generated for these: a person writes them, and without them a paper is not sent on.
WRITTEN = (Part.ADVICE, Part.PLAN)
# A town is not compared with itself.
DISTRICT_ONLY = frozenset({Part.TOWNS})


def parts_of(*, of_district: bool) -> list[Part]:
    return [part for part in Part if of_district or part not in DISTRICT_ONLY]


class ReflectionState(TextChoices):
    DRAFT = "draft", pgettext_lazy("调研心得", "草稿")
    SUBMITTED = "submitted", pgettext_lazy("调研心得", "已交")
    RETURNED = "returned", pgettext_lazy("调研心得", "退回")


class ReflectionVerb(TextChoices):
    HAND_IN = "hand_in", _("交心得")
    RETURN = "return_back", _("退回心得")


class ReflectionRelation(TextChoices):
    AUTHOR = "author", _("作者")
    READER = "reader", _("分管领导、主要领导、督办岗")


REFLECTION_TRANSITIONS = table_of(
    Transition(ReflectionVerb.HAND_IN, ReflectionVerb.HAND_IN.label, (ReflectionState.DRAFT, ReflectionState.RETURNED), (ReflectionState.SUBMITTED,), (ReflectionRelation.AUTHOR,), "2.9", "send", usual=True),
    Transition(ReflectionVerb.RETURN, ReflectionVerb.RETURN.label, (ReflectionState.SUBMITTED,), (ReflectionState.RETURNED,), (ReflectionRelation.READER,), "2.9", "arrow-return-left"),
)  # fmt: skip

# A reflection is handed in within so many working days after the quarter.
HAND_IN_DAYS = 10
MOST_CHARACTERS = 10_000
