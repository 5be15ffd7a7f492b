"""Every page of this room by every role, generated from the address table: no 500, nothing of another district."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.sampling import taken
from tests.world import make_enterprise
from unionops.org.models import Contact, Enterprise, Event, Leave, Organisation, Person, Posting, User

MOST = {"admin", "auditor", "leader", "cadre"}
PEOPLE = ("cadre", "leader", "chief", "clerk", "handler", "town", "mediator", "officer", "auditor", "admin", "unposted")
NUMBERS = ("13800002047", "13900001111")
# Only sent, never opened.
POSTED = {"sign_out", "language", "leave_cancel"}


PATTERNS = {
    pattern.name: pattern.pattern
    for included in get_resolver().url_patterns
    if getattr(included, "app_name", "") == "org"
    for pattern in included.url_patterns
}
NAMES = sorted(set(PATTERNS) - POSTED)
# What points at one thing of a district.
POINTING = [name for name in NAMES if PATTERNS[name].converters]


@pytest.fixture
def things(world):
    """One thing of each kind that an address can point at."""
    person = Person(district=world.district, town=world.town, name="陈桂芳")
    person.set_names()
    person.put("phone", NUMBERS[0], "138****2047")
    person.save()
    contact = Contact(enterprise=world.enterprise, name="吴主席", is_main=True)
    contact.put("phone", NUMBERS[1], "139****1111")
    contact.save()
    return {
        "enterprise": world.enterprise.pk, "contact": contact.pk, "person": person.pk, "organisation": world.town.pk,
        "account": world.people["handler"].pk, "posting": Posting.objects.get(user=world.people["handler"]).pk,
        "leave": Leave.objects.create(user=world.people["cadre"], starts_on=datetime.date(2030, 1, 1), ends_on=datetime.date(2030, 1, 2)).pk,
        "entry": Event.objects.create(kind="user", subject_id="1", verb="user.sign_in", by=world.people["cadre"], district=world.district, at=timezone.now()).pk,
    }  # fmt: skip


def address(name: str, things: dict) -> str:
    kind = (
        "contact" if name.startswith("contact_") and name != "contact_new" else
        "person" if name.startswith("person") and name != "person_new" else
        "organisation" if name.startswith("organisation_") and name != "organisation_new" else
        "posting" if name == "posting_end" else
        "entry" if name == "log_entry" else
        "enterprise" if name.startswith("enterprise") or name == "contact_new" else "account"
    )  # fmt: skip
    for args in ([], [things[kind]], [things[kind], "phone"]):
        try:
            return reverse(f"org:{name}", args=args)
        except Exception:  # noqa: BLE001, S112 -- the table says how many it takes
            continue
    raise AssertionError(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_page_answers_each_role(world, as_person, things, name):
    url = address(name, things)
    # Four whose pages differ most; of the others each run asks a share.
    asked = [who for who in PEOPLE if who in MOST or taken(name, who, of=3)]
    found = {who: as_person(who).get(url) for who in asked}
    answers = {who: answer.status_code for who, answer in found.items()}

    assert set(answers.values()) <= {200, 302, 403, 404}, answers
    # No telephone number stands in clear on any page.
    for who, answer in found.items():
        assert not [number for number in NUMBERS if number in answer.content.decode()], who
    # Administrators keep accounts, organisations and settings; the auditor alone reads the log; everybody has their own.
    if url.startswith("/settings/"):
        keeper = "auditor" if name in ("log", "log_entry") else "admin"
        assert answers[keeper] == 200
        others = {who for who in asked if who not in ("admin", "auditor")}
        assert all(answers[who] in (403, 404) for who in others), answers
    if name in ("me", "password", "my_leave"):
        assert set(answers.values()) == {200}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sign_in"])
def test_nobody_without_an_account_gets_in(world, things, name):
    response = Client().get(address(name, things))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("org:sign_in"))


def test_what_belongs_to_another_district_does_not_exist(world, elsewhere, as_person, things):
    for who in ("admin", "leader", "clerk", "cadre", "auditor"):
        stranger = as_person(who, elsewhere)
        for name in POINTING:
            assert stranger.get(address(name, things)).status_code in (403, 404), (name, who)


@pytest.mark.parametrize("count", [1, 3, 100])
def test_directory_costs_the_same_for_any_number_of_rows(world, as_person, django_assert_max_num_queries, count):
    for _ in range(count):
        make_enterprise(world.town)
    client = as_person("leader")
    client.get(reverse("org:enterprises"))

    with django_assert_max_num_queries(6):
        response = client.get(reverse("org:enterprises"))

    assert response.content.decode().count('class="ttl"') == min(count + 1, 50)


@pytest.mark.parametrize("text", ["hr", "恒润", "hengrun", "91330"])
def test_firm_is_found_by_two_keystrokes(world, as_person, text):
    make_enterprise(world.town, "绍兴恒润纺织有限公司", credit_code="91330602MA2BDLAK1Y")

    found = as_person("cadre").get(reverse("org:enterprise_suggest"), {"q": text}).json()["results"]

    assert "绍兴恒润纺织有限公司" in [row["name"] for row in found]


def test_account_is_opened_posted_handed_over_and_closed(world, as_person):
    admin = as_person("admin")
    fields = {
        "name": "陈立权", "username": "chenliquan", "organisation": world.town.pk, "role": "liaison", "valid_from": "2026-01-01",
        "weekly_quota": "4",
    }  # fmt: skip
    asked = admin.post(reverse("org:account_new"), fields).content.decode()
    assert "陈立权将任斗门街道的驻联干部" in asked
    assert "cadre 驻联干部" in asked
    assert not User.objects.filter(username="chenliquan").exists()
    opened = admin.post(reverse("org:account_new"), fields | {"confirmed": "1"})
    assert "只显示这一次" in opened.content.decode()
    taker = Posting.objects.get(user__username="chenliquan").user
    second = {"organisation": world.other_town.pk, "role": "liaison", "valid_from": "2026-01-01"}
    address = reverse("org:posting_new", args=[taker.pk])
    asked = admin.post(address, second).content.decode()
    assert "other_cadre 驻联干部" in asked
    assert taker.postings.count() == 1
    assert admin.post(address, second | {"confirmed": "1"}).status_code == 302
    assert taker.postings.count() == 2
    issue = world.issue()
    posting = Posting.objects.get(user=world.people["cadre"])
    url = reverse("org:hand_over", args=[world.people["cadre"].pk])
    wanted = {"taker": taker.pk, "on": datetime.date.today().isoformat(), "postings": [posting.pk]}  # noqa: DTZ011

    asked = admin.post(url, wanted).content.decode()
    issue.refresh_from_db()
    assert issue.liaison == world.people["cadre"]
    assert 'name="confirmed"' in asked
    done = admin.post(url, wanted | {"confirmed": "1"})

    assert done.status_code == 302, done.content.decode()
    issue.refresh_from_db()
    assert (issue.liaison, issue.registered_by) == (taker, world.people["cadre"])
    close = reverse("org:account_deactivate", args=[world.people["cadre"].pk])
    assert "今天结束的任职" in admin.get(close).content.decode()
    assert admin.post(close, {"reason": "调离"}).status_code == 302
    world.people["cadre"].refresh_from_db()
    assert not world.people["cadre"].is_active


@pytest.mark.parametrize(
    ("field", "value"),
    [("identity", "330602199001011234"), ("phone", "123"), ("name", "陈\0"), ("name", "😀"), ("name", "")],
)
def test_bad_person_is_named_and_keeps_what_was_typed(world, as_person, field, value):
    fields = {"name": "𠮷㐂", "town": world.town.pk, "note": "夜班保安，住宿舍"}

    response = as_person("cadre").post(reverse("org:person_new"), fields | {field: value})

    if response.status_code == 302:
        assert "\0" not in Person.objects.get().name
    else:
        assert response.status_code == 422
        assert "夜班保安，住宿舍" in response.content.decode()
        assert not Person.objects.exists()


def test_rare_characters_stay_as_they_are(world, as_person):
    as_person("cadre").post(reverse("org:person_new"), {"name": "𠮷㐂", "town": world.town.pk})

    assert Person.objects.get().name == "𠮷㐂"


@pytest.mark.parametrize(
    ("name", "who", "column", "typed"),
    [
        ("account_edit", "admin", "name", {"name": "韩办", "weekly_quota": "4"}),
        ("organisation_edit", "admin", "name", {"name": "斗门镇总工会"}),
        ("contact_edit", "clerk", "position", {"name": "吴主席", "position": "工会委员"}),
    ],
)
def test_edit_of_what_somebody_else_has_just_edited_is_told_and_may_be_sent_again(
    world, as_person, things, name, who, column, typed
):
    url, client = address(name, things), as_person(who)
    row = {
        "account_edit": world.people["handler"], "organisation_edit": world.town, "contact_edit": Contact.objects.get(),
    }[name]  # fmt: skip
    if name == "organisation_edit":
        typed = {**typed, "parent": world.district.pk}
    seen = version_on(client.get(url))
    type(row).objects.filter(pk=row.pk).update(**{column: "别人改的"})

    told = client.post(url, {**typed, "version": seen})
    row.refresh_from_db()
    assert (told.status_code, getattr(row, column)) == (422, "别人改的")
    assert "别人改动了这里" in told.content.decode()
    assert "：别人改的" in told.content.decode()
    again = client.post(url, {**typed, "version": version_on(told)})
    row.refresh_from_db()
    assert (again.status_code, getattr(row, column)) == (302, typed[column])


def version_on(page):
    return re.search(r'name="version"[^>]*value="(\d+)"', page.content.decode())[1]


def test_log_grows_only(world):
    from django.db import connection, transaction
    from django.db.utils import DatabaseError

    event = Event.objects.create(
        at=timezone.now(), kind="user", subject_id="1", verb="user.sign_in", by=world["cadre"], district=world.district
    )
    for sql in ("UPDATE org_event SET verb = 'user.nothing' WHERE id = %s", "DELETE FROM org_event WHERE id = %s"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [event.pk])


def test_organisation_is_added_renamed_and_closed(world, as_person):
    admin, today = as_person("admin"), timezone.localdate()
    fields = {"kind": "town", "parent": world.district.pk, "name": "皋埠街道总工会", "short_name": "皋埠街道"}
    assert admin.post(reverse("org:organisation_new"), fields).status_code == 302
    made = Organisation.objects.get(name="皋埠街道总工会")

    edit = reverse("org:organisation_edit", args=[made.pk])
    assert admin.post(edit, fields | {"name": "皋埠镇总工会"}).status_code == 302
    # Old ledgers say the old name.
    made.refresh_from_db()
    assert (made.name, made.aliases) == ("皋埠镇总工会", ["皋埠街道总工会"])
    assert as_person("leader").get(edit).status_code == 403

    refused = admin.post(reverse("org:organisation_close", args=[world.town.pk]), {"on": today.isoformat()})
    assert refused.status_code == 422
    assert "还任职于此" in refused.content.decode()
    assert admin.post(reverse("org:organisation_close", args=[made.pk]), {"on": today.isoformat()}).status_code == 302
    made.refresh_from_db()
    assert made.valid_to == today
    tomorrow = today + datetime.timedelta(days=1)
    assert not Organisation.objects.valid_on(tomorrow).filter(pk=made.pk).exists()
    # What will be refused is refused before its effect is shown.
    wrong = {"organisation": made.pk, "role": "leader", "valid_from": today.isoformat()}
    assert admin.post(reverse("org:posting_new", args=[world.people["cadre"].pk]), wrong).status_code == 422
    late = {"organisation": made.pk, "role": "liaison", "valid_from": tomorrow.isoformat(), "confirmed": "1"}
    assert admin.post(reverse("org:posting_new", args=[world.people["cadre"].pk]), late).status_code == 422


def test_key_list_has_periods(world, as_person):
    firm, today = world.enterprise, timezone.localdate()
    since = today - datetime.timedelta(days=30)
    clerk = as_person("clerk")
    assert clerk.post(reverse("org:enterprise_key_list", args=[firm.pk]), {"on": since.isoformat()}).status_code == 302
    yesterday = today - datetime.timedelta(days=1)
    assert (
        clerk.post(reverse("org:enterprise_key_list", args=[firm.pk]), {"on": yesterday.isoformat()}).status_code == 302
    )

    days = (since - datetime.timedelta(days=1), since, yesterday, today)
    assert [Enterprise.objects.key_on(day).filter(pk=firm.pk).exists() for day in days] == [False, True, True, False]
    assert (
        as_person("cadre")
        .post(reverse("org:enterprise_key_list", args=[firm.pk]), {"on": today.isoformat()})
        .status_code
        == 403
    )


def test_ten_megabytes_of_text_are_refused_without_harm(world, as_person):
    fields = {"name": "陈桂芳", "town": world.town.pk, "note": "长" * 3_400_000}

    assert as_person("cadre").post(reverse("org:person_new"), fields).status_code in (400, 413, 422)
    assert not Person.objects.exists()


def test_wrong_check_digit_is_told_by_its_field(world, as_person):
    fields = {"name": "陈桂芳", "town": world.town.pk, "identity": "330602199001011234"}

    page = as_person("cadre").post(reverse("org:person_new"), fields).content.decode()

    assert 'id="id_identity-err"' in page
    assert 'value="陈桂芳"' in page


def test_a_pilot_of_the_reform_is_marked_and_found(world, as_person):
    firm = world.enterprise
    other = make_enterprise(world.town, "晨光模具有限公司")
    clerk = as_person("clerk")
    page = reverse("org:enterprise_edit", args=[firm.pk])
    given = {"name": firm.name, "town": world.town.pk, "credit_code": firm.credit_code or "", "reform_pilot": "on"}
    answer = clerk.post(page, {**given, "version": firm.version})

    assert answer.status_code == 302
    found = clerk.get(reverse("org:enterprises"), {"reform_pilot": "1"}).content.decode()
    assert firm.name in found
    assert other.name not in found
    assert "产改试点" in clerk.get(reverse("org:enterprise", args=[firm.pk])).content.decode()
    told = clerk.get("/api/v1/enterprises/", {"reform_pilot": "true"}).json()["results"]
    assert [(row["name"], row["reform_pilot"]) for row in told] == [(firm.name, True)]
