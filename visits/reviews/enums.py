"""Choices of the annual review, and its two transition tables (domain 2.9, C07, C63, D7, D8)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of
from unionops.org.enums import Role


class Kind(TextChoices):
    """What a scheme judges: people and organisations by figures, submissions by reviewers."""

    CADRE = "cadre", _("驻联干部")
    TOWN = "town", _("镇街")
    DEPARTMENT = "department", _("科室")
    RESEARCH = "research", _("调研成果")
    SUGGESTION = "suggestion", _("合理化建议")


APPRAISED = (Kind.CADRE, Kind.TOWN, Kind.DEPARTMENT)
SUBMITTED = (Kind.RESEARCH, Kind.SUGGESTION)
SUBMISSION_CHOICES = [(kind.value, kind.label) for kind in SUBMITTED]


class Grade(TextChoices):
    EXCELLENT = "excellent", pgettext_lazy("等次", "优秀")
    GOOD = "good", pgettext_lazy("等次", "良好")
    PASS = "pass", pgettext_lazy("等次", "合格")
    FAIL = "fail", pgettext_lazy("等次", "不合格")
    # Nothing could be counted.
    NONE = "none", pgettext_lazy("等次", "不评等次")


class Award(TextChoices):
    FIRST = "first", _("一等奖")
    SECOND = "second", _("二等奖")
    THIRD = "third", _("三等奖")
    NONE = "none", pgettext_lazy("奖项", "未获奖")


class ReviewState(TextChoices):
    PREPARING = "preparing", pgettext_lazy("年评议", "筹备")
    OPEN = "open", pgettext_lazy("年评议", "申报")
    SCORING = "scoring", pgettext_lazy("年评议", "评审")
    RESULTS = "results", pgettext_lazy("年评议", "结果待审")
    PUBLISHED = "published", pgettext_lazy("年评议", "公示")
    FINAL = "final", pgettext_lazy("年评议", "定案")


S = ReviewState
REVIEW_END = frozenset({S.FINAL})
# What everybody in the district may read, and what only those who see the whole district may.
PUBLIC_STATES = frozenset({S.PUBLISHED, S.FINAL})
SETTLED_STATES = frozenset({S.RESULTS, S.PUBLISHED, S.FINAL})


class Relation(TextChoices):
    """How a person stands to a review or a submission; permissions.py decides."""

    KEEPER = "keeper", _("回访督办岗或分管领导")
    LEADER = "leader", _("分管领导")
    AUTHOR = "author", pgettext_lazy("年评议", "作者")


R = Relation


class ReviewVerb(TextChoices):
    OPEN = "open", _("开始申报")
    START = "start_scoring", _("转入评审")
    SETTLE = "settle", _("算出结果")
    PUBLISH = "publish", _("公示")
    CONFIRM = "confirm", _("定案")
    REOPEN = "reopen", _("退回评审")


V = ReviewVerb
# The office's order (domain 2.9): indicators are fixed before anybody is measured, results are public before they count.
REVIEW_TRANSITIONS = table_of(
    Transition(V.OPEN, V.OPEN.label, (S.PREPARING,), (S.OPEN,), (R.KEEPER,), "2.9", "megaphone", usual=True),
    Transition(V.START, V.START.label, (S.OPEN,), (S.SCORING,), (R.KEEPER,), "2.9", "clipboard-check", usual=True),
    Transition(V.SETTLE, V.SETTLE.label, (S.SCORING,), (S.RESULTS,), (R.KEEPER,), "2.9", "calculator", usual=True),
    Transition(V.PUBLISH, V.PUBLISH.label, (S.RESULTS,), (S.PUBLISHED,), (R.LEADER,), "2.9", "megaphone", usual=True),
    Transition(V.CONFIRM, V.CONFIRM.label, (S.PUBLISHED,), (S.FINAL,), (R.LEADER,), "2.9", "patch-check", usual=True),
    Transition(V.REOPEN, V.REOPEN.label, (S.RESULTS, S.PUBLISHED, S.FINAL), (S.SCORING,), (R.LEADER,), "2.9", "arrow-counterclockwise"),
)  # fmt: skip

STEPS: tuple[tuple[str, object, str], ...] = (
    ("prepare", _("定办法"), S.PREPARING),
    ("submit", pgettext_lazy("年评议", "申报"), S.OPEN),
    ("score", pgettext_lazy("年评议", "评审"), S.SCORING),
    ("settle", _("出结果"), S.RESULTS),
    ("publish", pgettext_lazy("年评议", "公示"), S.PUBLISHED),
    ("confirm", pgettext_lazy("年评议", "定案"), S.FINAL),
)

ROLE_OF_STATE = {
    S.PREPARING: Role.CLERK,
    S.OPEN: Role.CLERK,
    S.SCORING: Role.CLERK,
    S.RESULTS: Role.LEADER,
    S.PUBLISHED: Role.LEADER,
}


class SubmissionState(TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("退回")
    WITHDRAWN = "withdrawn", pgettext_lazy("年评议", "已撤回")


T = SubmissionState
SUBMISSION_END = frozenset({T.WITHDRAWN})
# While the authors may still change it.
EDITABLE = frozenset({T.DRAFT, T.RETURNED})


class SubmissionVerb(TextChoices):
    SUBMIT = "submit", _("提交")
    RETURN = "return_back", pgettext_lazy("年评议", "退回修改")
    WITHDRAW = "withdraw", pgettext_lazy("年评议", "撤回")


W = SubmissionVerb
SUBMISSION_TRANSITIONS = table_of(
    Transition(W.SUBMIT, W.SUBMIT.label, (T.DRAFT, T.RETURNED), (T.SUBMITTED,), (R.AUTHOR,), "D8", "send", usual=True),
    Transition(W.RETURN, W.RETURN.label, (T.SUBMITTED,), (T.RETURNED,), (R.KEEPER,), "D8", "arrow-return-left"),
    Transition(W.WITHDRAW, W.WITHDRAW.label, (T.DRAFT, T.SUBMITTED, T.RETURNED), (T.WITHDRAWN,), (R.AUTHOR,), "D8", "slash-circle"),
)  # fmt: skip

KEEPING_ROLES = (Role.CLERK, Role.LEADER)

TERM_COMMENTS = "review.comments"
# A result is open to objections for at least this many working days.
LEAST_COMMENT_DAYS = 5
# Fewer reviewers are no blind judgement; from TRIM_FROM scores on the highest and the lowest are left out.
LEAST_REVIEWERS = 3
TRIM_FROM = 5
