"""Accounts and posts: what is refused, by the action or by the database itself, and what a hand-over moves."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.world import PASSWORD, SINCE, make_user
from unionops.org.actions import accounts, postings
from unionops.org.enums import Role
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.models import Event, Posting, User
from visits.enums import IssueState


def today() -> datetime.date:
    return timezone.localdate()


def test_account_opens_with_a_password_told_once_that_must_be_changed(world, client):
    opened = accounts.create_account(
        username="xinren",
        name="辛仁",
        organisation=world.town,
        role=Role.LIAISON,
        valid_from=today(),
        by=world["admin"],
    )

    client.post(reverse("org:sign_in"), {"username": "xinren", "password": opened.password})
    asked = client.get(reverse("visits:visits"))
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("org:password"))
    fields = {"old": opened.password, "new": "hongcha luobo shanshui 9", "again": "hongcha luobo shanshui 9"}
    assert client.post(reverse("org:password"), fields).status_code == 302
    assert client.get(reverse("visits:visits")).status_code == 200
    assert opened.password not in str(list(Event.objects.values_list("data", flat=True)))


def test_username_is_taken_in_whatever_case(world):
    with pytest.raises(ActionError) as refused:
        accounts.create_account(
            username="Cadre", name="重名", organisation=world.town, role=Role.LIAISON, valid_from=today(),
            by=world["admin"],
        )  # fmt: skip

    assert refused.value.field == "username"


def test_overlapping_postings_are_refused_by_the_database(world):
    with pytest.raises(IntegrityError, match="posting_no_overlap"), transaction.atomic():
        Posting.objects.create(user=world.people["cadre"], organisation=world.town, role=Role.LIAISON, valid_from=SINCE)
    with pytest.raises(ActionError, match="重叠"):
        postings.post(world["cadre"], organisation=world.town, role=Role.LIAISON, valid_from=today(), by=world["admin"])


@pytest.mark.parametrize(("held", "wanted"), [("auditor", Role.ADMIN), ("admin_too", Role.AUDITOR)])
def test_who_keeps_accounts_does_not_keep_the_log(world, held, wanted):
    make_user("admin_too", Role.ADMIN, world.district)
    person = User.objects.get(username=held)

    with pytest.raises(ActionError) as refused:
        postings.post(person, organisation=world.district, role=wanted, valid_from=today(), by=world["admin"])

    assert refused.value.field == "role"


def test_role_belongs_to_its_kind_of_organisation(world):
    with pytest.raises(ActionError) as refused:
        postings.post(
            world["cadre"], organisation=world.department, role=Role.LIAISON, valid_from=today(), by=world["admin"]
        )

    assert refused.value.field == "organisation"


def test_nobody_gives_a_post_to_themselves(world):
    with pytest.raises(NotAllowed):
        postings.post(
            world["admin"], organisation=world.district, role=Role.LEADER, valid_from=today(), by=world["admin"]
        )


def test_last_administrator_stays(world):
    posting = Posting.objects.get(user=world.people["admin"])
    with pytest.raises(ActionError, match="最后一位系统管理员"):
        postings.end_posting(posting, on=today(), by=world["admin"])

    second = make_user("admin_too", Role.ADMIN, world.district)
    accounts.deactivate_account(world["admin"], by=second, reason="调离")
    with pytest.raises(ActionError):
        accounts.deactivate_account(second, by=User.objects.get(pk=second.pk), reason="调离")
    assert User.objects.get(pk=second.pk).is_active


def test_deactivated_person_is_out_with_the_next_request(world, as_person):
    browser = as_person("cadre")
    assert browser.get(reverse("org:me")).status_code == 200

    accounts.deactivate_account(world["cadre"], by=world["admin"], reason="退休")

    assert browser.get(reverse("org:me")).status_code == 302
    assert Posting.objects.get(user=world.people["cadre"]).valid_to == today()


def test_reset_ends_the_old_password_and_the_open_sessions(world, client):
    client.post(reverse("org:sign_in"), {"username": "cadre", "password": PASSWORD})
    assert client.get(reverse("org:me")).status_code == 200
    opened = accounts.reset_password(world["cadre"], by=world["admin"])

    assert client.get(reverse("org:me")).status_code == 302
    assert not world["cadre"].check_password(PASSWORD)
    assert world["cadre"].check_password(opened.password)


def test_rights_follow_a_post_on_the_next_request(world, as_person):
    other = world.people["other_cadre"]
    issue = world.issue(town=world.other_town, registered_by=other, liaison=other)
    browser = as_person("cadre")
    assert browser.get(reverse("visits:issue", args=[issue.pk])).status_code == 404

    postings.post(
        world["cadre"], organisation=world.other_town, role=Role.LIAISON, valid_from=today(), by=world["admin"]
    )

    assert browser.get(reverse("visits:issue", args=[issue.pk])).status_code == 200


def test_hand_over_moves_what_is_open_and_leaves_history(world):
    taker = make_user("taker", Role.LIAISON, world.other_town, name="接手人")
    open_one, closed = world.issue(IssueState.HANDLING), world.issue(IssueState.CLOSED)
    elsewhere = world.issue(town=world.other_town)
    posting = Posting.objects.get(user=world.people["cadre"])

    moved = postings.hand_over(world["cadre"], taker=taker, postings=[posting], on=today(), by=world["admin"])

    for issue in (open_one, closed, elsewhere):
        issue.refresh_from_db()
    assert moved == {"issue": 1, "dispute": 0, "decision": 0}
    assert (open_one.liaison, open_one.registered_by) == (taker, world.people["cadre"])
    assert closed.liaison == world.people["cadre"]
    assert elsewhere.liaison == world.people["cadre"]
    posting.refresh_from_db()
    assert posting.valid_to == today() - datetime.timedelta(days=1)
    assert Posting.objects.get(user=taker, organisation=world.town).valid_from == today()
    assert Event.objects.filter(kind="issue", subject_id=str(open_one.pk), verb="issue.hand_over").exists()


def test_hand_over_to_oneself_to_a_closed_account_or_tomorrow_is_refused(world):
    posting = Posting.objects.get(user=world.people["cadre"])
    closed = make_user("closed", Role.LIAISON, world.other_town)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    cases = [
        (world["cadre"], today(), "taker"),
        (User.objects.get(pk=closed.pk), today(), "taker"),
        (world["other_cadre"], today() + datetime.timedelta(days=1), "on"),
    ]
    for taker, day, field in cases:
        with pytest.raises(ActionError) as refused:
            postings.hand_over(world["cadre"], taker=taker, postings=[posting], on=day, by=world["admin"])
        assert refused.value.field == field
