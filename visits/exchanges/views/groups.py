"""走访组: which groups there are, who is in them, and what follows from it."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.permissions import refusal
from unionops.casework.reference import towns
from unionops.insight.periods import Kind, containing
from unionops.joining import listed
from unionops.org.enums import Role
from unionops.org.errors import NotAllowed
from unionops.org.models import Enterprise, Event, Organisation, User
from unionops.org.views.answers import Step, again, data, done, person, step, tried, version
from visits.forms.visit_lists import officers

from ..actions import groups as actions
from ..circles import circle
from ..forms.meetings import EndForm, GroupForm, MemberForm
from ..models import ExchangeGroup
from ..models.exchanges import CHAIRING_ROLES
from ..permissions import check_keeps_groups
from ..timeline import entries


def keeps_in(user: User) -> int | None:
    """The district whose groups this person keeps."""
    posts = sorted(place for role, place in user.scope.posts if role in (*CHAIRING_ROLES, Role.ADMIN))
    return posts[0] if posts else None


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not user.scope.directory_of:
        raise NotAllowed(_("您的岗位不参加月交流。"))
    today = timezone.localdate()
    now = Q(members__valid_from__lte=today) & (Q(members__valid_to__isnull=True) | Q(members__valid_to__gte=today))
    rows = (
        ExchangeGroup.objects.visible_to(user)
        .select_related("leader")
        .annotate(
            towns=Count("members", filter=now & Q(members__town__isnull=False)),
            people=Count("members", filter=now & Q(members__user__isnull=False)),
        )
    )
    district = keeps_in(user)
    context = {"rows": rows, "may_keep": district is not None, "outside": _outside(user, today)}
    return render(request, "exchanges/groups.html", context)


def _outside(user: User, today: datetime.date) -> str:
    """Towns that no group talks about although there are groups: nobody would prepare their exchange."""
    found = []
    for district in sorted(user.scope.directory_of):
        inside: set[int] = set()
        current = list(ExchangeGroup.objects.filter(district=district).current())
        for one in current:
            inside |= set(circle(district, one, today, today).towns)
        if current:
            found += [unit.short_name or unit.name for unit in towns(district) if unit.id not in inside]
    return listed(found)


def _visible(request: HttpRequest, pk: int) -> ExchangeGroup:
    rows = ExchangeGroup.objects.visible_to(person(request)).select_related("leader", "district")
    return get_object_or_404(rows, pk=pk)


@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    today = timezone.localdate()
    context = {
        "group": shown,
        "may_keep": not refusal(check_keeps_groups, user, shown.district_id),
        "members": [
            {
                "pk": member.pk, "name": str(member), "is_town": member.town_id is not None, "from": member.valid_from,
                "to": member.valid_to, "is_over": bool(member.valid_to and member.valid_to < today),
            }
            for member in shown.members.select_related("user", "town")
        ],
        "effects": effects_of(shown),
        "firms": firms_of(user, shown),
        "exchanges": shown.exchanges.order_by("-month")[:12],
        "lines": entries(Event.objects.about("exchangegroup", shown.pk).select_related("by").order_by("-at", "-pk")[:40]),
    }  # fmt: skip
    return render(request, "exchanges/group.html", context)


def effects_of(shown: ExchangeGroup) -> list[tuple[str, str]]:
    """What follows from who is in the group today: whose work its next exchange tells of."""
    today = timezone.localdate()
    found = circle(shown.district_id, shown, today, today)
    names = Organisation.objects.filter(pk__in=found.towns).order_by("path")
    people = User.objects.filter(pk__in=found.officers).order_by("pinyin", "pk")
    month = containing(today, Kind.MONTH).label
    when = _("%(month)s的月交流，下月第一个工作日备好议程") % {"month": month}
    return [
        (_("下一次"), when if shown.is_active else _("已停用，不再准备")),
        (_("主持"), shown.leader.name),
        (_("统计的镇街"), listed(names) or "—"),
        (_("参会的驻联干部"), listed(people) or "—"),
    ]


def firms_of(user: User, shown: ExchangeGroup) -> list[dict[str, str]]:
    """The firms of each of its towns, as the directory lists them."""
    today = timezone.localdate()
    found = circle(shown.district_id, shown, today, today)
    rows = Enterprise.objects.visible_to(user).filter(town__in=found.towns).exclude(status="closed")
    counts = rows.order_by("town__path").values_list("town", "town__short_name", "town__name").annotate(n=Count("pk"))
    address = reverse("org:enterprises")
    return [{"town": short or name, "n": f"{n:,}", "url": f"{address}?town={town}"} for town, short, name, n in counts]


@require_http_methods(["GET", "HEAD", "POST"])
def group_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    district = keeps_in(user)
    if district is None:
        check_keeps_groups(user, 0)
    assert district is not None
    form = GroupForm(data(request), district_id=district)
    if form.is_bound and form.is_valid():
        place = Organisation.objects.get(pk=district)
        ok, made = tried(form, lambda: actions.create_group(place, by=user, **form.arguments()))
        if ok:
            said = _("%(name)s已建好，再把镇街和干部加进来。") % {"name": made.name}
            return done(request, said, reverse("exchanges:group", args=[made.pk]))
    has_groups = ExchangeGroup.objects.filter(district=district).current().exists()
    context = {"form": form, "group": None, "back": reverse("exchanges:groups"), "is_first": not has_groups}
    return again(request, "exchanges/group_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_keeps_groups(user, shown.district_id)
    form = GroupForm(data(request), district_id=shown.district_id, group=shown)
    back = reverse("exchanges:group", args=[shown.pk])
    if form.is_bound and form.is_valid():
        ok, _row = tried(form, lambda: actions.edit_group(shown, by=user, version=version(request), **form.arguments()))
        if ok:
            return done(request, _("已保存，从下一次月交流起算。"), back)
    return again(request, "exchanges/group_form.html", {"form": form, "group": shown, "back": back, "is_first": False})


@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_keeps_groups(user, shown.district_id)
    places = [(unit.id, unit.short_name or unit.name) for unit in towns(shown.district_id)]
    people = [(int(key), name) for key, name in officers(shown.district_id)]
    form = MemberForm(data(request), towns=places, officers=people)
    back = reverse("exchanges:group", args=[shown.pk])
    if form.is_bound and form.is_valid():
        ok, made = tried(form, lambda: actions.add_member(shown, by=user, **form.arguments()))
        if ok:
            return done(request, _("%(name)s已加入。") % {"name": str(made)}, back)
    return again(request, "exchanges/member.html", {"form": form, "group": shown, "back": back})


@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_keeps_groups(user, shown.district_id)
    found = get_object_or_404(shown.members.select_related("user", "town", "group"), pk=member)
    form = EndForm(data(request), initial={"on": timezone.localdate()})
    effects: list[tuple[Any, object]] = [(_("从"), found.valid_from.isoformat())]
    asked = Step(
        title=_("把%(name)s移出%(group)s") % {"name": str(found), "group": shown.name}, submit=_("移出"),
        back=reverse("exchanges:group", args=[shown.pk]), effects=effects,
        text=_("到这一天为止的走访和诉求仍算在这个组里。"),
    )  # fmt: skip
    return step(request, form, asked, lambda: actions.end_member(found, by=user, **form.cleaned_data), _("已移出。"))
