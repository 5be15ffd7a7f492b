"""Who has an account, who is posted where, who is locked out; and what is still missing on the first day."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionops.china.models import CalendarDay
from unionops.china.search import read_query

from ..enums import OrganisationKind, Role
from ..handover import handovers
from ..models import Enterprise, KeyListEntry, Organisation, Posting, User
from ..models.accounts import SYSTEM_USERNAME


class AccountRow(NamedTuple):
    user: User
    postings: list[Posting]


def accounts(user: User, wanted: Mapping[str, Any]) -> list[AccountRow]:
    """The accounts of one's districts with today's postings, in two statements: an office has a few hundred at most."""
    rows = User.objects.visible_to(user).exclude(username=SYSTEM_USERNAME)
    match wanted.get("state"):
        case "off":
            rows = rows.filter(is_active=False)
        case "" | None:
            rows = rows.filter(is_active=True)
    if wanted.get("q"):
        rows = rows.filter(_named(wanted["q"]))
    if wanted.get("role"):
        today = Posting.objects.on(timezone.localdate()).filter(user=OuterRef("pk"), role=wanted["role"])
        rows = rows.filter(Exists(today))
    found = list(rows.order_by("pinyin", "pk"))
    postings = postings_today(found, user)
    return [AccountRow(account, postings.get(account.pk, [])) for account in found]


def _named(text: str) -> Q:
    query = read_query(text)
    found = Q(name__icontains=query.text) | Q(username__icontains=query.text)
    if query.initials:
        found |= Q(initials__contains=query.initials)
    return found


def postings_today(users: Iterable[User], asker: User) -> dict[int, list[Posting]]:
    rows = Posting.objects.visible_to(asker).on(timezone.localdate()).filter(user__in=users)
    found: dict[int, list[Posting]] = defaultdict(list)
    for posting in rows.select_related("organisation").order_by("organisation__path", "role"):
        found[posting.user_id].append(posting)
    return found


def is_locked(account: User) -> bool:
    """Whether too many wrong passwords have come from some address within the time that a lock lasts."""
    since = timezone.now() - datetime.timedelta(hours=settings.AXES_COOLOFF_TIME)
    return AccessAttempt.objects.filter(
        username=account.username, failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    ).exists()


@dataclass(frozen=True)
class Work:
    """What a post holds: shown before a step that would leave it without anybody."""

    posting: Posting
    # (label, count) of each kind of open case, without zeros.
    open_work: list[tuple[str | Promise, int]]

    @property
    def count(self) -> int:
        return sum(count for _label, count in self.open_work)


def work_of(account: User, asker: User) -> list[Work]:
    """The postings of a person with the open work in each, newest first; one organisation is counted once."""
    rows = (
        Posting.objects.visible_to(asker)
        .filter(user=account)
        .select_related("organisation", "organisation__district")
        .order_by("-valid_from", "organisation__path", "pk")
    )
    counted: set[int] = set()
    found = []
    for posting in rows:
        seen = posting.organisation_id in counted
        counted.add(posting.organisation_id)
        found.append(Work(posting, [] if seen else _open_work(account, posting.organisation)))
    return found


def _open_work(account: User, organisation: Organisation) -> list[tuple[str | Promise, int]]:
    counts = [(handover.label, handover.preview(account, organisation)) for handover in handovers()]
    return [(label, count) for label, count in counts if count]


@dataclass(frozen=True)
class Step:
    """One line of the list of the first day."""

    label: str | Promise
    why: str | Promise
    url: str
    is_done: bool
    note: str = ""


def first_steps(user: User) -> list[Step]:
    """What an office must enter before its first visit; done lines stay, so that one sees what there is."""
    administered = user.scope.administers
    units = dict(
        Organisation.objects.filter(district__in=administered)
        .values_list("kind")
        .annotate(count=Count("pk"))
        .order_by()
    )
    roles = dict(
        Posting.objects.on(timezone.localdate())
        .filter(Q(organisation__district__in=administered) | Q(organisation__in=administered), user__is_active=True)
        .values_list("role")
        .annotate(count=Count("user", distinct=True))
        .order_by()
    )
    firms = Enterprise.objects.filter(district__in=administered).count()
    key = KeyListEntry.objects.filter(enterprise__district__in=administered, valid_to=None).count()
    year = timezone.localdate().year
    announced = CalendarDay.objects.of_year(year).filter(confirmed=True).exists()
    towns, departments = units.get(OrganisationKind.TOWN, 0), units.get(OrganisationKind.DEPARTMENT, 0)
    liaisons = roles.get(Role.LIAISON, 0)
    tree, people, directory = reverse("org:organisations"), reverse("org:accounts"), reverse("org:enterprises")
    dispatch = bool(roles.get(Role.LEADER) and roles.get(Role.CLERK))
    calendar = reverse("casework:calendar")
    return [
        Step(_("镇街"), _("走访和诉求都落在镇街上。"), tree, bool(towns), _count(towns)),
        Step(_("科室"), _("诉求交办给科室。"), tree, bool(departments), _count(departments)),
        Step(_("驻联干部"), _("每人一个账号，登记驻联的镇街和周期。"), people, bool(liaisons), _count(liaisons)),
        Step(_("分管领导和督办岗"), _("交办、督办、回访要有人。"), people, dispatch),
        Step(_("安全审计员"), _("看日志的人不能是管账号的人。"), people, bool(roles.get(Role.AUDITOR))),
        Step(_("企业名录"), _("可以整表导入，也可以一家一家登记。"), directory, bool(firms), _count(firms)),
        Step(_("重点企业"), _("久未走访先提醒重点企业。"), directory, bool(key), _count(key)),
        Step(_("今年的工作日历"), _("期限按工作日算，放假和调休要对。"), calendar, announced, str(year)),
    ]


def _count(number: int) -> str:
    return str(number) if number else ""


def tree(user: User, *, with_closed: bool = False) -> QuerySet[Organisation]:
    """The organisations of one's districts in tree order, with how many people work in each today."""
    today = timezone.localdate()
    rows = Organisation.objects.visible_to(user)
    if not with_closed:
        rows = rows.valid_on(today)
    valid = Q(postings__valid_from__lte=today) & (Q(postings__valid_to=None) | Q(postings__valid_to__gte=today))
    posted = Count("postings__user", filter=valid & Q(postings__user__is_active=True), distinct=True)
    return rows.annotate(posted=posted).order_by("path")
