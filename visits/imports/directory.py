"""What a district knows, in the form in which ledgers are recognised against it."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q

from unionops.org.enums import DEPARTMENT_ROLES, OrganisationKind, Role
from unionops.org.models import Enterprise, Organisation, Posting

from ..ledger import Directory
from ..models import Category

# Whoever was stationed in a town, or worked in a department, may stand in a ledger as the visitor.
_VISITED_AS = {Role.LIAISON, Role.TOWN, Role.LEADER, Role.CHIEF, Role.CLERK} | DEPARTMENT_ROLES
_DEPARTMENT_KINDS = (OrganisationKind.DEPARTMENT, OrganisationKind.MEDIATION_CENTRE)


def directory_of(district: Organisation) -> Directory:
    directory = Directory()
    fill(directory, district)
    return directory


def fill(directory: Directory, district: Organisation) -> None:
    """Everything by its key: also what has ended, because ledgers tell of the past."""
    below = Organisation.objects.filter(district=district).order_by("pk")
    for pk, kind, name, short_name, aliases in below.values_list("pk", "kind", "name", "short_name", "aliases"):
        if kind == OrganisationKind.TOWN:
            directory.add_town(pk, name, [short_name, *aliases] if short_name else aliases)
        elif kind in _DEPARTMENT_KINDS:
            directory.add_department(pk, name, [short_name, *aliases] if short_name else aliases)
    for name, code in Category.objects.filter(is_active=True).order_by("parent", "pk").values_list("name", "code"):
        directory.add_subject(name, code)
    firms = Enterprise.objects.filter(district=district).order_by("pk")
    columns = firms.values_list("pk", "name", "credit_code", "town", "aliases")
    for key, firm, credit_code, town, aliases in columns.iterator():
        directory.add_firm(key, firm, credit_code or "", town, aliases)
    _add_cadres(directory, district)


def _add_cadres(directory: Directory, district: Organisation) -> None:
    """People once each, with all towns in which they ever were; liaison officers alone where names are shared."""
    posts = Posting.objects.filter(Q(organisation__district=district) | Q(organisation=district), role__in=_VISITED_AS)
    places: dict[tuple[int, str], set[int]] = defaultdict(set)
    stationed: set[int] = set()
    for user, name, organisation, role in posts.values_list("user", "user__name", "organisation", "role"):
        places[user, name].add(organisation)
        if role == Role.LIAISON:
            stationed.add(user)
    liaison_names = {name for user, name in places if user in stationed}
    for (user, name), towns in sorted(places.items()):
        if user in stationed or name not in liaison_names:
            directory.add_cadre(user, name, towns)
