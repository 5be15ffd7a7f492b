"""Numbers that stand against a claim: four eyes, ceilings, once a year, the days of a publication."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.jinja import day as day_words
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User
from unionops.org.sealed import blind_index

from ..enums import Applicant, Relation
from ..models import Programme
from ..permissions import actors
from ..shapes import kind_of_case
from .enums import COMMITTED, UNCOUNTED, ClaimState
from .enums import ClaimVerb as V
from .models import Claim, committed_to, named_before
from .permissions import against_confirming
from .specials import special_of

PUBLICATION_DAYS = 5
# Who has done one of these may not do the other (domain 4.2: maker, checker and approver differ).
APART: dict[str, tuple[str, ...]] = {
    V.CHECK: ("registered_by",),
    V.VERIFY: ("registered_by",),
    V.AUDIT: ("registered_by", "checked_by", "verified_by"),
    V.APPROVE: ("registered_by", "checked_by", "verified_by", "audited_by"),
    V.PAY: ("approved_by",),
    V.PAY_AGAIN: ("approved_by",),
    V.CONFIRM_PAID: ("approved_by",),
    V.ACCOUNT: ("approved_by",),
}


def did(column: str) -> str:
    """What somebody has done already, in words."""
    return {
        "registered_by": _("登记"), "checked_by": _("初审"), "verified_by": _("核对"), "audited_by": _("经审"),
        "approved_by": _("审批"),
    }[column]  # fmt: skip


def against(user: User, row: Claim, verb: str) -> ActionError | None:
    # Where somebody else has checked it, whoever registered it may verify it.
    apart = () if verb == V.VERIFY and row.checked_by_id else APART.get(verb, ())
    for column in apart:
        if getattr(row, f"{column}_id") == user.pk:
            return NotAllowed(_("%(what)s的人不能再办这一步，请换一个人。") % {"what": did(column)})
    if verb == V.CONFIRM_PAID and (error := against_confirming(user, row.payments.all())):
        return error
    if verb == V.PUBLISH and (row.programme.is_confidential or row.applicant_kind == Applicant.ANONYMOUS):
        return InvalidTransition(_("保密和匿名的事不公示。"))
    if verb == V.ACCOUNT and row.state == ClaimState.PAUSED and not _ends_from_pause(row):
        return InvalidTransition(_("请先恢复，再办下一步。"))
    if verb == V.CLEAR:
        ends_on = row.publications.filter(stopped_on=None).values_list("ends_on", flat=True).first()
        if ends_on is not None and ends_on >= timezone.localdate():
            return InvalidTransition(_("公示到 %(day)s 才满，满了再结束。") % {"day": day_words(ends_on)})
    if verb == V.SETTLE_OBJECTION and row.objections.filter(upheld=None, by=user).exists():
        return NotAllowed(_("登记异议的人不能处理这个异议，请换一个人。"))
    special = special_of(row)
    return special.against(user, row, verb) if special else None


def _ends_from_pause(row: Claim) -> bool:
    """Whoever is paused may leave at once where leaving is what comes next; no approval or payment is passed over."""
    return kind_of_case(row).ahead(row.programme, ClaimState.VERIFIED) == V.ACCOUNT


def pen(row: Claim) -> None:
    """The town checks what happened there; an approval lies with the leader, above the ceiling with the chief."""
    kind, programme = kind_of_case(row), row.programme
    ahead = kind.ahead(programme, row.state)
    if not ahead:
        return
    named = actors(programme, ahead, kind.table[ahead].actors)
    if ahead == V.APPROVE and not {Relation.DESK, Relation.TOWN} & set(named):
        most = programme.limit("leader_ceiling")
        wanted = Decimal(row.reckoned.get("amount") or row.amount_asked)
        is_large = Relation.LEADER not in named or (most and wanted > Decimal(str(most)))
        row.holder_organisation_id, row.holder_role = None, Role.CHIEF if is_large else Role.LEADER
    elif ahead == V.AUDIT and Relation.AUDIT in named:
        row.holder_organisation_id = programme.audit_organisation_id
    elif ahead == V.CHECK and Relation.TOWN in named and row.town_id and not programme.is_confidential:
        row.holder_organisation_id = row.town_id


def check_can_be_counted(row: Claim) -> None:
    """Where there is so much a year for each person, a claim says whose it is."""
    if row.programme.limit("once_a_year") and row.applicant_kind == Applicant.PERSON and not row.identity_hash:
        raise ActionError(_("这个项目每年有次数，要写身份证号才能核对。"), field="identity")


def check_once_a_year(row: Claim, day: datetime.date) -> None:
    """Refuses the next claim of the same person or firm in the year; whoever calls holds the number series."""
    most = row.programme.limit("once_a_year")
    if not most or not (row.identity_hash or row.enterprise_id):
        return
    found = committed_to(row, {"registered_at__year": day.year}).exclude(state__in=UNCOUNTED)
    if found.count() >= int(most):
        first = found.select_related("town").first()
        raise ActionError(
            _("今年已经申领过：%(number)s，%(place)s。") % {"number": first.number if first else "", "place": place_of(first)},
            field="identity" if row.identity_hash else "enterprise_name", next_step=_("同一对象一年只办一次。"),
        )  # fmt: skip


def check_roster(row: Claim, people: Sequence[tuple[str, str]], day: datetime.date) -> None:
    """Refuses a roster with somebody who was on one so few years ago; whoever calls holds the number series.

    ``people`` are names and identity numbers as they were typed: only to say who it is, never kept.
    """
    years = int(row.programme.limit("roster_years") or 0)
    if not years or not row.roster:
        return
    before = named_before(row, row.roster, day.year - years + 1).first()
    if before is None:
        return
    on_it = set(before.roster)
    who = next((name for name, number in people if blind_index(number) in on_it), _("名册里有人"))
    raise ActionError(
        _("%(who)s在 %(number)s 的名册里，%(years)s 年一次，还没到。") % {"who": who, "number": before.number, "years": years},
        field="roster", next_step=_("请从名册里去掉，或换一个人。"),
    )  # fmt: skip


def place_of(row: Claim | None) -> str:
    town = row.town if row else None
    return (town.short_name or town.name) if town else _("区级")


def check_amount(row: Claim, amount: Decimal, *, by: User, held: frozenset[str], day: datetime.date) -> None:
    """The ceilings of a case and of a year, what was worked out, and who may approve so much.

    Approvals of a programme wait for each other here, so that two at once can't pass a ceiling together.
    """
    programme = Programme.objects.select_for_update(no_key=True).get(pk=row.programme_id)
    reckoned = row.reckoned.get("amount")
    if reckoned is not None and amount > Decimal(reckoned):
        raise ActionError(
            _("测算是 %(most)s 元，不能批得更多。") % {"most": f"{Decimal(reckoned):,.2f}"}, field="amount"
        )
    if (most := programme.limit("case_ceiling")) and amount > Decimal(str(most)):
        raise ActionError(_("每件最多 %(most)s 元。") % {"most": f"{Decimal(str(most)):,.2f}"}, field="amount")
    if most := programme.limit("year_ceiling"):
        had = committed_to(row, {"approved_at__year": day.year, "state__in": COMMITTED}).aggregate(sum=Sum("amount"))
        left = Decimal(str(most)) - (had["sum"] or 0)
        if amount > left:
            raise ActionError(
                _("一年最多 %(most)s 元，今年还能批 %(left)s 元。")
                % {"most": f"{Decimal(str(most)):,.2f}", "left": f"{max(left, Decimal(0)):,.2f}"},
                field="amount",
            )  # fmt: skip
    if (most := programme.limit("leader_ceiling")) and amount > Decimal(str(most)) and Relation.CHIEF not in held:
        raise NotAllowed(
            _("超过 %(most)s 元由主要领导审批。") % {"most": f"{Decimal(str(most)):,.2f}"},
            next_step=_("请主要领导在这一页审批。"),
        )
