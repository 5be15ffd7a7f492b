"""Telling people what concerns them: a line under the bell now, the same lines in the morning's mail."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from unionops.org.enums import DEPARTMENT_ROLES, TOWN_ROLES
from unionops.org.events import kind_of
from unionops.org.models import Posting, User

from .models import Case, Notice, Watch

Line = tuple[Case, str, Iterable[int | None]]


def posted(organisation_id: int, roles: Collection[str]) -> dict[str, set[int]]:
    """Ids of the people who hold each of the roles at an organisation today."""
    found: dict[str, set[int]] = defaultdict(set)
    posts = Posting.objects.on(timezone.localdate()).filter(
        organisation=organisation_id, role__in=roles, user__is_active=True
    )
    for role, user in posts.values_list("role", "user"):
        found[role].add(user)
    return found


def holders(case: Case) -> set[int]:
    """Ids of the people who hold the pen: one by name, else all who are posted where it lies."""
    if case.holder_user_id:
        return {case.holder_user_id}
    where = Q(pk__in=[])
    if case.holder_organisation_id:
        where |= Q(organisation=case.holder_organisation_id, role__in=DEPARTMENT_ROLES | TOWN_ROLES)
    if case.holder_role:
        where |= Q(organisation=case.district_id, role=case.holder_role)
    posts = Posting.objects.on(timezone.localdate()).filter(where, user__is_active=True)
    return set(posts.values_list("user", flat=True))


def notify_all(lines: Iterable[Line], *, by: User, now: datetime.datetime | None = None) -> None:
    """Put lines under bells in one statement; nobody is told of what they did themselves."""
    now = now or timezone.now()
    Notice.objects.bulk_create(
        Notice(
            user_id=user,
            kind=kind_of(case),
            case_id=case.pk,
            number=case.number,
            title=case.title,
            verb=f"{kind_of(case)}.{verb}",
            by=by,
            at=now,
        )
        for case, verb, people in lines
        for user in sorted({person for person in people if person and person != by.pk})
    )


def notify_posted(
    lines: Iterable[tuple[Case, str, str]], organisation_id: int, *, by: User, now: datetime.datetime
) -> None:
    """Tell whoever holds a role at an organisation today: (case, verb, role). They are found and told in one statement."""
    rows = [
        (case.pk, case.number, case.title, f"{kind_of(case)}.{verb}", kind_of(case), role) for case, verb, role in lines
    ]
    if not rows:
        return
    today = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Notice._meta.db_table} (user_id, case_id, number, title, verb, kind, by_id, at)"
            " SELECT DISTINCT post.user_id, line.case_id, line.number, line.title, line.verb, line.kind, %s::bigint, %s::timestamptz"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
            " AS line(case_id, number, title, verb, kind, role)"
            f" JOIN {Posting._meta.db_table} post ON post.role = line.role AND post.organisation_id = %s"
            " AND post.valid_from <= %s AND (post.valid_to IS NULL OR post.valid_to >= %s) AND post.user_id <> %s"
            f" JOIN {User._meta.db_table} person ON person.id = post.user_id AND person.is_active",
            [by.pk, now, *map(list, zip(*rows, strict=True)), organisation_id, today, today, by.pk],
        )


def notify(case: Case, verb: str, *, by: User, to: Iterable[int | None], now: datetime.datetime | None = None) -> None:
    """Tell these people, and whoever watches the case."""
    watchers = Watch.objects.filter(kind=kind_of(case), case_id=case.pk).values_list("user", flat=True)
    notify_all([(case, verb, {*to, *watchers})], by=by, now=now)
