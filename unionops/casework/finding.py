"""The directory in the search: firms by name, alias, initials, pinyin and credit code; people by name and initials.

Numbers of people are not searched here: what is typed into this box stands in an address (trust 53).
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Enterprise, Person, User
from unionops.org.queries.directory import found_by
from unionops.org.queries.people import named

from .search import Hit, SearchSource, register_search


def find_enterprises(user: User, query: str, most: int) -> list[Hit]:
    rows = found_by(Enterprise.objects.visible_to(user), query).order_by("pinyin", "pk")
    return [
        Hit(name, " · ".join(filter(None, [town, code])), reverse("org:enterprise", args=[pk]))
        for pk, name, town, code in rows.values_list("pk", "name", "town__short_name", "credit_code")[:most]
    ]


def find_people(user: User, query: str, most: int) -> list[Hit]:
    rows = Person.objects.visible_to(user).filter(named(query)).order_by("pinyin", "pk")
    return [
        Hit(name, " · ".join(filter(None, [town, enterprise])), reverse("org:person", args=[pk]))
        for pk, name, town, enterprise in rows.values_list("pk", "name", "town__short_name", "enterprise__name")[:most]
    ]


def register_directory() -> None:
    register_search(SearchSource("enterprise", _("企业"), "building", 10, find_enterprises))
    register_search(SearchSource("person", _("人员"), "person", 40, find_people))
