"""The rows that the figures of disputes count: who sees them, how they are divided and how their list looks."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Case as SqlCase
from django.db.models import CharField, Exists, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.subjects import url_of
from unionops.casework.transitions import Text
from unionops.insight.dimensions import Dimension, is_key, of_choices, register
from unionops.insight.indicators import Asked, Column, Rows
from unionops.jinja import short_day
from unionops.org.models import Organisation, User

from .causes import Cause, Group, of_group
from .enums import SUCCESSFUL, DisputeState, Outcome, Source
from .models import Dispute, Obligation

# The words of the statute are too long for the side of a bar.
GROUPS: dict[str, Text] = {
    Group.RELATION: Group.RELATION.label, Group.CONTRACT: _("合同订立解除"), Group.DISMISSAL: _("辞退离职"),
    Group.CONDITIONS: _("工时社保福利"), Group.MONEY: _("报酬工伤补偿"), Group.OTHER: _("其他劳动争议"),
    Group.NEW: _("新就业形态"), Group.OUTSIDE: Group.OUTSIDE.label,
}  # fmt: skip


def declare() -> None:
    register(
        Dimension("centre", _("调解中心"), _centre_names, is_key),
        Dimension("mediator", _("首席调解员"), _people_names, is_key),
        of_choices("cause_group", _("案由大类"), GROUPS),
        of_choices("cause", _("案由"), dict(Cause.choices)),
        of_choices("dispute_source", _("争议来源"), dict(Source.choices)),
        of_choices("dispute_outcome", _("调解结果"), dict(Outcome.choices)),
        of_choices("is_collective", _("集体争议"), {"true": _("是"), "false": _("否")}),
        of_choices(
            "dispute_stage",
            _("争议走到哪一步"),
            {
                "waiting": _("待受理"), "mediating": _("调解中"), "performing": _("待履行"), "other": _("没有达成协议"),
                "performed": _("已履行或和解"),
            },
        ),
    )  # fmt: skip


def _centre_names(user: User, values: Collection[str]) -> Mapping[str, str]:
    rows = Organisation.objects.visible_to(user).filter(pk__in=values).values_list("pk", "short_name", "name")
    return {str(pk): short or name for pk, short, name in rows}


def _people_names(user: User, values: Collection[str]) -> Mapping[str, str]:
    rows = User.objects.visible_to(user).filter(pk__in=values).values_list("pk", "name")
    return {str(pk): name for pk, name in rows}


def group_of(path: str) -> Combinable:
    """The statutory group of the working code that stands at a path."""
    whens = [When(**{f"{path}__in": of_group(group)}, then=Value(group)) for group in Group.values]
    return SqlCase(*whens, default=Value(""), output_field=CharField())


def unperformed(asked: Asked) -> Exists:
    """Whether something that the agreement in force lays down was still owed at the cut-off."""
    owed = Q(fulfilled_on=None) | Q(fulfilled_on__gt=asked.at)
    return Exists(Obligation.objects.standing().filter(owed, agreement__dispute=OuterRef("pk")))


def succeeded(asked: Asked) -> Q:
    return Q(outcome__in=SUCCESSFUL, ended_on__lte=asked.at)


def stage(asked: Asked) -> Combinable:
    """How far a case had come at the cut-off."""
    ended = Q(ended_on__lte=asked.at)
    return SqlCase(
        When(succeeded(asked) & ~unperformed(asked), then=Value("performed")),
        When(succeeded(asked), then=Value("performing")),
        When(ended, then=Value("other")),
        When(accepted_on__lte=asked.at, then=Value("mediating")),
        default=Value("waiting"),
        output_field=CharField(),
    )


def _text(value: object) -> str:
    return str(value or "—")


_STATES, _CAUSES = dict(DisputeState.choices), dict(Cause.choices)

DISPUTES = Rows(
    code="dispute",
    unit=pgettext_lazy("单位", "件"),
    model=Dispute,
    visible=Dispute.objects.visible_to,
    paths={
        "town": "town_id",
        "centre": "organisation_id",
        "mediator": "mediator_id",
        "cause_group": group_of("cause"),
        "cause": "cause",
        "dispute_source": "source",
        "is_collective": Cast("is_collective", CharField()),
        "dispute_outcome": "outcome",
    },
    columns=(
        Column(_("案号"), "number", css="num muted c-meta"),
        Column(_("争议"), "title", css="c-title"),
        Column(_("案由"), "cause", lambda value: _CAUSES.get(value, "—"), css="nw c-meta"),
        Column(_("调解中心"), "organisation__name", css="nw c-meta"),
        Column(_("受理"), "accepted_on", short_day, css="nw c-meta"),
        Column(_("状态"), "state", lambda value: _STATES.get(value, "—"), css="nw c-meta"),
        Column(_("结案"), "ended_on", short_day, css="nw c-meta"),
    ),
    order="registered_at",
    url=lambda pk: url_of("dispute", pk),
)

_CASE = "agreement__dispute__"
OBLIGATIONS = Rows(
    code="obligation",
    unit=pgettext_lazy("单位", "项"),
    model=Obligation,
    visible=lambda user: Obligation.objects.visible_to(user).standing(),
    paths={
        "town": f"{_CASE}town_id",
        "centre": f"{_CASE}organisation_id",
        "mediator": f"{_CASE}mediator_id",
        "cause_group": group_of(f"{_CASE}cause"),
        "cause": f"{_CASE}cause",
        "dispute_source": f"{_CASE}source",
        "is_collective": Cast(f"{_CASE}is_collective", CharField()),
    },
    columns=(
        Column(_("案号"), f"{_CASE}number", css="num muted c-meta"),
        Column(_("义务"), "what", css="c-title"),
        Column(_("义务人"), "debtor__name", css="nw c-meta"),
        Column(_("金额（元）"), "amount", _text, css="num c-meta"),
        Column(_("履行期限"), "due_on", short_day, css="nw c-meta"),
        Column(_("履行"), "fulfilled_on", short_day, css="nw c-meta"),
    ),
    order="due_on",
    url=lambda pk: url_of("dispute", pk),
    link=f"{_CASE}id",
)
