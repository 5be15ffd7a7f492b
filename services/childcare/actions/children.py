"""A child comes into a class, with whoever looks after it and whoever may take it home."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock
from unionops.china.names import clean_name, mask_name
from unionops.china.phones import mask_phone, read_phone
from unionops.org.actions.saving import check_version, reading
from unionops.org.errors import ActionError, InvalidTransition, required
from unionops.org.events import record_event
from unionops.org.models import User
from unionops.org.sealed import blind_index

from ...activities.actions.enrolments import enrol, go_on, leave
from ...activities.enums import EnrolmentState, EnrolmentVerb
from ...activities.models import Activity, Enrolment
from ...activities.permissions import BEFORE_THE_END, check_works
from ..enums import RULE_VERSION
from ..models import Child, ClassFile, Contact, Guardian, PickUp
from ..permissions import check_cares

HIDDEN = "••••"
MOST_PICK_UPS = 6


@dataclass(frozen=True)
class Person:
    name: str
    kin: str
    phone: str = ""
    card_tail: str = ""


def age_on(birth_on: datetime.date, day: datetime.date) -> int:
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


@transaction.atomic
def enrol_child(
    activity: Activity, *, by: User, name: str, sex: str, birth_on: datetime.date, grade: int, identity: str,
    guardian: Person, emergency: Person, consent_way: str, consents: bool, pick_ups: Sequence[Person] = (), school: str = "", health: str = "",
    may_leave_alone: bool = False, group: str = "", unit: str = "", public: bool = False, now: datetime.datetime | None = None,
) -> Child:  # fmt: skip
    """Enrol a child with its guardian's consent. The cadre's form and the public one both call this.

    Refuses without consent, out of the window of ages and grades, and a child that has a place in another class of the
    season. Too few days last season take away priority. Guardians may take the child home; others only when named.
    ``emergency`` is called when no guardian answers.
    """
    now = now or timezone.now()
    row = lock(activity)
    found = ClassFile.objects.select_for_update(no_key=True).filter(activity=row).first()
    if found is None:
        raise InvalidTransition(_("还没有填班级档案。"))
    if not consents:
        raise ActionError(
            _("没有监护人同意，不能登记孩子的信息。"), field="consents", next_step=_("请先请监护人看规则。")
        )
    _check_window(found, birth_on, int(grade), row.starts_on or timezone.localdate(now))
    group, note = _after_last_season(found, identity, group)
    one = enrol(
        row, by=by, name=name, phone=guardian.phone, identity=identity, unit=unit, group=group, note=note, public=public,
        special=True, hidden=True, now=now,
    )  # fmt: skip
    if not one.identity_hash:
        raise ActionError(_("请写孩子的身份证号。"), field="identity")
    same = Child.objects.filter(
        district=row.district_id, season=found.season, identity_hash=one.identity_hash, released_at=None
    )
    if other := same.select_related("class_file__activity").first():
        raise ActionError(
            _("这个孩子本季已经报了“%(title)s”。") % {"title": other.class_file.activity.title}, field="identity",
            next_step=_("要换班，请先从那个班退出。"),
        )  # fmt: skip
    child = Child(
        enrolment=one, class_file=found, district_id=row.district_id, season=found.season, sex=sex, birth_on=birth_on, grade=grade,
        school=school, may_leave_alone=may_leave_alone, consent_version=RULE_VERSION, consent_at=now, consent_way=consent_way,
    )  # fmt: skip
    child.put("identity", one.open("identity"), one.identity_masked)
    child.put("health", health.strip(), HIDDEN)
    child.save(force_insert=True)
    _person(Guardian(child=child, is_main=True), guardian)
    _keep_contact(child, emergency)
    for person in dict.fromkeys((guardian, *pick_ups[:MOST_PICK_UPS])):
        _person(PickUp(child=child), person)
    record_event(
        child,
        "consent",
        by=by,
        now=now,
        district_id=row.district_id,
        data={"version": RULE_VERSION, "way": consent_way},
    )
    return child


def _keep_contact(child: Child, person: Person) -> Contact:
    """Somebody else than the guardians: their telephones are tried before."""
    if not person.phone:
        raise ActionError(_("请写紧急联系人的手机。"), field="emergency_phone")
    with reading("emergency_phone"):
        hashed = blind_index(read_phone(person.phone).number)
    if child.guardians.filter(phone_hash=hashed).exists():
        raise ActionError(
            _("紧急联系人的手机和监护人的一样。"),
            field="emergency_phone",
            next_step=_("监护人电话打不通时才找这个人，请写别人的。"),
        )
    Contact.objects.filter(child=child).delete()
    made: Contact = _person(Contact(child=child), person)
    return made


def _person(row: Any, person: Person) -> Any:
    with reading("name"):
        name = clean_name(person.name)
    row.put("name", name, mask_name(name))
    if isinstance(row, PickUp):
        row.put("card", person.card_tail.strip(), HIDDEN)
    row.kin = person.kin
    if person.phone:
        with reading("phone"):
            number = read_phone(person.phone).number
        row.put("phone", number, mask_phone(number))
    row.save(force_insert=True)
    return row


def _check_window(found: ClassFile, birth_on: datetime.date, grade: int, day: datetime.date) -> None:
    if not found.grade_from <= grade <= found.grade_to:
        raise ActionError(_("这个班只收规定的年级。"), field="grade")
    age = age_on(birth_on, day)
    if not found.age_from <= age <= found.age_to:
        raise ActionError(
            _("开班时 %(age)d 岁，这个班收 %(low)d 到 %(high)d 岁。")
            % {"age": age, "low": found.age_from, "high": found.age_to},
            field="birth_on",
        )


def _after_last_season(found: ClassFile, identity: str, group: str) -> tuple[str, str]:
    """Whoever was there too seldom last season comes after the others (Zhanjiang: < 70 %)."""
    hashed = blind_index(identity.strip().upper()) if identity else ""
    last = Child.objects.filter(district=found.activity.district_id, identity_hash=hashed).exclude(season=found.season)
    if last.filter(is_flagged=True).exists():
        return "", _("上一季出勤不足")
    return group, ""


@transaction.atomic
def sign_agreement(child: Child, *, by: User, on: datetime.date | None = None) -> Child:
    """The guardian has signed: the child may come."""
    go_on(child.enrolment, EnrolmentVerb.SIGN, by=by)
    child.agreement_on = on or timezone.localdate()
    child.save(update_fields=["agreement_on"])
    return child


@transaction.atomic
def add_pick_up(child: Child, *, by: User, person: Person, guardian: Guardian) -> PickUp:
    """A guardian names one more person who may take the child home."""
    lock(child.class_file.activity)
    check_cares(by, child.class_file)
    if guardian.child_id != child.pk:
        raise ActionError(_("只有这个孩子的监护人能授权。"), field="guardian")
    if child.pick_ups.filter(removed_at=None).count() >= MOST_PICK_UPS:
        raise ActionError(_("接送人最多 %(n)d 位。") % {"n": MOST_PICK_UPS})
    made: PickUp = _person(PickUp(child=child), person)
    _note(child, by, _("加接送人"))
    return made


@transaction.atomic
def remove_pick_up(pick_up: PickUp, *, by: User, reason: str) -> PickUp:
    """From now on this person may not take the child home."""
    lock(pick_up.child.class_file.activity)
    check_cares(by, pick_up.child.class_file)
    reason = required(reason, _("请写理由。"), "reason")
    pick_up.removed_at = timezone.now()
    pick_up.save(update_fields=["removed_at"])
    _note(pick_up.child, by, _("撤销接送人"), reason=reason)
    return pick_up


def contact_of(child: Child) -> Contact:
    """Whom the child has, or an empty one that is not stored."""
    return Contact.objects.filter(child=child).first() or Contact(child=child)


@transaction.atomic
def change_contact(child: Child, *, by: User, person: Person, version: int | None = None) -> Contact:
    """From now on this person is called when no guardian answers."""
    lock(child.class_file.activity)
    check_cares(by, child.class_file)
    check_version(contact_of(child), version)
    made = _keep_contact(child, person)
    _note(child, by, _("登记紧急联系人"))
    return made


@transaction.atomic
def allow_alone(child: Child, *, by: User, allowed: bool, guardian: Guardian, version: int | None = None) -> Child:
    """A guardian lets the child go home by itself, or no longer."""
    lock(child.class_file.activity)
    check_cares(by, child.class_file)
    child.refresh_from_db(fields=["may_leave_alone"])
    check_version(child, version)
    if guardian.child_id != child.pk:
        raise ActionError(_("只有这个孩子的监护人能授权。"), field="guardian")
    child.may_leave_alone = allowed
    child.save(update_fields=["may_leave_alone"])
    _note(child, by, _("同意自己离开") if allowed else _("不再同意自己离开"))
    return child


@transaction.atomic
def withdraw_consent(child: Child, *, by: User, public: bool = False) -> Child:
    """A guardian takes the consent back: the child leaves the class, and its health notes and persons are no longer kept."""
    lock(child.class_file.activity)
    if not public:
        check_works(by, child.class_file.activity)
    if child.consent_withdrawn_at is not None:
        raise InvalidTransition(_("已经撤回过。"))
    one = Enrolment.objects.select_related("activity__programme").get(pk=child.enrolment_id)
    # A class that is over has nothing to leave; what it keeps of the child goes all the same.
    if one.activity.state in BEFORE_THE_END and one.state not in (
        EnrolmentState.WITHDRAWN,
        EnrolmentState.EXPELLED,
        EnrolmentState.REFUSED,
        EnrolmentState.COMPLETED,
    ):
        leave(one, by=by, public=public, reason=_("监护人撤回同意"))
    child.refresh_from_db()
    child.consent_withdrawn_at = timezone.now()
    child.put("health", "", "")
    child.save()
    Contact.objects.filter(child=child).delete()
    for taker in child.pick_ups.all():
        # The row stays for the days on which the child went home with it; who it was does not.
        for name in taker.SEALED:
            taker.put(name, "", "")
        taker.removed_at = taker.removed_at or child.consent_withdrawn_at
        taker.save()
    _note(child, by, _("监护人撤回同意"))
    return child


def _note(child: Child, by: User, what: str, **data: Any) -> None:
    record_event(child, "change", by=by, district_id=child.district_id, data={"what": what, **data})


def released(enrolment: Enrolment) -> None:
    """Whoever leaves may come into another class of the season."""
    Child.objects.filter(enrolment=enrolment).update(released_at=timezone.now())
