"""Administrators keep the categories and the table of which department answers for what; each change is recorded."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from unionops.casework.reference import drop
from unionops.org.actions.saving import change, lock
from unionops.org.enums import Role
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from ..models import Category, Route


def check_keeps_routing(user: User) -> int:
    """Return the district whose administrator this is."""
    district = next((organisation for role, organisation in user.scope.posts if role == Role.ADMIN), None)
    if district is None:
        raise NotAllowed(_("问题类别和分派规则由管理员维护。"))
    return district


@transaction.atomic
def save_category(category: Category | None, *, by: User, version: int | None = None, **fields: Any) -> Category:
    district = check_keeps_routing(by)
    if category is None:
        made = Category.objects.create(**fields)
        record_event(made, "create", by=by, data=fields, district_id=district)
    else:
        made = lock(category, version=version)
        changes = change(made, fields)
        if changes:
            made.save()
            record_event(made, "edit", by=by, data={"changes": changes}, district_id=district)
    drop("categories", "first_levels")
    return made


@transaction.atomic
def add_route(*, by: User, category: int, department: int, town: int | None = None) -> Route:
    """From now on issues of the category are suggested to the department; what was suggested before stays."""
    district = check_keeps_routing(by)
    units = Organisation.objects.filter(district=district).in_bulk([unit for unit in (department, town) if unit])
    if department not in units or (town and town not in units):
        raise ActionError(_("请选本区的科室和镇街。"), field="department")
    if Route.objects.filter(district=district, category=category, town=town).exists():
        raise ActionError(_("这个类别在这个范围已有分派规则，请先删除原来的。"), field="category")
    made = Route.objects.create(district_id=district, category_id=category, town_id=town, department_id=department)
    record_event(
        made, "create", by=by, data={"name": str(made.category), "department": str(units[department]), "town": str(units.get(town or 0, ""))},
    )  # fmt: skip
    return made


@transaction.atomic
def drop_route(route: Route, *, by: User) -> None:
    district = check_keeps_routing(by)
    if route.district_id != district:
        raise NotAllowed(_("这不是本区的规则。"))
    record_event(route, "remove", by=by, data={"name": str(route.category), "department": str(route.department)})
    route.delete()
