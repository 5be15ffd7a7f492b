"""The file of a class: when and for whom, accepted in eight areas, staff with their checks, insurance, safety, subsidy."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from services.models.parameters import parameter
from unionops.casework.moves import lock
from unionops.joining import listed
from unionops.org.actions.saving import check_version
from unionops.org.errors import ActionError, InvalidTransition, required
from unionops.org.events import changed_fields, record_event
from unionops.org.models import User

from ...activities.enums import HELD, ActivityState
from ...activities.models import Activity
from ...activities.permissions import BEFORE_THE_END, MONEY, PLANNING, check_state, check_works
from ...models import Programme
from ..enums import Area, NoteKind, SafetyItem
from ..models import Carer, ClassFile, SafetyCheck

# So many classes of one union get money in a year (Xiamen).
MOST_SUBSIDISED = 3
# By size and by old or new (Xiamen; a parameter of the district goes before): least children, yuan old, yuan new.
SUBSIDY = (
    (30, Decimal(20000), Decimal(30000)),
    (20, Decimal(15000), Decimal(20000)),
    (10, Decimal(10000), Decimal(10000)),
)


def _tell(row: Activity, by: User, what: str, **data: Any) -> None:
    record_event(row, "record", by=by, data={"what": what, **data})


@transaction.atomic
def keep_file(activity: Activity, *, by: User, version: int | None = None, **given: Any) -> ClassFile:
    """What the class is: season, hours, grades and ages. A window that shuts out an enrolled child is refused."""
    row = lock(activity)
    check_works(by, row)
    check_state(row, PLANNING)
    found = ClassFile.objects.select_for_update(no_key=True).filter(activity=row).first() or ClassFile(activity=row)
    check_version(found, version)
    before = {name: getattr(found, name) for name in ClassFile.SEEN}
    for name in ClassFile.SEEN:
        if name in given:
            setattr(found, name, given[name])
    for low, high, words in (
        ("grade_from", "grade_to", _("最高年级不能低于最低年级。")), ("age_from", "age_to", _("最大年龄不能小于最小年龄。")),
        ("hours_from", "hours_to", _("结束时间要晚于开始时间。")),
    ):  # fmt: skip
        if getattr(found, high) < getattr(found, low):
            raise ActionError(words, field=high)
    if found.pk and found.season != before["season"] and found.children.exists():
        raise ActionError(_("已有孩子报名，季次不能改。"), field="season")
    found.save()
    _tell(
        row,
        by,
        _("填写班级档案"),
        changes=changed_fields(before, {name: getattr(found, name) for name in ClassFile.SEEN}),
    )
    return found


def locked(class_file: ClassFile) -> ClassFile:
    """The activity is the lock of everything about a class."""
    row = lock(class_file.activity)
    found = ClassFile.objects.select_for_update(no_key=True).get(pk=class_file.pk)
    found.activity = row
    return found


@transaction.atomic
def accept(class_file: ClassFile, *, by: User, seen: Mapping[str, str], on: datetime.date | None = None) -> ClassFile:
    """All eight areas have been looked at and are in order."""
    found = locked(class_file)
    check_works(by, found.activity, MONEY)
    check_state(found.activity, PLANNING)
    missing = [str(area.label) for area in Area if not seen.get(area, "").strip()]
    if missing:
        raise ActionError(_("还有 %(n)d 个方面没有写验收情况。") % {"n": len(missing)})
    found.acceptance = {area.value: seen[area].strip() for area in Area}
    found.accepted_on, found.accepted_by = on or timezone.localdate(), by
    found.save(update_fields=["acceptance", "accepted_on", "accepted_by"])
    _tell(found.activity, by, _("场地验收通过，八个方面都合格"))
    return found


@transaction.atomic
def add_carer(
    class_file: ClassFile, *, by: User, name: str, duty: str, checked_on: datetime.date | None = None, check_number: str = ""
) -> Carer:  # fmt: skip
    found = locked(class_file)
    check_works(by, found.activity)
    check_state(found.activity, BEFORE_THE_END)
    _check_day(checked_on)
    made = Carer(class_file=found, name=name, duty=duty, checked_on=checked_on, check_number=check_number)
    if found.activity.state == ActivityState.RUNNING and not made.is_checked(timezone.localdate()):
        raise ActionError(_("开班以后来的人，也要先有查询结果。"), field="checked_on")
    made.save()
    _tell(found.activity, by, _("登记%(duty)s %(name)s") % {"duty": made.get_duty_display(), "name": name})
    return made


@transaction.atomic
def check_carer(carer: Carer, *, by: User, checked_on: datetime.date, check_number: str) -> Carer:
    """The result of the query of criminal records, valid for a year."""
    found = locked(carer.class_file)
    check_works(by, found.activity)
    _check_day(checked_on)
    carer.checked_on, carer.check_number = checked_on, required(check_number, _("请写查询编号。"), "check_number")
    carer.save(update_fields=["checked_on", "check_number"])
    _tell(found.activity, by, _("登记 %(name)s 的违法犯罪记录查询") % {"name": carer.name})
    return carer


def _check_day(day: datetime.date | None) -> None:
    if day and day > timezone.localdate():
        raise ActionError(_("查询日期不能在今天以后。"), field="checked_on")


@transaction.atomic
def let_go(carer: Carer, *, by: User) -> Carer:
    found = locked(carer.class_file)
    check_works(by, found.activity)
    carer.left_on = timezone.localdate()
    carer.save(update_fields=["left_on"])
    _tell(found.activity, by, _("%(name)s 离开这个班") % {"name": carer.name})
    return carer


@transaction.atomic
def insure(class_file: ClassFile, *, by: User, insurance_number: str, insured_until: datetime.date) -> ClassFile:
    found = locked(class_file)
    check_works(by, found.activity)
    check_state(found.activity, BEFORE_THE_END)
    found.insurance_number = required(insurance_number, _("请写保单号。"), "insurance_number")
    found.insured_until = insured_until
    found.save(update_fields=["insurance_number", "insured_until"])
    _tell(found.activity, by, _("登记保险"))
    return found


@transaction.atomic
def check_safety(class_file: ClassFile, *, by: User, good: Sequence[str], note: str = "") -> SafetyCheck:
    """What is in order today; what is not is written down with what is done about it."""
    found = locked(class_file)
    check_works(by, found.activity)
    check_state(found.activity, BEFORE_THE_END)
    wrong = set(SafetyItem.values) - set(good)
    if wrong and not note.strip():
        raise ActionError(_("有不合格的项目，请写问题和整改。"), field="note")
    made, _new = SafetyCheck.objects.update_or_create(
        class_file=found, on=timezone.localdate(), defaults={"good": sorted(good), "note": note, "by": by}
    )
    _tell(found.activity, by, _("安全检查，%(n)d 项合格") % {"n": len(good)})
    return made


def reckon(class_file: ClassFile, day: datetime.date) -> dict[str, Any]:
    """The subsidy with its arithmetic: how many children, which row of the table, which parameter, and what stands against it."""
    children = class_file.children.filter(
        agreement_on__isnull=False, enrolment__state__in=("attending", "completed")
    ).count()
    column = "new" if class_file.is_new else "old"
    least, amount, source = 0, Decimal(0), ""
    for floor, old, new in SUBSIDY:
        if children >= floor:
            found = parameter(class_file.district_id, f"childcare.subsidy.{floor}.{column}", day)
            least, amount = floor, found.value if found else (new if class_file.is_new else old)
            source = found.source if found else ""
            break
    amount = amount.quantize(Decimal("0.01"))
    incidents = class_file.notes.filter(kind=NoteKind.INCIDENT).count()
    return {
        "children": children, "least": least, "is_new": class_file.is_new, "amount": str(amount), "source": source,
        "per_child": str((amount / children).quantize(Decimal("0.01"))) if children else "", "incidents": incidents,
        "on": day.isoformat(),
    }  # fmt: skip


def most_subsidised(class_file: ClassFile) -> int:
    return int(class_file.activity.programme.limit("subsidised_classes", MOST_SUBSIDISED))


def subsidised(class_file: ClassFile) -> list[str]:
    """The other classes of the same union that have asked for money in the same year."""
    row = class_file.activity
    year = (row.starts_on or timezone.localdate(row.registered_at)).year
    of_unit = (
        Q(activity__enterprise=row.enterprise_id)
        if row.enterprise_id
        else Q(activity__applicant_name=row.applicant_name)
    )
    began = Coalesce("activity__starts_on", TruncDate("activity__registered_at"))
    others = ClassFile.objects.filter(of_unit, activity__programme=row.programme_id).exclude(subsidy={})
    found = others.exclude(pk=class_file.pk).alias(began=began).filter(began__year=year).order_by("pk")
    return list(found.values_list("activity__title", flat=True))


@transaction.atomic
def apply_for_subsidy(class_file: ClassFile, *, by: User) -> ClassFile:
    """Keep the arithmetic of today with the class. It needs a class that is over, no incident, opinions of parents, and a
    union that has not had money for as many classes of this year as one may."""
    # One after the other in the programme: two classes of a union never both take the last one.
    Programme.objects.select_for_update(no_key=True).get(pk=class_file.activity.programme_id)
    found = locked(class_file)
    check_works(by, found.activity)
    check_state(found.activity, HELD - {ActivityState.RUNNING})
    reckoned = reckon(found, timezone.localdate())
    if found.subsidy:
        raise InvalidTransition(_("已经申请过补助。"))
    if not reckoned["least"]:
        raise InvalidTransition(_("孩子不到 %(n)d 名，没有补助。") % {"n": SUBSIDY[-1][0]})
    if reckoned["incidents"]:
        raise InvalidTransition(_("有意外记录，不能申请补助。"))
    if not found.activity.feedback.exists():
        raise InvalidTransition(_("还没有家长评价。"), next_step=_("请先登记评价。"))
    most, others = most_subsidised(found), subsidised(found)
    if len(others) >= most:
        raise InvalidTransition(
            _("%(unit)s今年已有 %(n)d 个班申请补助，一个单位一年最多 %(most)d 个。")
            % {"unit": found.activity.applicant_name, "n": len(others), "most": most},
            next_step=_("已申请的：%(classes)s。") % {"classes": listed(others)},
        )
    found.subsidy = reckoned
    found.save(update_fields=["subsidy"])
    _tell(found.activity, by, _("申请补助 %(amount)s 元") % {"amount": reckoned["amount"]}, reckoned=reckoned)
    return found
