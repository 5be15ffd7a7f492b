"""Take a whole import out again. The log keeps that it was there; numbers that it used are not used again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unionops.casework.models import Attachment, CaseLink, Deadline, FollowUp, Notice, Supervision, Task, Watch
from unionops.insight.closing import check_reason, closed_among
from unionops.insight.periods import Period
from unionops.joining import clauses, listed
from unionops.org.errors import ActionError, InvalidTransition
from unionops.org.events import event_of, record_event
from unionops.org.models import Contact, Enterprise, Event, KeyListEntry, Organisation, Person, Posting, User

from ..enums import ImportState
from ..ledger import VISITS
from ..models import Issue, LedgerImport, Visit, VisitPlan
from .journal import Journal
from .visits import suit_long_work
from .writing import told


class LaterWork(ActionError):
    """Somebody has gone on working with what the import brought."""

    status = 409


@transaction.atomic
def undo_import(record: LedgerImport, *, by: User, reason: str = "") -> LedgerImport:
    """Everything that the import brought goes; out of closed periods with a reason only."""
    row = LedgerImport.objects.select_for_update(no_key=True).get(pk=record.pk)
    if row.state != ImportState.DONE:
        raise InvalidTransition(_("这次导入没有写入内容，或者已经撤销。"))
    Organisation.objects.select_for_update(no_key=True).get(pk=row.district_id)
    closed = closed_periods_of(row)
    reason = check_reason(closed, reason)
    try:
        with transaction.atomic():
            removed = _undo_visits(row) if row.sort == VISITS else _undo_list(row, by=by)
    except ProtectedError as error:
        kinds = sorted({str(thing._meta.verbose_name) for thing in error.protected_objects})
        raise LaterWork(
            _("已经有%(kinds)s用到这次导入的内容，不能整批撤销。") % {"kinds": listed(kinds)},
            next_step=_("请先撤销后来的导入，或者逐条更正。"),
        ) from error
    row.state, row.undone_at, row.undone_by = ImportState.UNDONE, timezone.now(), by
    row.summary |= {"undone_reason": reason}
    row.save(update_fields=["state", "undone_at", "undone_by", "summary"])
    record_event(row, "undo", by=by, data={"file": row.file_name, **removed, **told(closed, reason)})
    return row


def closed_periods_of(record: LedgerImport) -> list[Period]:
    """The closed periods in which something that this import brought is counted."""
    issues = Issue.objects.filter(ledger_import=record).order_by()
    days = set(Visit.objects.filter(ledger_import=record).order_by().values_list("visited_on", flat=True).distinct())
    days.update(issues.values_list(TruncDate("registered_at"), flat=True).distinct())
    days.update(issues.exclude(closed_at=None).values_list(TruncDate("closed_at"), flat=True).distinct())
    return closed_among(days)


def check_can_undo(record: LedgerImport) -> None:
    """For the page that asks before it is done: raises what `undo_import` would find in the way of visits."""
    if record.sort == VISITS:
        _check_nothing_stands_on(record)


def _undo_visits(record: LedgerImport) -> dict[str, int]:
    suit_long_work()
    _check_nothing_stands_on(record)
    issues = Issue.objects.filter(ledger_import=record)
    visits = Visit.objects.filter(ledger_import=record)
    VisitPlan.objects.filter(visit__in=visits).update(visit=None)
    keys = issues.values("pk")
    issues.update(deadline=None)
    for model in (FollowUp, Notice, Watch, Deadline):
        _remove(model.objects.filter(kind="issue", case_id__in=keys))
    Notice.objects.filter(kind="visit", case_id__in=visits.values("pk")).delete()
    removed = {"issues": _remove(issues)}
    _remove(Visit.officers.through.objects.filter(visit__in=visits))
    removed["visits"] = _remove(visits)
    removed["enterprises"] = _remove_new_enterprises(record)
    return removed


def _remove(rows: QuerySet) -> int:
    """Delete without collecting: everything that points at these rows has been looked at before."""
    return int(rows._raw_delete(rows.db))


def _check_nothing_stands_on(record: LedgerImport) -> None:
    issues = Issue.objects.filter(ledger_import=record)
    visits = Visit.objects.filter(ledger_import=record)
    about = Q(kind="issue", case_id__in=issues.values("pk")) | Q(kind="visit", case_id__in=visits.values("pk"))
    linked = Q(from_id__in=issues.values("pk")) | Q(to_id__in=issues.values("pk"))
    others = Issue.objects.exclude(ledger_import=record)
    worked_on = issues.filter(version__gt=1).count() + FollowUp.objects.filter(about, done_at__isnull=False).count()
    found = [
        ngettext("%(n)d 件诉求已经往下办理", "%(n)d 件诉求已经往下办理", worked_on) % {"n": worked_on}
        if worked_on
        else "",
        _count(visits.filter(version__gt=1), _("%(n)d 次走访已经更正")),
        _count(
            Issue.objects.filter(visit__in=visits).exclude(ledger_import=record), _("%(n)d 件诉求后来记在这些走访上")
        ),
        _count(others.filter(merged_into__in=issues), _("%(n)d 件诉求合并到了这里")),
        _count(Attachment.objects.filter(about), _("%(n)d 份材料")),
        _count(CaseLink.objects.filter(linked), _("%(n)d 处关联")),
        _count(Task.objects.filter(about), _("%(n)d 项任务")),
        _count(Supervision.objects.filter(about), _("%(n)d 次督办")),
    ]
    if any(found):
        raise LaterWork(
            _("导入之后又有了新的工作，不能整批撤销：%(found)s。") % {"found": clauses(found)},
            next_step=_("请逐条更正或作废。"),
        )


def _count(rows: QuerySet, words: str) -> str:
    count = rows.count()
    return words % {"n": count} if count else ""


def _remove_new_enterprises(record: LedgerImport) -> int:
    """Firms that the import noted by name go with it, unless somebody has looked after them since."""
    made = Enterprise.objects.filter(ledger_import_id=record.pk)
    _check_enterprises_unused(made)
    return made.delete()[1].get("org.Enterprise", 0)


def _check_enterprises_unused(made: QuerySet[Enterprise]) -> None:
    keys = made.values("pk")
    used = {
        _("%(n)d 次走访"): Visit.objects.filter(enterprise__in=keys),
        _("%(n)d 件诉求"): Issue.objects.filter(enterprise__in=keys),
        _("%(n)d 名职工"): Person.objects.filter(enterprise__in=keys),
        _("%(n)d 个走访计划"): VisitPlan.objects.filter(enterprise__in=keys),
        _("%(n)d 家已经修改"): made.filter(version__gt=1),
    }
    found = [text for words, rows in used.items() if (text := _count(rows, words))]
    if found:
        raise LaterWork(
            _("这次导入的企业已经在用，不能撤销：%(found)s。") % {"found": clauses(found)},
            next_step=_("请先撤销后来导入的走访台账。"),
        )


def _undo_list(record: LedgerImport, *, by: User) -> dict[str, int]:
    journal = Journal.from_json(record.summary["journal"])
    removed = {
        "key_enterprises": _remove_key_entries(journal),
        "contacts": Contact.objects.filter(pk__in=journal.contacts).delete()[0],
        "enterprises": _remove_new_enterprises(record),
        "changed": _put_back(journal, record, by=by),
    }
    return removed | _undo_postings(journal, record, by=by)


def _remove_key_entries(journal: Journal) -> int:
    entries = KeyListEntry.objects.filter(pk__in=journal.key_entries)
    if entries.filter(valid_to__isnull=False).exists():
        raise LaterWork(_("重点企业名单后来又调整过，不能撤销。"))
    return entries.delete()[0]


def _put_back(journal: Journal, record: LedgerImport, *, by: User) -> int:
    wanted = {change["id"]: change for change in journal.changed}
    firms = list(Enterprise.objects.select_for_update(no_key=True).filter(pk__in=wanted))
    columns: set[str] = set()
    for firm in firms:
        change = wanted[str(firm.pk)]
        if firm.version != change["version"]:
            raise LaterWork(_("“%(firm)s”后来又改过，不能撤销。") % {"firm": firm.name})
        for column, value in change["before"].items():
            setattr(firm, column, value)
            columns.add(column)
        firm.version += 1
    if firms:
        Enterprise.objects.bulk_update(firms, [*sorted(columns), "version"], batch_size=500)
        Event.objects.bulk_create(
            event_of(firm, "undo_import", by=by, data={"import": record.pk, "version": firm.version}) for firm in firms
        )
    return len(firms)


def _undo_postings(journal: Journal, record: LedgerImport, *, by: User) -> dict[str, int]:
    _check_postings(journal)
    postings = Posting.objects.filter(pk__in=journal.postings)
    affected = [*postings.select_related("user"), *Posting.objects.filter(pk__in=journal.ended).select_related("user")]
    people = {posting.user_id: posting.user for posting in affected if posting.user_id not in journal.users}
    Event.objects.bulk_create(
        event_of(user, "undo_import", by=by, district_id=record.district_id, data={"import": record.pk})
        for user in people.values()
    )
    removed: dict[str, Any] = {"postings": postings.delete()[0]}
    removed["ended"] = Posting.objects.filter(pk__in=journal.ended).update(valid_to=None)
    users = User.objects.filter(pk__in=journal.users)
    removed["cadres"] = users.delete()[1].get("org.User", 0)
    return {name: count for name, count in removed.items() if count}


def _check_postings(journal: Journal) -> None:
    """New accounts must be as they were made: nobody has signed in, visited, or been posted elsewhere."""
    users = User.objects.filter(pk__in=journal.users)
    used = users.filter(
        Q(last_login__isnull=False)
        | Q(must_change_password=False)
        | Q(pk__in=Visit.officers.through.objects.filter(user__in=users).values("user"))
        | Q(pk__in=Posting.objects.filter(user__in=users).exclude(pk__in=journal.postings).values("user"))
    ).first()
    if used is not None:
        raise LaterWork(
            _("%(name)s的账号已经在用，不能撤销。") % {"name": used.name}, next_step=_("请先撤销后来导入的走访台账。")
        )
