"""Whose work an exchange is about: the towns and officers of its group during its month."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q

from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import Organisation, Posting, User

from .models import Exchange, ExchangeGroup, GroupMember


@dataclass(frozen=True)
class Circle:
    """``is_all`` is a district without groups: every town and every officer."""

    is_all: bool
    towns: tuple[int, ...]
    officers: tuple[int, ...]


def _overlapping(first: datetime.date, last: datetime.date) -> Q:
    return Q(valid_from__lte=last) & (Q(valid_to__isnull=True) | Q(valid_to__gte=first))


def circle(district_id: int, group: ExchangeGroup | None, first: datetime.date, last: datetime.date) -> Circle:
    """A town brings its officers, an officer the towns of the posting, as they were on any day between the two."""
    posts = Posting.objects.filter(
        _overlapping(first, last), role=Role.LIAISON, organisation__district=district_id, user__is_active=True
    )
    if group is None:
        towns = Organisation.objects.filter(district=district_id, kind=OrganisationKind.TOWN).valid_on(last)
        users = posts.values_list("user", flat=True)
        return Circle(True, tuple(towns.values_list("pk", flat=True)), tuple(sorted(set(users))))
    members = list(GroupMember.objects.filter(group=group).within(first, last).values_list("user", "town"))
    people = {user for user, _town in members if user}
    places = {town for _user, town in members if town}
    rows = list(posts.filter(Q(user__in=people) | Q(organisation__in=places)).values_list("user", "organisation"))
    towns_found = places | {place for user, place in rows if user in people}
    return Circle(False, tuple(sorted(towns_found)), tuple(sorted(people | {user for user, _place in rows})))


def circle_of(exchange: Exchange) -> Circle:
    return circle(exchange.district_id, exchange.group, exchange.period.first, exchange.period.last)


def reader_of(exchange: Exchange) -> User | None:
    """Through whose eyes the figures are taken: the chair, else anybody who sees the whole district."""
    chair = exchange.chair
    if exchange.district_id in chair.scope.districts:
        return chair
    for role in (Role.LEADER, Role.CHIEF, Role.CLERK):
        if found := User.objects.posted(role, exchange.district_id).order_by("pk").first():
            return found
    return None
