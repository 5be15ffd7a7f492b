"""Care classes: nobody leaves with a stranger, nobody sees a child who has not been let in, and every reading is written down."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import Error, connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from services.activities.actions import enrolments, opinions
from services.activities.models import Activity, Enrolment
from services.childcare.actions import access, children, classes, days
from services.childcare.actions.children import Person
from services.childcare.enums import DAY, DayState, DayVerb, Kin, SafetyItem
from services.childcare.models import (
    AccessGrant,
    CareNote,
    Carer,
    Child,
    ChildDay,
    ClassFile,
    Contact,
    Guardian,
    PickUp,
)
from services.models.parameters import Parameter
from tests.api.conftest import Caller
from tests.sampling import taken
from tests.world import World
from unionops.casework.models import Notice
from unionops.insight import periods
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked, find
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event

from .caring import identity, make_class, running_class, teacher


def test_every_reading_of_a_child_is_written_down(world: World, client: Client) -> None:
    """Whoever has been let in sees the name, and each reading is an event; what nobody else sees: test_leaks.py."""
    found, _child = running_class(world)
    teacher(world)
    day = reverse("childcare:day", args=[found.activity.pk])
    for name, sees in (("teacher", False), ("officer", True)):
        client.force_login(world[name])
        assert ("何以宁" in client.get(day).content.decode()) == sees
    assert list(Event.objects.filter(verb="classfile.read").values_list("by__username", flat=True)) == ["officer"]


def test_being_let_in(world: World, client: Client) -> None:
    found, child = running_class(world)
    teacher(world)
    day = reverse("childcare:day", args=[found.activity.pk])
    client.force_login(world["teacher"])
    assert "申请查看" in client.get(day).content.decode()
    with pytest.raises(NotAllowed, match="申请"):
        days.arrive(child, by=world["teacher"], alone=True)
    with pytest.raises(NotAllowed):
        access.ask(found.fresh(), by=world["cadre"], reason="看看", until=timezone.localdate())
    with pytest.raises(ActionError, match="最长"):
        access.ask(
            found.fresh(), by=world["teacher"], reason="带班", until=timezone.localdate() + datetime.timedelta(days=93)
        )
    asked = access.ask(found.fresh(), by=world["teacher"], reason="代班", until=timezone.localdate())
    with pytest.raises(NotAllowed):
        access.decide(asked, "grant", by=world["officer"])
    assert "在等批" in client.get(day).content.decode()
    access.decide(asked, "grant", by=world["leader"])
    assert "何以宁" in client.get(day).content.decode()
    with pytest.raises(Error), transaction.atomic():
        AccessGrant.objects.filter(pk=asked.pk).update(decided_by=world["teacher"])
    AccessGrant.objects.filter(pk=asked.pk).update(until=timezone.localdate() - datetime.timedelta(days=1))
    assert "何以宁" not in client.get(day).content.decode()
    client.force_login(world["officer"])
    answer = client.post(reverse("childcare:health", args=[found.activity.pk, child.pk]), {"reason": "准备午餐点心"})
    assert "花生过敏" in answer.content.decode()
    assert "花生过敏" not in client.get(reverse("childcare:child", args=[found.activity.pk, child.pk])).content.decode()
    assert Event.objects.filter(verb="child.reveal").count() == 1


def test_nobody_leaves_with_a_stranger(world: World, client: Client) -> None:
    found, child = running_class(world, capacity=3)
    officer = world["officer"]
    other = found.child("俞子墨", 13, pick_ups=[])
    children.sign_agreement(other, by=officer)
    strange = other.pick_ups.get()
    address = reverse("childcare:day", args=[found.activity.pk])
    client.force_login(officer)
    assert client.post(address, {"kid": "1", "verb": "arrive", "who": "alone"}).status_code == 302
    panel = client.get(f"{address}?kid=1").content.decode()
    # Masked, with the digits that are compared at the door; the log says whose.
    assert "茹*珍" in panel
    assert "尾号 0428" in panel
    assert "茹玉珍" not in panel
    kept = child.pick_ups.get(kin="grandparent")
    assert (kept.name_masked, kept.card_masked, kept.open("card")) == ("茹*珍", "••••", "0428")
    assert Event.objects.filter(verb="classfile.read", data__page="pick_up", data__child=str(child.pk)).count() == 1
    # On the page, in the action, in the database.
    refused = client.post(address, {"kid": "1", "verb": "pick_up", "who": str(strange.pk)})
    assert (refused.status_code, "名单外的人不能接走" in refused.content.decode()) == (403, True)
    for options in ({"person": strange}, {"alone": True}, {}):
        with pytest.raises(ActionError):
            days.pick_up(child, by=officer, **options)
    row = ChildDay.objects.get(child=child)
    for wrong in ({"left_with": strange}, {"left_alone": True}, {}):
        with pytest.raises(Error), transaction.atomic():
            ChildDay.objects.filter(pk=row.pk).update(state="picked_up", **wrong)
    assert (
        client.post(address, {"kid": "1", "verb": "pick_up", "who": "stranger", "stranger": "邻居"}).status_code == 302
    )
    assert CareNote.objects.get().kind == "turned_away"
    assert Notice.objects.filter(user=world["leader"], verb="activity.turned_away").count() == 1
    grandmother = child.pick_ups.get(kin="grandparent")
    gone = children.remove_pick_up(child.pick_ups.get(kin="mother"), by=officer, reason="法院判决")
    with pytest.raises(NotAllowed):
        days.pick_up(child, by=officer, person=gone)
    with pytest.raises(Error), transaction.atomic():
        ChildDay.objects.filter(pk=row.pk).update(state="picked_up", left_with=gone)
    assert client.post(address, {"kid": "1", "verb": "pick_up", "who": str(grandmother.pk)}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.left_with_id) == ("picked_up", grandmother.pk)
    # By itself only with a guardian's word.
    days.arrive(found.again(other), by=officer, brought_by=strange)
    children.allow_alone(other, by=officer, allowed=True, guardian=other.guardians.get())
    assert days.pick_up(found.again(other), by=officer, alone=True).left_alone is True


def test_signing_in_says_who_brought_the_child(world: World, client: Client) -> None:
    found, child = running_class(world, capacity=3)
    officer = world["officer"]
    other = found.child("俞子墨", 13)
    children.sign_agreement(other, by=officer)
    ClassFile.objects.update(takes_temperature=True)
    address = reverse("childcare:day", args=[found.activity.pk])
    client.force_login(officer)
    grandmother, strange = child.pick_ups.get(kin="grandparent"), other.pick_ups.first()
    tap = {"kid": "1", "verb": "arrive", "who": str(grandmother.pk), "temperature": "36.5"}
    # Nobody, somebody of another child, a stranger without a name, no temperature, a wrong one, a fever.
    for wrong, status, words in (
        ({"who": ""}, 422, "谁送来的"), ({"who": str(strange.pk)}, 422, "不在孩子的名单上"), ({"who": "other"}, 422, "请写是谁"),
        ({"temperature": ""}, 422, "要量体温"), ({"temperature": "三十七"}, 422, "36.5"), ({"temperature": "365"}, 422, "36.5"),
        ({"temperature": "37.3"}, 422, "不能入班"),
    ):  # fmt: skip
        answer = client.post(address, tap | wrong)
        assert (answer.status_code, words in answer.content.decode()) == (status, True), wrong
    assert ChildDay.objects.filter(state="arrived").count() == 0
    assert client.post(address, tap).status_code == 302
    panel = client.get(f"{address}?kid=1").content.decode()
    assert "到班，祖辈送" in panel
    assert "体温正常" in panel
    assert "36.5" not in panel
    row = ChildDay.objects.get(child=child)
    assert (row.brought_by_id, row.open("temperature")) == (grandmother.pk, "36.5")
    # What was measured is health: shown for a reason, and the reading is written down.
    shown = client.post(reverse("childcare:health", args=[found.activity.pk, child.pk]), {"reason": "班里有人发烧"})
    assert "36.5 ℃" in shown.content.decode()
    # Who was at the door is kept sealed where it was nobody of the list; the database takes one way only.
    days.arrive(found.again(other), by=officer, other="楼下邻居", temperature=Decimal("36.8"))
    assert [note.open("words") for note in CareNote.objects.filter(kind="brought")] == ["楼下邻居"]
    with pytest.raises(Error), transaction.atomic():
        ChildDay.objects.filter(pk=row.pk).update(came_alone=True)
    assert days.mark(found.again(child), "correct", by=officer).temperature_sealed is None
    for name in ("sheet", "day"):
        assert "36.8" not in client.get(reverse(f"childcare:{name}", args=[found.activity.pk])).content.decode()


def test_somebody_is_called_when_no_guardian_answers(world: World, client: Client) -> None:
    found, child = running_class(world)
    officer = world["officer"]
    with pytest.raises(ActionError, match="和监护人的一样"):
        found.child("新孩子", 21, emergency=Person("丁香兰", Kin.FRIEND, "15800000021"))
    with pytest.raises(ActionError, match="紧急联系人的手机"):
        found.child("新孩子", 21, emergency=Person("邵美娟", Kin.FRIEND))
    client.force_login(officer)
    page = reverse("childcare:child", args=[found.activity.pk, child.pk])
    assert "邵*娟" in client.get(page).content.decode()
    phones = reverse("childcare:phones", args=[found.activity.pk, child.pk])
    assert client.post(phones, {"reason": ""}).status_code == 422
    answer = client.post(phones, {"reason": "孩子发烧，家长没接"}).content.decode()
    assert "朋友或邻居 邵美娟 13600003300" in answer
    assert answer.index("丁香兰") < answer.index("邵美娟")
    assert Event.objects.filter(verb="child.reveal", data__field="phones").count() == 1
    change = {"emergency_name": "宣国华", "emergency_kin": "friend", "emergency_phone": "13600003399"}
    do = f"/services/activity/{found.activity.pk}/do/contact/{child.pk}/"
    assert client.post(do, change).status_code == 302
    assert "宣*华" in client.get(page).content.decode()
    # It may not take the child home, and goes when the consent goes.
    assert not child.pick_ups.filter(name_masked="宣*华").exists()
    children.withdraw_consent(found.again(child), by=officer)
    gone = found.again(child)
    assert (Contact.objects.filter(child=gone).exists(), {one.name_sealed for one in gone.pick_ups.all()}) == (
        False,
        {None},
    )


def test_the_attendance_rate_opens_its_rows(world: World, client: Client) -> None:
    found, child = running_class(world, capacity=3)
    officer, today = world["officer"], timezone.localdate()
    other = found.child("俞子墨", 13)
    children.sign_agreement(other, by=officer)
    for back, who in ((2, (child, other)), (1, (child,))):
        now = timezone.now() - datetime.timedelta(days=back)
        for one in who:
            mother = one.pick_ups.first()
            days.arrive(found.again(one), by=officer, brought_by=mother, now=now)
            days.pick_up(found.again(one), by=officer, person=mother, now=now)
    # Three attended days of the four on which both were expected.
    client.force_login(officer)
    page = client.get(reverse("services:activity", args=[found.activity.pk])).content.decode()
    assert "75.00%" in page
    since = (today - datetime.timedelta(days=2)).isoformat()
    rows = f"{reverse('insight:rows')}?indicator=childcare_attendance_rate&period={since}..{today}&care_class={found.file.pk}"
    for part, count in (("numerator", 3), ("denominator", 4)):
        listed = client.get(f"{rows}&part={part}").content.decode()
        assert listed.count('class="ttl"') == count or listed.count(found.activity.title) >= count
        assert child.enrolment.name not in listed
    asked = Asked(officer, periods.parse(f"{since}..{today}"), today)
    figure = figure_of(Question(find("childcare_attendance_rate"), asked))
    assert (figure.numerator, figure.denominator, str(figure.value)) == (3, 4, "75.00")


def test_incidents_and_safety_checks(world: World, client: Client) -> None:
    found, child = running_class(world)
    officer, today = world["officer"], timezone.localdate()
    client.force_login(officer)
    do = f"/services/activity/{found.activity.pk}/do"
    # What is not in order is written down with what is done about it; once a day.
    items = [item for item in SafetyItem.values if item != "food"]
    assert client.post(f"{do}/safety/", {"good": items}).status_code == 422
    for note in ("没有留样，已补", "已留样"):
        assert client.post(f"{do}/safety/", {"good": items, "note": note}).status_code == 302
    check = found.file.safety_checks.get()
    assert (check.note, len(check.good)) == ("已留样", len(items))
    assert "6 项合格，共 7 项" in client.get(f"/services/activity/{found.activity.pk}/").content.decode()
    # An incident is sealed, told to whoever answers for the class, counted, and stands against the subsidy.
    assert client.post(f"{do}/care/{child.pk}/", {"kind": "incident", "words": "摔破膝盖"}).status_code == 302
    note = CareNote.objects.get()
    assert ("膝盖" in str(CareNote.objects.values().get()), note.open("words")) == (False, "摔破膝盖")
    assert Notice.objects.filter(user=world["leader"], verb="activity.incident").count() == 1
    figure = figure_of(
        Question(find("childcare_incidents"), Asked(world["leader"], periods.parse(str(today.year)), today))
    )
    assert figure.numerator == 1
    reckoned = classes.reckon(found.fresh(), today)
    assert reckoned["incidents"] == 1


def test_three_classes_of_a_union_get_money_in_a_year(world: World) -> None:
    found, _child = running_class(world)
    officer = world["officer"]
    others = [make_class(world, title=f"第{number}班", season=f"{number} 季").file for number in range(4)]
    today = timezone.localdate()
    ClassFile.objects.filter(pk__in=[one.pk for one in others[:2]]).update(subsidy={"amount": "10000.00"})
    # Of another year, and of another union.
    ClassFile.objects.filter(pk=others[2].pk).update(subsidy={"amount": "10000.00"})
    Activity.objects.filter(class_file=others[2]).update(starts_on=today.replace(year=today.year - 1))
    ClassFile.objects.filter(pk=others[3].pk).update(subsidy={"amount": "10000.00"})
    Activity.objects.filter(class_file=others[3]).update(applicant_name="别的工会")
    assert classes.subsidised(found.fresh()) == ["第0班", "第1班"]
    Activity.objects.filter(class_file=others[3]).update(applicant_name=found.activity.applicant_name)
    days.arrive(found.again(_child), by=officer, alone=True)
    days.pick_up(found.again(_child), by=officer, person=_child.pick_ups.first())
    found.take("finish")
    opinions.rate(
        Enrolment.objects.select_related("activity__programme").get(pk=_child.enrolment_id), by=officer, score=5
    )
    for size in range(9):
        enrolment = Enrolment.objects.create(
            activity=found.activity, serial=100 + size, name="孩子", state="applied", person_key=str(size), by=officer
        )
        for state in ("confirmed", "attending"):
            Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
        Child.objects.create(
            enrolment=enrolment, class_file=found.file, district=world.district, season="x", sex="male", birth_on=today, grade=1,
            identity_hash=str(size), consent_version="1", consent_at=timezone.now(), consent_way="paper", agreement_on=today,
        )  # fmt: skip
    with pytest.raises(InvalidTransition, match="一个单位一年最多 3 个") as refused:
        classes.apply_for_subsidy(found.fresh(), by=officer)
    assert "第0班" in refused.value.next_step
    found.activity.programme.limits["subsidised_classes"] = 4
    found.activity.programme.save()
    with transaction.atomic():
        CareNote.objects.create(class_file=found.file, kind="incident", by=officer)
        with pytest.raises(InvalidTransition, match="有意外记录"):
            classes.apply_for_subsidy(found.fresh(), by=officer)
        transaction.set_rollback(True)
    assert classes.apply_for_subsidy(found.fresh(), by=officer).subsidy["amount"] == "10000.00"


def test_every_verb_of_a_day_in_every_state(world: World) -> None:
    found, child = running_class(world)
    officer = world["officer"]
    person = child.pick_ups.first()
    ways = {
        DayState.EXPECTED: [], DayState.ARRIVED: ["arrive"], DayState.OUT: ["arrive", "step_out"], DayState.PICKED_UP: ["arrive", "pick_up"],
        DayState.ABSENT: ["miss"], DayState.LEAVE: ["excuse"],
    }  # fmt: skip

    def do(verb: str) -> ChildDay:
        one = found.again(child)
        if verb == DayVerb.ARRIVE:
            return days.arrive(one, by=officer, brought_by=person)
        if verb in (DayVerb.PICK_UP, DayVerb.STEP_OUT):
            return days.pick_up(one, by=officer, person=person, for_a_while=verb == DayVerb.STEP_OUT)
        return days.mark(one, verb, by=officer)

    for state, way in ways.items():
        for verb, transition in DAY.items():
            with transaction.atomic():
                for step in way:
                    do(step)
                if state in transition.sources:
                    assert do(verb).state == transition.targets[0], (state, verb)
                else:
                    with pytest.raises(InvalidTransition):
                        do(verb)
                transaction.set_rollback(True)


def test_a_class_runs_only_with_everything(world: World) -> None:
    found = make_class(world, least=1)
    officer = world["officer"]
    today = timezone.localdate()
    child = found.child()
    with pytest.raises(InvalidTransition, match="辅导老师"):
        found.take("start")
    carer = classes.add_carer(found.fresh(), by=officer, name="潘雨桐", duty="tutor")
    with pytest.raises(InvalidTransition, match="违法犯罪"):
        found.take("start")
    classes.check_carer(carer, by=officer, checked_on=today, check_number="CX-1")
    Carer.objects.update(checked_on=today - datetime.timedelta(days=366))
    with pytest.raises(InvalidTransition, match="一年内"):
        found.take("start")
    Carer.objects.update(checked_on=today - datetime.timedelta(days=365))
    with pytest.raises(InvalidTransition, match="保险"):
        found.take("start")
    classes.insure(found.fresh(), by=officer, insurance_number="BX", insured_until=today)
    with pytest.raises(InvalidTransition, match="不到最少"):
        found.take("start")
    children.sign_agreement(child, by=officer)
    assert found.take("start").state == "running"
    with pytest.raises(ActionError, match="先有查询"):
        classes.add_carer(found.fresh(), by=officer, name="志愿者", duty="volunteer")
    with pytest.raises(ActionError, match="方面"):
        classes.accept(make_class(world, title="另一班", season="2026 寒假").file, by=officer, seen={"place": "好"})


def test_enrolling_a_child(world: World) -> None:
    found = make_class(world, capacity=1)
    officer = world["officer"]
    first = found.child("何以宁", 12)
    assert Event.objects.filter(verb="child.consent", subject_id=str(first.pk)).count() == 1
    refused = (
        ({"consents": False, "sequence": 20}, "监护人同意"), ({"grade": 0, "sequence": 20}, "年级"),
        ({"birth_on": datetime.date(2012, 5, 12), "sequence": 20}, "收 6 到 12 岁"), ({"sequence": 12}, "已经报过名"),
    )  # fmt: skip
    for fields, words in refused:
        with pytest.raises(ActionError, match=words):
            found.child("新孩子", **fields)
    with pytest.raises(ActionError, match="自己的报名表"):
        enrolments.enrol(found.activity, by=officer, name="何以宁", phone="13800000001")
    other = make_class(world, title="马山暑期班")
    with pytest.raises(ActionError, match="本季已经报了"):
        other.child("何以宁", 12)
    # A sister with the same mother's telephone is another child; she waits, moves up, and the place is free elsewhere.
    sister = found.child("何以安", 14, guardian=Person("丁香兰", Kin.MOTHER, "15800000012"))
    assert sister.enrolment.state == "waiting"
    enrolments.leave(first.enrolment, by=officer, reason="搬家")
    assert found.again(sister).enrolment.state == "confirmed"
    assert other.child("何以宁", 12).enrolment.state == "confirmed"
    with pytest.raises(Error), transaction.atomic():
        Child.objects.filter(pk=first.pk).update(released_at=None)
    children.withdraw_consent(found.again(sister), by=officer)
    gone = found.again(sister)
    assert (gone.enrolment.state, gone.health_sealed, gone.pick_ups.filter(removed_at=None).count()) == (
        "withdrawn",
        None,
        0,
    )


def test_an_agreement_leads_to_a_page_that_may_be_seen(world: World, client: Client) -> None:
    found = make_class(world)
    client.force_login(world["officer"])
    for sequence, is_let_in in ((12, False), (13, True)):
        child = found.child("何以宁", sequence)
        if is_let_in:
            found.let_in()
        answer = client.post(reverse("activities:do_one", args=[found.activity.pk, "agree", child.pk]))
        assert (answer["Location"] == reverse("childcare:child", args=[found.activity.pk, child.pk])) == is_let_in
        assert client.get(answer["Location"]).status_code == 200
        assert found.again(child).agreement_on == timezone.localdate()


def test_the_alarm_rings_once_and_names_nobody(world: World) -> None:
    found, child = running_class(world)
    days.arrive(child, by=world["officer"], alone=True)
    ClassFile.objects.update(hours_from=datetime.time(0), hours_to=datetime.time(0, 1), late_after=1)
    late = timezone.localtime().replace(hour=0, minute=1)
    assert days.alarm(late) == 0
    late = late.replace(minute=2)
    assert (days.alarm(late), days.alarm(late)) == (1, 0)
    told = Notice.objects.filter(verb="activity.late_pick_up")
    assert set(told.values_list("user__username", flat=True)) >= {"officer", "leader"}
    with pytest.raises(InvalidTransition, match="没有接走"):
        found.take("finish")


def test_medicine_only_with_a_guardians_word(world: World) -> None:
    found, child = running_class(world, capacity=3)
    officer = world["officer"]
    other = found.child("俞子墨", 13)
    for guardian in (None, other.guardians.get()):
        with pytest.raises(ActionError, match="授权"):
            days.write(found.fresh(), "medicine", by=officer, words="退烧药一次", child=child, authorised_by=guardian)
    with pytest.raises(Error), transaction.atomic():
        CareNote.objects.create(class_file=found.file, child=child, kind="medicine", by=officer)
    made = days.write(
        found.fresh(), "medicine", by=officer, words="退烧药一次", child=child, authorised_by=child.guardians.get()
    )
    assert made.open("words") == "退烧药一次"


def test_too_few_days_and_the_subsidy(world: World) -> None:
    found, child = running_class(world, capacity=40)
    officer = world["officer"]
    often = found.child("俞子墨", 13)
    children.sign_agreement(often, by=officer)
    mother = {one.pk: one.pick_ups.first() for one in (child, often)}
    for back in (3, 2, 1):
        now = timezone.now() - datetime.timedelta(days=back)
        for one in (often, child) if back == 1 else (often,):
            days.arrive(found.again(one), by=officer, brought_by=mother[one.pk], now=now)
            days.pick_up(found.again(one), by=officer, person=mother[one.pk], now=now)
    row = found.take("finish")
    assert row.people_served == 2
    child, often = found.again(child), found.again(often)
    assert ((child.days_there, child.days_held, child.is_flagged), often.is_flagged) == ((1, 3, True), False)
    assert days.forget(timezone.now() + datetime.timedelta(days=360)) == 0
    with transaction.atomic():
        assert days.forget(timezone.now() + datetime.timedelta(days=370)) == 6
        assert found.again(child).days_there == 1
        transaction.set_rollback(True)
    later = make_class(world, season="2027 寒假", title="寒假班", priority_groups=["困难职工"])
    again = later.child("何以宁", 12, group="困难职工")
    assert (again.enrolment.is_priority, again.enrolment.note) == (False, "上一季出勤不足")
    # The table by size and by old or new; a parameter of the district goes before; the arithmetic is kept.
    with pytest.raises(InvalidTransition, match="没有补助"):
        classes.apply_for_subsidy(found.fresh(), by=officer)
    sizes = {
        9: (0, "0.00"), 10: (10, "10000.00"), 19: (10, "10000.00"), 20: (20, "15000.00"), 30: (30, "20000.00"), 173: (30, "20000.00"),
    }  # fmt: skip
    for size, expected in sizes.items():
        with transaction.atomic():
            more = Enrolment.objects.bulk_create(
                Enrolment(
                    activity=row, serial=100 + number, name="孩子", state="applied", person_key=str(number), by=officer
                )
                for number in range(size - 2)
            )
            for state in ("confirmed", "attending"):
                Enrolment.objects.filter(pk__in=[one.pk for one in more]).update(state=state)
            Child.objects.bulk_create(
                Child(
                    enrolment=one, class_file=found.file, district=world.district, season="x", sex="male", birth_on=timezone.localdate(),
                    grade=1, identity_hash=one.person_key, consent_version="1", consent_at=timezone.now(), consent_way="paper",
                    agreement_on=timezone.localdate(),
                )
                for one in more
            )  # fmt: skip
            reckoned = classes.reckon(found.fresh(), timezone.localdate())
            assert (reckoned["least"], reckoned["amount"]) == expected, size
            if size == 173:
                # 242,200 yuan for 173 children were 1,400 each (domain 8).
                Parameter.objects.create(
                    district=world.district, code="childcare.subsidy.30.old", name="托管补助", value=Decimal(242_200), valid_from=timezone.localdate(),
                )  # fmt: skip
                whole = classes.reckon(found.fresh(), timezone.localdate())
                assert (whole["children"], whole["amount"], whole["per_child"]) == (173, "242200.00", "1400.00")
            if size == 20:
                ClassFile.objects.update(is_new=True)
                assert classes.reckon(found.fresh(), timezone.localdate())["amount"] == "20000.00"
                Parameter.objects.create(
                    district=world.district, code="childcare.subsidy.20.new", name="托管补助", value=Decimal(28000), valid_from=timezone.localdate(),
                )  # fmt: skip
                assert classes.reckon(found.fresh(), timezone.localdate())["per_child"] == "1400.00"
                with pytest.raises(InvalidTransition, match="家长评价"):
                    classes.apply_for_subsidy(found.fresh(), by=officer)
                opinions.rate(
                    Enrolment.objects.select_related("activity__programme").get(pk=child.enrolment_id),
                    by=officer,
                    score=5,
                )
                assert classes.apply_for_subsidy(found.fresh(), by=officer).subsidy["amount"] == "28000.00"
            transaction.set_rollback(True)


def test_every_doing_asks_and_is_refused_to_the_wrong_people(world: World, elsewhere: World) -> None:
    """Each address of what is done beside the steps: 404 to an outsider, 403 to who may not, never a fault."""
    from services.activities.doings import doings

    found, child = running_class(world)
    row = found.activity
    items = {
        "recheck": Carer.objects.get().pk, "let-go": Carer.objects.get().pk, "grant": found.file.grants.get().pk,
        "deny": found.file.grants.get().pk, "revoke": found.file.grants.get().pk, "drop-pick-up": child.pick_ups.first().pk,
    }  # fmt: skip
    people = {name: world[name] for name in ("leader", "town", "cadre")} | {"far": elsewhere["officer"]}
    browsers = {name: Client() for name in people}
    for name, browser in browsers.items():
        browser.force_login(people[name])
    seen = {}
    for doing in doings():
        item = items.get(
            doing.key,
            child.pk
            if doing.key in ("agree", "add-pick-up", "alone", "consent", "care", "contact")
            else child.enrolment_id,
        )
        address = f"/services/activity/{row.pk}/do/{doing.key}/" + (f"{item}/" if doing.item else "")
        for who, browser in browsers.items():
            # Who may do nothing here is refused all alike: each run asks for a share of what they are refused.
            if who in ("leader", "town") or taken("doing", doing.key, who, of=4):
                seen[doing.key, who] = browser.get(address).status_code
    assert {status for (_key, who), status in seen.items() if who == "far"} == {404}
    # The liaison of the town sees that there is a class, and may do nothing with it.
    assert 200 not in {status for (_key, who), status in seen.items() if who == "cadre"}
    assert set(seen.values()) <= {200, 403, 404, 409, 422}
    leader = {key for (key, who), status in seen.items() if who == "leader" and status == 200}
    assert leader == {"grant", "deny", "revoke"}
    town = {key for (key, who), status in seen.items() if who == "town" and status == 200}
    assert not town & {"spend", "accept", "subsidy", "care", "add-pick-up"}
    assert {"carer", "insure", "safety", "child", "ask", "session", "goods"} <= town


class _Before(models.Model):
    """As a guardian or whoever takes a child home stood in clear."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=50)
    name_sealed = models.BinaryField(null=True)
    name_hash = models.CharField(max_length=64)
    name_masked = models.CharField(max_length=50)

    class Meta:
        abstract = True


class GuardianBefore(_Before):
    class Meta:
        app_label, db_table, managed = "childcare_before", "childcare_guardian", False


class PickUpBefore(_Before):
    card_tail = models.CharField(max_length=4)
    card_sealed = models.BinaryField(null=True)
    card_hash = models.CharField(max_length=64)
    card_masked = models.CharField(max_length=4)

    class Meta:
        app_label, db_table, managed = "childcare_before", "childcare_pickup", False


def test_names_that_stood_in_clear_are_sealed_by_the_migration(world: World) -> None:
    make_class(world).child("何以宁", 12)
    seal = import_module("services.childcare.migrations.0003_seal_persons")
    before = {"Guardian": GuardianBefore, "PickUp": PickUpBefore}
    old = SimpleNamespace(get_model=lambda app, name: before[name])
    clear = {"丁香兰": "1147", "茹玉珍": "0428"}
    with connection.cursor() as cursor:
        # Tables of this connection stand before the real ones.
        for table, more in (("childcare_guardian", ""), ("childcare_pickup", ", ''::text AS card_tail")):
            cursor.execute(
                f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT *, ''::text AS name {more} FROM {table}"
            )
        for model in before.values():
            for row in model.objects.all():
                row.name = "茹玉珍" if row.name_masked == "茹*珍" else "丁香兰"
                if model is PickUpBefore:
                    row.card_tail, row.card_sealed, row.card_masked = clear[row.name], None, ""
                row.name_sealed, row.name_masked = None, ""
                row.save()
        seal.fill(old, None)
        kept = PickUp.objects.all()
        assert {one.open("name"): one.open("card") for one in kept} == clear
        assert {(one.name_masked, one.card_masked) for one in kept} == {("丁*兰", "••••"), ("茹*珍", "••••")}
        assert [one.open("name") for one in Guardian.objects.all()] == ["丁香兰"]
        PickUpBefore.objects.update(name="", card_tail="")
        seal.open_again(old, None)
        assert dict(PickUpBefore.objects.values_list("name", "card_tail")) == clear
        cursor.execute("DROP TABLE pg_temp.childcare_guardian, pg_temp.childcare_pickup")


def test_a_class_and_its_day_are_doors_of_the_api(world: World) -> None:
    """Filled in, staffed, enrolled, asked for and let in, signed in and out: by the actions of the pages, and no name leaves."""
    found = make_class(world)
    officer, leader, other = (Caller(world[name]) for name in ("officer", "leader", "other_handler"))
    place = f"/api/v1/care-classes/{found.file.pk}/"
    told = officer.get(place).json()
    assert {"class-file", "accept", "carer", "insure", "safety", "child", "ask"} <= set(told["allowed"])
    reasons = {one["verb"]: one["reason"] for one in told["refused"]}
    assert "不能这样做" in reasons["subsidy"]
    # The same page of settings: what is not sent stays as it is.
    assert officer.post(f"{place}acts/class-file/", {"late_after": 20}).status_code == 200
    assert (found.fresh().late_after, found.fresh().season) == (20, "2026 暑期")
    assert officer.post(f"{place}acts/class-file/", {"age_from": 12, "age_to": 6}).status_code == 422
    today = timezone.localdate()
    carer = {"name": "潘雨桐", "duty": "tutor", "checked_on": str(today), "check_number": "CX-1"}
    (told,) = officer.post(f"{place}acts/carer/", carer).json()["carers"]
    check = {"checked_on": str(today), "check_number": "CX-2"}
    assert officer.post(f"{place}acts/recheck/{told['id']}/", check).status_code == 200
    insured = {"insurance_number": "BX-1", "insured_until": str(today + datetime.timedelta(days=30))}
    assert officer.post(f"{place}acts/insure/", insured).status_code == 200
    assert officer.post(f"{place}acts/safety/", {"good": ["fire"]}).status_code == 422
    assert officer.post(f"{place}acts/safety/", {"good": ["fire"], "note": "其余明天补"}).status_code == 200
    enrolled = {
        "name": "何以宁", "sex": "female", "birth_on": "2017-05-12", "grade": "3", "identity": identity(12), "school": "塔山小学",
        "health": "花生过敏", "guardian_name": "丁香兰", "guardian_kin": "mother", "guardian_phone": "15800001147",
        "emergency_name": "邵美娟", "emergency_kin": "friend", "emergency_phone": "13600003300", "consent_way": "paper", "consents": True,
        "other_name": "茹玉珍", "other_kin": "grandparent", "other_phone": "13700006620", "other_tail": "0428",
    }  # fmt: skip
    missing = officer.post(f"{place}acts/child/", {**enrolled, "consents": False})
    assert {one["field"] for one in missing.json()["errors"]} == {"consents"}
    assert officer.post(f"{place}acts/child/", enrolled).status_code == 200
    child = Child.objects.get()
    assert officer.post(f"{place}acts/agree/{child.pk}/").status_code == 200
    found.take("start")
    # Nobody reads of the children before somebody else has let them in.
    assert officer.get(f"{place}children/").status_code == 403
    asked = {"reason": "带班", "until": str(today)}
    (grant,) = officer.post(f"{place}acts/ask/", asked).json()["grants"]
    assert officer.post(f"{place}acts/grant/{grant['id']}/").status_code == 403
    assert leader.post(f"{place}acts/grant/{grant['id']}/").json()["grants"][0]["state"] == "granted"
    reads = Event.objects.filter(verb="classfile.read").count()
    (row,) = officer.get(f"{place}children/").json()["results"]
    one = f"{place}children/{row['id']}/"
    told = officer.get(one).json()
    assert (row["serial"], row["today"], told["allowed"]) == (1, "expected", ["arrive", "miss", "excuse", "turn_away"])
    assert {one["verb"] for one in told["refused"]} == {"pick_up", "step_out", "correct"}
    assert Event.objects.filter(verb="classfile.read").count() == reads + 2
    assert other.get(one).status_code == 403
    (taker,) = [one for one in told["pick_ups"] if one["kin"] == "grandparent"]
    assert officer.post(f"{one}day/arrive/", {"person": taker["id"]}).json()["today"] == "arrived"
    # Nobody leaves with a person who is not on the list.
    assert officer.post(f"{one}day/pick_up/", {"person": str(uuid.uuid4())}).status_code == 404
    stranger = found.child("周小满", 13, pick_ups=[Person("白家大伯", Kin.FRIEND)])
    wrong = officer.post(f"{one}day/pick_up/", {"person": str(stranger.pick_ups.get(kin="friend").pk)})
    assert (wrong.status_code, wrong.json()["detail"]) == (403, "名单外的人不能接走孩子。")
    assert officer.post(f"{one}day/pick_up/", {"alone": True}).status_code == 403
    assert officer.post(f"{one}day/turn_away/", {"who": "一个陌生人"}).json()["today"] == "arrived"
    answer = officer.post(f"{one}day/pick_up/", {"person": taker["id"]})
    assert answer.json()["today"] == "picked_up"
    assert officer.post(f"{one}day/pick_up/", {"person": taker["id"]}).status_code == 409
    secrets = ("何以宁", "丁香兰", "茹玉珍", "15800001147", "花生", "塔山小学", "0428", identity(12))
    for url in (place, f"{place}children/", one, "/api/v1/activities/"):
        text = officer.get(url).content.decode()
        assert not [secret for secret in secrets if secret in text], url
    assert officer.get(f"/api/v1/activities/{found.activity.pk}/acts/").json()["activity"] == str(found.activity.pk)
