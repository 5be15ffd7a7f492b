"""Forms of their own pages: calling an exchange, arranging it, its agenda, its minutes, the groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.reference import Colleague, colleagues
from unionops.insight.periods import Kind, containing
from unionops.org.enums import CASE_ROLES
from unionops.org.forms.fields import Day, Text, keep_version
from unionops.org.models import Organisation, User
from visits.forms.steps import paragraph
from visits.models import Issue

from ..actions.agenda import OPEN_SECTIONS
from ..enums import Section
from ..models import AgendaItem, Exchange, ExchangeGroup
from ..queries import leaders
from .steps import MINUTE, moment_field

# An exchange can be called for this month and so many before it.
MONTHS = 3


class Folk(forms.CheckboxSelectMultiple):
    """People by name, with where they work and how they are found (components/forms.html, `folk`)."""

    def __init__(self) -> None:
        super().__init__()
        self.details: dict[str, tuple[str, str]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["place"], option["keys"] = self.details.get(str(value), ("", ""))
        return option


class PeopleField(forms.TypedMultipleChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, widget=Folk(), **options)

    def fill(self, rows: Sequence[tuple[int, str, str, str]]) -> None:
        self.choices = [(pk, name) for pk, name, _place, _keys in rows]
        self.widget.details = {str(pk): (place, keys) for pk, _name, place, keys in rows}


class CallForm(forms.Form):
    month = forms.ChoiceField(label=_("月份"))
    group = forms.TypedChoiceField(label=_("走访组"), required=False, coerce=int, empty_value=None)
    planned_at = moment_field(_("计划时间"), required=False)
    place = Text(label=_("地点"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, groups: Sequence[ExchangeGroup]) -> None:
        super().__init__(data)
        self.groups = {group.pk: group for group in groups}
        months, day = [], timezone.localdate()
        for _n in range(MONTHS):
            month = containing(day, Kind.MONTH)
            months.append((month.first.isoformat(), month.label))
            day = month.before().last
        self.fields["month"].choices = months  # type: ignore[attr-defined]
        if groups:
            self.fields["group"].choices = [(group.pk, group.name) for group in groups]  # type: ignore[attr-defined]
            self.fields["group"].required = True
        else:
            del self.fields["group"]

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        first = containing(timezone.datetime.fromisoformat(found["month"]).date(), Kind.MONTH).first  # type: ignore[attr-defined]
        return {**found, "month": first, "group": self.groups.get(found.get("group") or 0)}


class ArrangeForm(forms.Form):
    chair = forms.TypedChoiceField(label=_("主持人"), coerce=int)
    planned_at = moment_field(_("计划时间"), required=False)
    place = Text(label=_("地点"), max_length=60, required=False)
    people = PeopleField(label=_("请谁参加"), required=False)
    guests = Text(
        label=_("列席"), max_length=200, required=False, help_text=_("没有账号的人，例如企业代表、联动单位。")
    )

    def __init__(self, data: Any = None, *, exchange: Exchange) -> None:
        asked = list(exchange.attendance.select_related("user"))
        initial = {
            "chair": exchange.chair_id, "place": exchange.place, "guests": exchange.guests,
            "planned_at": timezone.localtime(exchange.planned_at).strftime(MINUTE) if exchange.planned_at else None,
            "people": [row.user_id for row in asked],
        }  # fmt: skip
        super().__init__(data, initial=initial)
        found = leaders(exchange.district_id)
        if exchange.chair_id not in dict(found):
            found = [(exchange.chair_id, exchange.chair.name), *found]
        self.fields["chair"].choices = found  # type: ignore[attr-defined]
        rows = colleagues(exchange.district_id, CASE_ROLES)
        known = {pk for pk, *_rest in rows}
        rows += [Colleague(row.user_id, row.user.name, "", row.user.name) for row in asked if row.user_id not in known]
        # Those who come stand first.
        coming = {row.user_id for row in asked}
        self.fields["people"].fill(sorted(rows, key=lambda row: row[0] not in coming))  # type: ignore[attr-defined]
        if exchange.held_at:
            del self.fields["planned_at"]

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        people = User.objects.in_bulk([found["chair"], *found["people"]])
        return {**found, "chair": people[found["chair"]], "people": [people[pk] for pk in found["people"]]}


class ItemForm(forms.Form):
    section = forms.ChoiceField(label=_("放在哪一部分"))
    title = Text(label=_("议题"), max_length=200)
    issue = Text(
        label=_("诉求编号"), max_length=20, required=False, help_text=_("要议的是一件诉求时填，例如 S26-0871。")
    )
    text = paragraph(_("说明"), 2000, required=False)

    def __init__(self, data: Any = None, *, user: User, exchange: Exchange, section: str = "") -> None:
        super().__init__(data, initial={"section": section if section in OPEN_SECTIONS else Section.FOCUS})
        self.user, self.exchange = user, exchange
        self.fields["section"].choices = [(one.value, one.label) for one in OPEN_SECTIONS]  # type: ignore[attr-defined]

    def clean_issue(self) -> Issue | None:
        number = self.cleaned_data["issue"].strip().upper()
        if not number:
            return None
        found = Issue.objects.visible_to(self.user).filter(district=self.exchange.district_id, number=number).first()
        if found is None:
            raise forms.ValidationError(_("没有编号为 %(number)s 的诉求。"), params={"number": number})
        return found


class ItemTextForm(forms.Form):
    title = Text(label=_("议题"), max_length=200)
    text = paragraph(_("说明"), 2000, 5, required=False)

    def __init__(self, data: Any = None, *, item: AgendaItem) -> None:
        super().__init__(data, initial={"title": item.title, "text": item.text})
        keep_version(self, item.version)
        if item.key is not None:
            del self.fields["title"]


class MinutesForm(forms.Form):
    """Attendance, what was said to each item of the agenda, and the sum of it."""

    def __init__(self, data: Any = None, *, exchange: Exchange, items: Sequence[AgendaItem]) -> None:
        asked = list(exchange.attendance.select_related("user"))
        notes = {f"note-{item.pk}": item.note for item in items}
        initial = {
            "present": [row.user_id for row in asked if row.present], "guests": exchange.guests, "summary": exchange.summary,
            **notes,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.items = list(items)
        self.fields["present"] = PeopleField(label=_("到会的人"), required=False)
        posts = {pk: (place, keys) for pk, _name, place, keys in colleagues(exchange.district_id, CASE_ROLES)}
        self.fields["present"].fill(  # type: ignore[attr-defined]
            [(row.user_id, row.user.name, *posts.get(row.user_id, ("", row.user.name))) for row in asked]
        )
        self.fields["guests"] = Text(label=_("列席"), max_length=200, required=False)
        for item in items:
            self.fields[f"note-{item.pk}"] = paragraph(_("会议记录"), 5000, 2, required=False)
        self.fields["summary"] = paragraph(_("会议小结"), 5000, 4, required=False)

    def facts(self) -> dict[str, Any]:
        """Each fact by itself, as the timeline names it."""
        found = dict(self.cleaned_data)
        return {**found, "present": sorted(found["present"])}

    def arguments(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "notes": {item.pk: found[f"note-{item.pk}"] for item in self.items}, "summary": found["summary"],
            "present": found["present"], "guests": found["guests"],
        }  # fmt: skip


class GroupForm(forms.Form):
    name = Text(label=_("组名"), max_length=40)
    leader = forms.TypedChoiceField(label=_("分管领导"), coerce=int)
    is_active = forms.BooleanField(label=_("使用中"), required=False, help_text=_("停用后不再准备月交流，过去的都在。"))

    def __init__(self, data: Any = None, *, district_id: int, group: ExchangeGroup | None = None) -> None:
        initial = {"name": group.name, "leader": group.leader_id, "is_active": group.is_active} if group else {}
        super().__init__(data, initial=initial)
        found = leaders(district_id)
        if group is not None and group.leader_id not in dict(found):
            found = [(group.leader_id, group.leader.name), *found]
        self.fields["leader"].choices = found  # type: ignore[attr-defined]
        if group is None:
            del self.fields["is_active"]

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "leader": User.objects.get(pk=self.cleaned_data["leader"])}


class MemberForm(forms.Form):
    """One officer or one town."""

    town = forms.TypedChoiceField(label=_("镇街"), required=False, coerce=int, empty_value=None)
    user = forms.TypedChoiceField(label=_("或者一名驻联干部"), required=False, coerce=int, empty_value=None)
    valid_from = Day(label=_("从哪天起"))
    valid_to = Day(label=_("到哪天"), required=False)

    def __init__(
        self, data: Any = None, *, towns: Sequence[tuple[int, str]], officers: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(data, initial={"valid_from": timezone.localdate().replace(day=1)})
        self.fields["town"].choices = [("", _("请选择")), *towns]  # type: ignore[attr-defined]
        self.fields["user"].choices = [("", _("请选择")), *officers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if not self.errors and bool(found.get("town")) == bool(found.get("user")):
            self.add_error("town", _("请选一个镇街，或者一名驻联干部。"))
        return found

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        town, user = found.pop("town"), found.pop("user")
        return {
            **found, "town": Organisation.objects.get(pk=town) if town else None,
            "user": User.objects.get(pk=user) if user else None,
        }  # fmt: skip


class EndForm(forms.Form):
    on = Day(label=_("最后一天"))
