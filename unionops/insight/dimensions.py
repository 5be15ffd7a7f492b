"""By what figures are divided: towns, people, kinds of firms. A value stands in the address as text, nothing as «none»."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from unionops.casework import reference
from unionops.casework.enums import Urgency
from unionops.casework.transitions import Text
from unionops.org.enums import Industry, Role, SizeClass
from unionops.org.models import Organisation, Posting, User

# The rows that have no value: an enterprise without a size, an issue without a department.
NONE = "none"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
KEY = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True)
class Dimension:
    """``names`` gives the words of some values in one statement, for what this person may know of; others have none.

    ``known`` says whether a text can be a value at all. A dimension with ``order`` lists its values so, others by figure.
    """

    code: str
    label: Text
    names: Callable[[User, Collection[str]], Mapping[str, str]]
    known: Callable[[str], bool]
    order: tuple[str, ...] = ()
    # What a filter offers to this person; empty where one filters by address only.
    choices: Callable[[User], Sequence[tuple[str, str]]] = lambda _user: ()


_dimensions: dict[str, Dimension] = {}


def register(*dimensions: Dimension) -> None:
    for dimension in dimensions:
        _dimensions[dimension.code] = dimension


def dimensions() -> list[Dimension]:
    return list(_dimensions.values())


def find(code: str) -> Dimension | None:
    return _dimensions.get(code)


def choices(code: str, user: User) -> Sequence[tuple[str, str]]:
    dimension = find(code)
    return dimension.choices(user) if dimension else ()


def is_key(value: str) -> bool:
    return bool(KEY.fullmatch(value))


def of_choices(code: str, label: Text, choices: Mapping[str, Text]) -> Dimension:
    """A dimension whose values are a fixed list of words, in the order of that list."""

    def names(_user: User, values: Collection[str]) -> dict[str, str]:
        return {value: str(choices[value]) for value in values if value in choices}

    return Dimension(code, label, names, choices.__contains__, tuple(choices))


def _organisations(user: User, values: Collection[str]) -> dict[str, str]:
    rows = Organisation.objects.visible_to(user).filter(pk__in=values).values_list("pk", "short_name", "name")
    return {str(pk): short or name for pk, short, name in rows}


def _towns(user: User) -> list[tuple[str, str]]:
    """The towns of the districts in which one works; a town that one does not see has no rows."""
    return [
        (str(unit.id), unit.short_name or unit.name)
        for district in sorted(user.scope.member_of)
        for unit in reference.towns(district)
    ]


def _departments(user: User) -> list[tuple[str, str]]:
    """For whoever sees the cases of a whole district."""
    return [
        (str(unit.id), unit.short_name or unit.name)
        for district in sorted(user.scope.districts)
        for unit in reference.departments(district)
    ]


def _cadres(user: User) -> list[tuple[str, str]]:
    """Liaison officers, also former ones: their figures stay."""
    return [one for district in sorted(user.scope.districts) for one in _cadres_of(district)]


def _cadres_of(district: int) -> list[tuple[str, str]]:
    def read() -> list[tuple[str, str]]:
        posts = Posting.objects.filter(role=Role.LIAISON, organisation__district=district)
        rows = User.objects.filter(pk__in=posts.values("user")).order_by("pinyin", "pk").values_list("pk", "name")
        return [(str(pk), name) for pk, name in rows]

    return reference.kept(f"cadres:{district}", read)


def _people(user: User, values: Collection[str]) -> dict[str, str]:
    rows = User.objects.visible_to(user).filter(pk__in=values).values_list("pk", "name")
    return {str(pk): name for pk, name in rows}


def _months(_user: User, values: Collection[str]) -> dict[str, str]:
    return {value: _("%(year)s 年 %(n)s 月") % {"year": value[:4], "n": int(value[5:])} for value in values}


register(
    Dimension("district", gettext_lazy("所属区"), _organisations, is_key),
    Dimension("town", gettext_lazy("镇街"), _organisations, is_key, choices=_towns),
    Dimension("department", gettext_lazy("主办科室"), _organisations, is_key, choices=_departments),
    Dimension("cadre", gettext_lazy("驻联干部"), _people, is_key, choices=_cadres),
    of_choices("urgency", gettext_lazy("缓急"), {str(value): label for value, label in Urgency.choices}),
    of_choices("size", gettext_lazy("企业规模"), dict(SizeClass.choices)),
    of_choices("industry", gettext_lazy("行业"), dict(Industry.choices)),
    of_choices(
        "new_employment",
        gettext_lazy("新就业形态"),
        {"true": pgettext_lazy("新就业形态", "是"), "false": pgettext_lazy("新就业形态", "否")},
    ),
    Dimension("month", gettext_lazy("月份"), _months, lambda value: bool(MONTH.fullmatch(value))),
)
