"""Who takes a case on: the mediators in the order of what they know and have in hand, and the seats of the other bodies."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Count, Q
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.joining import bracketed, listed
from unionops.org.enums import Industry, Role
from unionops.org.forms.fields import Text
from unionops.org.models import Posting, User

from ..actions.team import MemberDraft
from ..enums import (
    FEWEST_REPRESENTATIVES,
    MOST_REPRESENTATIVES,
    SMALLEST_PANEL,
    DisputeState,
    Side,
)
from ..models import Dispute, TeamMember
from ..policies import conflicts_of
from .asking import About, Asking, today
from .rows import SeatRows, meant


class AssignForm(Asking):
    """Mediators with what they have in hand and what keeps them from this case; the others in rows."""

    submit = gettext_lazy("指派")
    after = gettext_lazy("笔交给首席调解员，参加的人会收到通知")
    template = "disputes/_assign.html"
    rows_title = gettext_lazy("一起参加的人（金牌调解员、法官、仲裁员、工会代表、律师）")
    rows_more = gettext_lazy("再加一人")
    row_spans: ClassVar = {"user": 3, "seat": 3, "side": 3, "until": 3}
    lead = forms.TypedChoiceField(
        label=gettext_lazy("首席调解员"), coerce=int, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选首席调解员。")},
    )  # fmt: skip
    panel = forms.TypedMultipleChoiceField(
        label=gettext_lazy("同办调解员"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    recusal_checked = forms.BooleanField(
        label=gettext_lazy("已向每位调解员核对，没有应当回避的情形"), required=False
    )  # fmt: skip
    note = Text(label=gettext_lazy("说明"), max_length=1000, required=False)

    def fill(self) -> None:
        self.candidates = candidates(self.dispute)
        choices = [(one["pk"], one["name"]) for one in self.candidates]
        self.fields["lead"].choices = self.fields["panel"].choices = choices  # type: ignore[attr-defined]

    def make_rows(self, data: QueryDict | None) -> BaseFormSet[Any]:
        # The centre's own people too: a gold mediator of the centre sits at the table in that seat.
        return SeatRows(data, prefix="seat", form_kwargs={"people": people_of(self.dispute.district_id)})

    def about(self) -> About:
        if not self.dispute.is_collective:
            return []
        speaking = self.dispute.parties.speaking(today()).filter(side=Side.APPLICANT)
        elected = speaking.values_list("name", flat=True)
        return [
            (
                _("推举代表"),
                _("要 %(least)d 至 %(most)d 名，现有 %(count)d 名") % {
                    "least": FEWEST_REPRESENTATIVES, "most": MOST_REPRESENTATIVES, "count": len(elected),
                } + bracketed(listed(elected)),
            ),
            (_("调解小组"), _("集体争议至少指派 %(count)d 名调解员") % {"count": SMALLEST_PANEL}),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        against = {one["pk"]: one for one in self.candidates if one["conflicts"]}
        for name, picked in (("lead", [found.get("lead")]), ("panel", found.get("panel") or [])):
            for pk in picked:
                if pk in against:
                    words = {"name": against[pk]["name"], "reasons": listed(against[pk]["conflicts"])}
                    self.add_error(name, _("%(name)s应当回避：%(reasons)s。") % words + _("请改派其他调解员。"))
        return found

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        lead, panel = found.pop("lead"), found.pop("panel")
        mediators = [lead, *(pk for pk in panel if pk != lead)]
        others = meant(self.rows)
        known = User.objects.in_bulk({*mediators, *(row["user"] for row in others)})
        found["members"] = [
            *(MemberDraft(user=known[pk]) for pk in mediators),
            *(MemberDraft(user=known[row["user"]], seat=row["seat"], side=row["side"], until=row["until"]) for row in others),
        ]  # fmt: skip
        return found


IN_HAND = (DisputeState.MEDIATING, DisputeState.SUSPENDED, DisputeState.AGREED)


def candidates(dispute: Dispute) -> list[dict[str, Any]]:
    """The mediators of the centre, with the reasons for their order: whoever knows the trade, then the least busy.

    Whoever must stand back comes last. The trade is known from cases that ended: of this cause, of a firm of this
    industry.
    """
    posts = Posting.objects.on(today()).filter(
        organisation=dispute.organisation_id, role__in=[Role.MEDIATOR, Role.HEAD], user__is_active=True
    )
    users = list(User.objects.filter(pk__in=posts.values("user")).order_by("name", "pk"))
    against = conflicts_of(users, dispute)
    load = dict(
        TeamMember.objects.on(today())
        .mediating()
        .filter(user__in=users, ended_at=None, dispute__state__in=IN_HAND)
        .values_list("user")
        .annotate(Count("dispute", distinct=True))
        .order_by()
    )
    known = trade_of(users, dispute)
    found = [
        {
            "pk": user.pk, "name": user.name, "load": load.get(user.pk, 0), "conflicts": against[user.pk],
            "trade": known.get(user.pk, []),
        }
        for user in users
    ]  # fmt: skip
    return sorted(found, key=lambda one: (bool(one["conflicts"]), not one["trade"], one["load"]))


def trade_of(users: list[User], dispute: Dispute) -> dict[int, list[str]]:
    """{mediator: how many ended cases of this cause and of this industry, in words}, for whoever had any."""
    firms = dispute.parties.filter(enterprise__isnull=False).exclude(enterprise__industry="")
    industries = dict(Industry.choices)
    names = sorted(set(firms.values_list("enterprise__industry", flat=True)))
    rows = (
        TeamMember.objects.mediating()
        .filter(user__in=users, dispute__in=Dispute.objects.ended())
        .exclude(dispute=dispute)
        .order_by()
        .values_list("user")
        .annotate(
            of_cause=Count("dispute", filter=Q(dispute__cause=dispute.cause), distinct=True),
            of_trade=Count("dispute", filter=Q(dispute__parties__enterprise__industry__in=names), distinct=True),
        )
    )
    found: dict[int, list[str]] = {}
    for user, of_cause, of_trade in rows:
        words = []
        if of_cause:
            words.append(_("办结%(what)s %(count)d 件") % {"what": dispute.get_cause_display(), "count": of_cause})
        if of_trade:
            trade = listed(str(industries[name]) for name in names)
            words.append(_("办结%(what)s %(count)d 件") % {"what": trade, "count": of_trade})
        if words:
            found[user] = words
    return found


def people_of(district_id: int) -> list[tuple[int, str]]:
    """Whoever is posted in the district today, with where."""
    posts = (
        Posting.objects.on(today())
        .filter(organisation__district=district_id, user__is_active=True)
        .order_by("user__name", "user", "organisation__path")
        .values_list("user", "user__name", "organisation__short_name", "organisation__name")
    )
    found: dict[int, tuple[str, list[str]]] = {}
    for pk, name, short, whole in posts:
        found.setdefault(pk, (name, []))[1].append(short or whole)
    return [(pk, f"{name} · {listed(dict.fromkeys(places))}") for pk, (name, places) in found.items()]
