"""May it be done now, whoever asks?"""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.joining import listed

from .enums import INCOMPATIBLE_ROLES, PARENT_KINDS, ROLE_KINDS, OrganisationKind, Role
from .errors import ActionError
from .models import Organisation, Posting, User


def words(choices: type[Role | OrganisationKind], values: set[str] | frozenset[str]) -> str:
    """The labels of some choices in their own order, for a sentence."""
    return listed(choice.label for choice in choices if choice.value in values)


def check_stands_below(kind: str, parent: Organisation) -> None:
    allowed = PARENT_KINDS[OrganisationKind(kind)]
    if parent.kind not in allowed:
        raise ActionError(
            _("%(kind)s应设在%(parents)s之下。")
            % {
                "kind": OrganisationKind(kind).label,
                "parents": words(OrganisationKind, {str(kind) for kind in allowed}),
            },
            field="parent",
        )


def check_role_fits(role: str, organisation: Organisation) -> None:
    allowed = ROLE_KINDS[Role(role)]
    if organisation.kind not in allowed:
        raise ActionError(
            _("“%(role)s”只能任职于%(kinds)s。")
            % {"role": Role(role).label, "kinds": words(OrganisationKind, {str(kind) for kind in allowed})},
            field="organisation",
            next_step=_("请改选角色，或改选单位。"),
        )


def check_open_on(organisation: Organisation, day: datetime.date) -> None:
    if organisation.valid_to is not None and organisation.valid_to < day:
        raise ActionError(
            _("%(organisation)s已于 %(day)s 停用。")
            % {"organisation": organisation, "day": organisation.valid_to.isoformat()},
            field="organisation",
        )


def overlapping(valid_from: datetime.date, valid_to: datetime.date | None) -> Q:
    """Postings that share a day with a period."""
    begun = Q(valid_from__lte=valid_to) if valid_to is not None else Q()
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))


def check_compatible(user: User, role: str, valid_from: datetime.date, valid_to: datetime.date | None) -> None:
    """Nobody holds two roles of one incompatible set on the same day, in whatever district."""
    barred = {other for group in INCOMPATIBLE_ROLES if role in group for other in group if other != role}
    held = Posting.objects.filter(overlapping(valid_from, valid_to), user=user, role__in=barred).first()
    if held is not None:
        raise ActionError(
            _("%(user)s同期任%(held)s，不能兼任%(role)s：管账号的人不能兼管审计日志。")
            % {"user": user, "held": held.get_role_display(), "role": Role(role).label},
            field="role",
            next_step=_("请先结束原来的任职，或换一个人。"),
        )


def check_administrator_remains(leaving: User, district_id: int, *, after: datetime.date) -> None:
    """Somebody else who can sign in must stay administrator of the district beyond the day."""
    today = timezone.localdate()
    others = Posting.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=max(after, today)),
        organisation=district_id,
        role=Role.ADMIN,
        valid_from__lte=max(after, today) + datetime.timedelta(days=1),
        user__is_active=True,
    ).exclude(user=leaving)
    if not others.exists():
        raise ActionError(_("这是本区最后一位系统管理员。"), next_step=_("请先让另一个人任系统管理员，再办这一步。"))
