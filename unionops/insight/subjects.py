"""Whose own page a person may open: towns in one's care, one's department, one's own; the leaders' are all of the district."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import Organisation, Posting, User

ROUTES = {"town": "insight:town", "department": "insight:department", "cadre": "insight:cadre"}
DEPARTMENTS = (OrganisationKind.DEPARTMENT, OrganisationKind.MEDIATION_CENTRE)


def towns(user: User) -> QuerySet[Organisation]:
    scope = user.scope
    mine = Q(district__in=scope.districts) | Q(pk__in=scope.towns)
    return Organisation.objects.visible_to(user).filter(mine, kind=OrganisationKind.TOWN)


def departments(user: User) -> QuerySet[Organisation]:
    scope = user.scope
    mine = Q(district__in=scope.districts) | Q(pk__in=scope.departments)
    return Organisation.objects.visible_to(user).filter(mine, kind__in=DEPARTMENTS)


def cadres(user: User) -> QuerySet[User]:
    """Liaison officers of one's districts, of today or of before; for everybody else only oneself."""
    posts = Posting.objects.filter(user=OuterRef("pk"), role=Role.LIAISON)
    everywhere = Exists(posts.filter(organisation__district__in=user.scope.districts))
    oneself = Q(pk=user.pk if user.scope.has(Role.LIAISON) else None)
    return User.objects.visible_to(user).filter(Q(everywhere) | oneself)


def own(user: User) -> list[tuple[str, int, str]]:
    """(dimension, key, name) of the pages that are somebody's own."""
    scope = user.scope
    found = [("cadre", user.pk, user.name)] if scope.has(Role.LIAISON) else []
    places = (
        Organisation.objects.filter(pk__in=scope.towns | scope.departments) if scope.towns or scope.departments else ()
    )
    for place in places:
        if place.kind == OrganisationKind.TOWN:
            found.append(("town", place.pk, place.short_name or place.name))
        elif place.kind in DEPARTMENTS:
            found.append(("department", place.pk, place.short_name or place.name))
    return found


def may_open(user: User, dimension: str, key: str) -> bool:
    """Whether the name of a bar leads to a page of its own; the page itself decides again."""
    scope = user.scope
    if dimension not in ROUTES or not key.isdecimal():
        return False
    if scope.districts:
        return True
    return int(key) in {"town": scope.towns, "department": scope.departments, "cadre": {user.pk}}[dimension]


def url(dimension: str, key: object, query: dict[str, str] | None = None) -> str:
    address = reverse(ROUTES[dimension], args=[key])
    return f"{address}?{urlencode(query)}" if query else address
