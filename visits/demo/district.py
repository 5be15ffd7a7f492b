"""The district of the demo: its towns, departments, firms, people and who is posted where."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from unionops.china.phones import mask_phone
from unionops.org.enums import OrganisationKind, Role, SizeClass
from unionops.org.events import event_of
from unionops.org.models import Contact, Enterprise, Event, KeyListEntry, Organisation, Posting, User

from ..imports.founding import plant
from ..models import Category, Route
from . import names

SINCE = datetime.date(2023, 4, 1)
DISTRICT = "越城区总工会"
KEY_ENTERPRISES = 87
OTHER_ENTERPRISES = 45
LIAISONS = 23
# One visit a week beside other work; the cadre of the demo does nothing else and visits four firms (domain C01).
QUOTA, QUOTAS = 1, {"cadre": 4}
# Of the usual office: three stations of the cadre whom the demo signs in as.
CADRE_TOWNS = ("斗门街道", "马山街道")
DEPARTMENTS = ("办公室", "组宣部", "权保部", "经济工作部", "女工部", "财务部", "经审办", "职工服务中心", "工人文化宫")
CENTRE = "八字桥工作室"
AGENCIES = ("区人社局", "区应急管理局", "区人民法院", "区司法局", "区住建局", "区市场监管局")
ROUTES = {
    "ORG": "组宣部", "FUND": "财务部", "EMPL": "权保部", "WAGE": "权保部", "SKILL": "经济工作部", "SAFE": "经济工作部", "RECRUIT": "职工服务中心",
    "HARD": "职工服务中心", "SOCIAL": "女工部", "LAW": "权保部", "LAW-04": CENTRE, "MED": "职工服务中心", "CULT": "工人文化宫", "NEW": "组宣部",
    "CHILD": "女工部", "WOMAN": "女工部", "ENV": "权保部", "DEMO": "组宣部", "ENT": "经济工作部", "OTH": "办公室",
}  # fmt: skip


@dataclass
class Demo:
    """What the story of the demo is told with."""

    district: Organisation
    system: User
    pick: random.Random
    towns: list[Organisation] = field(default_factory=list)
    departments: dict[str, Organisation] = field(default_factory=dict)
    firms: list[Enterprise] = field(default_factory=list)
    contacts: dict[object, Contact] = field(default_factory=dict)
    key_firms: list[Enterprise] = field(default_factory=list)
    liaisons: list[User] = field(default_factory=list)
    # Town → the liaison officers stationed there.
    stationed: dict[int, list[User]] = field(default_factory=dict)
    # Department → who works there.
    staff: dict[int, list[User]] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    routes: dict[str, Organisation] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)

    def department_of(self, category: str) -> Organisation:
        return self.routes.get(category) or self.routes[category.partition("-")[0]]


def build_district(password: str, *, seed: int) -> Demo:
    pick = random.Random(seed)  # noqa: S311 -- the same district on every machine, nothing secret
    system = User.objects.system()
    demo = Demo(plant(OrganisationKind.DISTRICT, DISTRICT, None, by=system), system, pick)
    _plant_tree(demo)
    _hire(demo, password)
    _found_firms(demo)
    demo.categories = {category.code: category for category in Category.objects.all()}
    for code, name in ROUTES.items():
        demo.routes[code] = demo.departments[name]
        Route.objects.create(district=demo.district, category=demo.categories[code], department=demo.routes[code])
    return demo


def _plant_tree(demo: Demo) -> None:
    kinds = OrganisationKind
    for code, name in names.TOWNS:
        town = plant(kinds.TOWN, name, demo.district, by=demo.system)
        town.code, town.short_name, town.valid_from = code, name, SINCE
        town.aliases = [f"{name}总工会"]
        town.save(update_fields=["code", "short_name", "valid_from", "aliases"])
        demo.towns.append(town)
    for name in DEPARTMENTS:
        demo.departments[name] = plant(kinds.DEPARTMENT, name, demo.district, by=demo.system)
    demo.departments[CENTRE] = plant(kinds.MEDIATION_CENTRE, CENTRE, demo.district, by=demo.system)
    for name in AGENCIES:
        plant(kinds.AGENCY, name, demo.district, by=demo.system)
    plant(kinds.ALLIANCE, "越城区新业态工会联盟", demo.district, by=demo.system)
    for name in ("越城区物流行业工会联合会", "越城区建筑行业工会联合会", "越城区餐饮行业工会联合会"):
        plant(kinds.INDUSTRY_FEDERATION, name, demo.district, by=demo.system)


def _hire(demo: Demo, password: str) -> None:
    """One account of each role can sign in with the password of the demo; the others are colleagues in the story."""
    found = names.people(demo.pick, 80)
    used = iter(found)
    towns = {town.name: town for town in demo.towns}
    posts: list[tuple[str, str, list[Organisation], str]] = [
        ("cadre", Role.LIAISON, [towns[name] for name in CADRE_TOWNS], next(used)),
        ("leader", Role.LEADER, [demo.district], next(used)),
        ("chief", Role.CHIEF, [demo.district], next(used)),
        ("handler", Role.HANDLER, [demo.departments["权保部"]], next(used)),
        ("town", Role.TOWN, [towns["斗门街道"]], next(used)),
        ("clerk", Role.CLERK, [demo.district], next(used)),
        ("mediator", Role.MEDIATOR, [demo.departments[CENTRE]], next(used)),
        ("officer", Role.OFFICER, [demo.departments["职工服务中心"]], next(used)),
        ("auditor", Role.AUDITOR, [demo.district], next(used)),
        ("admin", Role.ADMIN, [demo.district], next(used)),
    ]
    stations = _stations(demo.towns)
    posts += [(f"liaison{n:02d}", Role.LIAISON, station, next(used)) for n, station in enumerate(stations, start=2)]
    posts += [
        (f"handler{n:02d}", Role.HANDLER, [department], next(used))
        for n, department in enumerate(demo.departments.values(), start=2)
        if department.kind == OrganisationKind.DEPARTMENT
    ]
    posts += [(f"town{n:02d}", Role.TOWN, [town], next(used)) for n, town in enumerate(demo.towns, start=2)]
    posts.append(("mediator02", Role.MEDIATOR, [demo.departments[CENTRE]], next(used)))
    _open_accounts(demo, posts, password)


def _stations(towns: list[Organisation]) -> list[list[Organisation]]:
    """22 colleagues: one in each town, and five who help where most firms are."""
    return [[town] for town in towns] + [[town] for town in towns[:5]]


def _open_accounts(demo: Demo, posts: list[tuple[str, str, list[Organisation], str]], password: str) -> None:
    # handler05 dispatches technical orders.
    shown = {
        "cadre",
        "chief",
        "leader",
        "handler",
        "handler05",
        "town",
        "clerk",
        "mediator",
        "officer",
        "auditor",
        "admin",
    }
    users = []
    for username, role, _places, name in posts:
        user = User(username=username, name=name, password=make_password(None))
        if role == Role.LIAISON:
            user.weekly_quota = QUOTAS.get(username, QUOTA)
        if username in shown:
            user.set_password(password)
        user.set_names()
        users.append(user)
    User.objects.bulk_create(users)
    events: list[Event] = []
    postings: list[Posting] = []
    for user, (username, role, places, _name) in zip(users, posts, strict=True):
        demo.people[username] = user
        events.append(_event(demo, user, "create", username=username, name=user.name))
        for place in places:
            postings.append(Posting(user=user, organisation=place, role=role, valid_from=SINCE))
            events.append(
                _event(
                    demo, user, "post", organisation=place.name, organisation_id=place.pk, role=role, valid_from=SINCE
                )
            )
            if role == Role.LIAISON:
                demo.stationed.setdefault(place.pk, []).append(user)
            elif role in (Role.HANDLER, Role.MEDIATOR, Role.OFFICER):
                demo.staff.setdefault(place.pk, []).append(user)
        if role == Role.LIAISON:
            demo.liaisons.append(user)
    Posting.objects.bulk_create(postings)
    Event.objects.bulk_create(events)


def _event(demo: Demo, user: User, verb: str, **data: object) -> Event:
    return event_of(user, verb, by=demo.system, district_id=demo.district.pk, data=data)


def _found_firms(demo: Demo) -> None:
    pick = demo.pick
    firms, contacts, entries = [], [], []
    for position, (name, industry, staff) in enumerate(names.firms(pick, KEY_ENTERPRISES + OTHER_ENTERPRISES)):
        # Every town has firms; the first half of the towns has more.
        town = demo.towns[position % len(demo.towns) if position < 85 else pick.randrange(len(demo.towns))]
        firm = Enterprise(
            district=demo.district, town=town, name=name, credit_code=names.credit_code(pick), size_class=_size(staff),
            industry=industry, staff_count=staff, member_count=round(staff * pick.uniform(0.55, 0.98)),
            address=f"{town.name}{pick.choice(('越西路', '环城路', '人民路', '平江路', '世纪街', '洋江路'))}{pick.randrange(3, 900)}号",
        )  # fmt: skip
        firm.set_names()
        firms.append(firm)
        contact = Contact(
            enterprise=firm, name=names.people(pick, 1)[0], position=pick.choice(("工会主席", "人事经理")), is_main=True
        )
        number = names.phone(pick)
        contact.put("phone", number, mask_phone(number))
        contacts.append(contact)
        if position < KEY_ENTERPRISES:
            entries.append(KeyListEntry(enterprise=firm, valid_from=SINCE))
            demo.key_firms.append(firm)
    Enterprise.objects.bulk_create(firms)
    Contact.objects.bulk_create(contacts)
    KeyListEntry.objects.bulk_create(entries)
    Event.objects.bulk_create(
        event_of(
            firm, "create", by=demo.system, data={"name": firm.name, "credit_code": firm.credit_code, "version": 1}
        )
        for firm in firms
    )
    demo.firms = firms
    demo.contacts = {contact.enterprise_id: contact for contact in contacts}


def _size(staff: int) -> str:
    return (
        SizeClass.LARGE
        if staff >= 300
        else SizeClass.MEDIUM
        if staff >= 100
        else SizeClass.SMALL
        if staff >= 20
        else SizeClass.MICRO
    )
