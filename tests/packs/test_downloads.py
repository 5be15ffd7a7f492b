"""The way of a download: one's own, made once whatever happens to its worker, kept for a week."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.insight.conftest import find
from unionops.casework import attachments, orphans
from unionops.casework.models import Notice, Outbox
from unionops.org.errors import ActionError, InvalidTransition
from unionops.org.models import Posting
from unionops.packs import making, registry, tasks
from unionops.packs.documents import Document, Section, paragraph
from unionops.packs.enums import TRANSITIONS, DownloadState, Verb
from unionops.packs.models import Download
from visits.models import Issue

from .conftest import ask, content, made, work

pytestmark = pytest.mark.django_db

S = DownloadState
PAGES = ("download", "progress", "file")
STEPS = ("cancel", "again", "also", "discard")
EVERYBODY = ("cadre", "leader", "clerk", "handler", "town", "mediator", "officer", "auditor", "admin", "unposted")


def page(client, row, name="download"):
    return client.get(reverse(f"packs:{name}", args=[row.pk]))


def step(client, row, name, **sent):
    return client.post(reverse(f"packs:{name}", args=[row.pk]), sent)


def in_state(client, state):
    """A download brought into a state by what people and clocks do."""
    row = ask(client, "scorecard", "pdf", period="2026")
    match state:
        case S.MAKING:
            making._begin(str(row.pk))
        case S.READY:
            work()
        case S.CANCELLED:
            step(client, row, "cancel")
        case S.FAILED:
            pack = registry.find("scorecard")
            Download.objects.filter(pk=row.pk).update(parameters={"period": "2026-W99"})
            work()
            assert pack
        case S.EXPIRED:
            work()
            making.remove_expired(timezone.now() + making.KEPT_FOR)
    row.refresh_from_db()
    assert row.state == state
    return row


# --- the ordinary way


def test_asked_for_waited_for_and_fetched(world, as_person):
    client = as_person("leader")
    row = ask(client, "scorecard", "pdf", period="2026")
    text = page(client, row).content.decode()
    assert "排队中" in text
    assert 'hx-trigger="every 1s"' in text
    assert page(client, row, "file").status_code == 404

    work()
    row.refresh_from_db()
    answer = page(client, row, "progress")

    assert answer["HX-Refresh"] == "true"
    assert row.progress == 100
    response = page(client, row, "file")
    # Reading to the end also closes it.
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response["Content-Type"] == "application/pdf"
    assert "attachment" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert f"保留到 {timezone.localdate(row.expires_at)}" in page(client, row).content.decode()


def test_the_bar_tells_how_far_it_is(world, as_person):
    client = as_person("leader")
    row = in_state(client, S.MAKING)
    making.tell(row, 42)

    assert 'value="42"' in page(client, row, "progress").content.decode()
    assert "HX-Refresh" not in page(client, row, "progress")


def test_its_maker_is_told_and_nobody_else(world, as_person):
    client = as_person("leader")
    row = made(client, "scorecard", "pdf", period="2026")

    notice = Notice.objects.get()
    assert notice.user == world.people["leader"]
    listed = client.get(reverse("casework:notices")).content.decode()
    assert "做好了，可以下载" in listed
    followed = client.get(reverse("casework:notice", args=[notice.pk]))
    assert followed.url == reverse("packs:download", args=[row.pk])


def test_another_format_says_the_same_whatever_has_changed(history, as_person):
    client = as_person("leader")
    row = made(client, "scorecard", "pdf", period="2026")
    history.issue(number="S26-9999")
    step(client, row, "also", format="docx")
    work()

    same = Download.objects.exclude(pk=row.pk).get()
    assert same.state == S.READY
    assert same.document == row.document
    assert made(client, "scorecard", "pdf", period="2026").document != row.document


def test_a_format_that_a_paper_does_not_have_is_refused(world, as_person):
    response = as_person("leader").post("/meetings/packs/scorecard/new/", {"format": "exe", "period": "2026"})

    assert response.status_code == 422
    assert not Download.objects.exists()


def test_answers_are_checked(world, as_person):
    response = as_person("leader").post("/meetings/packs/scorecard/new/", {"format": "pdf", "period": "1900"})

    assert response.status_code == 422
    assert not Download.objects.exists()


def test_nobody_fills_the_queue(world, as_person):
    client = as_person("leader")
    for _n in range(making.MOST_UNDER_WAY):
        ask(client, "scorecard", "pdf", period="2026")
    response = client.post("/meetings/packs/scorecard/new/", {"format": "pdf", "period": "2026"})

    assert response.status_code == 429
    assert "您已有 5 份材料在做" in response.content.decode()


# --- states


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize(("name", "verb"), [("cancel", Verb.CANCEL), ("again", Verb.RETRY)])
def test_every_step_in_every_state(world, as_person, state, name, verb):
    client = as_person("leader")
    row = in_state(client, state)
    response = step(client, row, name)
    row.refresh_from_db()

    if state in TRANSITIONS[verb].sources:
        assert response.status_code == 302
        assert (row.state,) == TRANSITIONS[verb].targets
    else:
        assert response.status_code == 409
        assert row.state == state


@pytest.mark.parametrize("state", S)
def test_pages_of_every_state(world, as_person, state):
    client = as_person("leader")
    row = in_state(client, state)

    assert page(client, row).status_code == 200
    assert page(client, row, "progress").status_code == 200
    if state == S.READY:
        assert content(client, row).startswith(b"%PDF")
    else:
        assert page(client, row, "file").status_code == 404
    assert row.title in client.get(reverse("packs:downloads")).content.decode()
    assert (step(client, row, "discard").status_code == 302) == (state not in (S.WAITING, S.MAKING))


def test_the_database_refuses_what_the_table_does_not_know(world, as_person):
    row = in_state(as_person("leader"), S.CANCELLED)

    with pytest.raises(Exception, match="transition"), transaction.atomic():
        Download.objects.filter(pk=row.pk).update(state=S.MAKING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Download.objects.create(maker=world["leader"], pack="x", title="x", format="pdf", state=S.FAILED)


# --- whose it is


def test_what_is_somebody_elses_is_not_found(world, as_person):
    row = made(as_person("leader"), "scorecard", "pdf", period="2026")
    for name in set(EVERYBODY) - {"leader"}:
        other = as_person(name)
        for each in PAGES:
            assert page(other, row, each).status_code == 404, name
        for each in STEPS:
            assert step(other, row, each, format="docx").status_code == 404, name
        assert row.title not in other.get(reverse("packs:downloads")).content.decode(), name
    assert Download.objects.get().state == S.READY


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_has_a_list(world, as_person, name):
    text = as_person(name).get(reverse("packs:downloads")).content.decode()

    assert "还没有做过材料" in text


def test_a_step_is_sent_and_not_followed(world, as_person):
    client = as_person("leader")
    row = made(client, "scorecard", "pdf", period="2026")

    assert {page(client, row, name).status_code for name in STEPS} == {405}


def test_who_has_left_the_post_meanwhile_gets_nothing(world, as_person):
    client = as_person("leader")
    row = ask(client, "scorecard", "pdf", period="2026")
    Posting.objects.filter(user=world.people["leader"]).update(
        valid_to=timezone.localdate() - datetime.timedelta(days=1)
    )
    work()
    row.refresh_from_db()

    assert row.state == S.FAILED
    assert "您的岗位不能做" in row.error


def test_the_list_asks_as_often_for_many_as_for_one(world, as_person):
    client = as_person("leader")
    client.get(reverse("packs:downloads"))
    counts = set()
    for number in (1, 3, 100):
        have = Download.objects.count()
        Download.objects.bulk_create(
            Download(maker=world.people["leader"], pack="scorecard", title=f"成绩单 {n}", format="pdf")
            for n in range(have, number)
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("packs:downloads")).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1


# --- what becomes of a worker


def gone(row, **by):
    """As a row is left by a worker that was killed so long ago."""
    Download.objects.filter(pk=row.pk).update(touched_at=timezone.now() - datetime.timedelta(**by))


def test_a_killed_worker_is_replaced_and_the_file_made_once(world, as_person):
    client = as_person("leader")
    row = in_state(client, S.MAKING)
    Outbox.objects.all().delete()
    gone(row, minutes=16)

    assert making.take_up_lost(timezone.now()) == 1
    assert making.take_up_lost(timezone.now()) == 0
    work()
    tasks.make(str(row.pk))
    row.refresh_from_db()

    assert row.state == S.READY
    assert (row.restarts, row.attempt) == (1, 2)
    assert Notice.objects.count() == 1
    assert content(client, row).startswith(b"%PDF")


def test_work_lost_twice_is_told(world, as_person):
    client = as_person("leader")
    row = in_state(client, S.MAKING)
    for _time in range(2):
        gone(row, minutes=16)
        making.take_up_lost(timezone.now())
    row.refresh_from_db()

    assert row.state == S.FAILED
    assert "两次都中断了" in page(client, row).content.decode()


def test_work_under_way_is_left_alone(world, as_person):
    in_state(as_person("leader"), S.MAKING)

    assert making.take_up_lost(timezone.now()) == 0


@pytest.fixture
def meddled(world):
    """A paper during whose making something happens to its download."""
    happens = []

    def gather(wanted):
        for one in happens:
            one()
        return Document("试验", [Section("", [paragraph("一")])])

    def stream(wanted, target):
        for one in happens:
            one()
        wanted.tell(50)
        return target.write(b"%PDF")

    before = dict(registry._packs)
    pack = registry.Pack(
        code="meddled", title="试验", roles=frozenset({"leader"}), gather=gather, streams={"pdf": stream}, listed=False
    )
    registry.register_pack(pack)
    yield happens
    registry._packs.clear()
    registry._packs.update(before)


def stored():
    return {path.name for path in attachments.store_path("xx").parent.parent.glob(f"??/*.{making.FILE}")}


def test_what_is_cancelled_meanwhile_leaves_nothing(meddled, as_person, settings, tmp_path):
    # A store of its own: the tests beside this one write files too.
    settings.UNIONOPS_FILES = tmp_path / "files"
    client = as_person("leader")
    row = ask(client, "meddled", "pdf")
    before = stored()
    meddled.append(lambda: step(client, row, "cancel"))
    work()
    row.refresh_from_db()

    assert row.state == S.CANCELLED
    assert stored() == before
    assert not Notice.objects.exists()


def test_a_worker_that_wakes_up_late_changes_nothing(meddled, as_person):
    client = as_person("leader")
    row = ask(client, "meddled", "pdf")

    def another_one_does_it():
        meddled.clear()
        gone(row, minutes=16)
        making.take_up_lost(timezone.now())
        making.make(str(row.pk))

    meddled.append(another_one_does_it)
    making.make(str(row.pk))
    row.refresh_from_db()

    assert row.state == S.READY
    assert row.attempt == 2
    assert Notice.objects.count() == 1
    assert {row.stored_as} <= stored()


def test_a_mishap_says_so_and_leaves_nothing(meddled, as_person, settings, tmp_path):
    settings.UNIONOPS_FILES = tmp_path / "files"
    client = as_person("leader")
    row = ask(client, "meddled", "docx")
    before = stored()

    def break_down():
        raise ZeroDivisionError

    meddled.append(break_down)
    with pytest.raises(ZeroDivisionError):
        tasks.make(str(row.pk))
    row.refresh_from_db()
    assert row.state == S.FAILED
    assert "做这份材料时出了意外" in page(client, row).content.decode()
    assert stored() == before

    meddled.clear()
    step(client, row, "again")
    work()
    row.refresh_from_db()
    assert row.state == S.READY


def test_a_refusal_of_the_paper_is_told_in_its_own_words(meddled, as_person):
    client = as_person("leader")
    row = ask(client, "meddled", "xlsx")

    def refuse():
        raise ActionError("没有这样的月份。", next_step="请换一个月。")

    meddled.append(refuse)
    work()

    assert "没有这样的月份。 请换一个月。" in page(client, row).content.decode()


# --- what becomes of a file


def test_a_file_goes_after_a_week_with_what_it_says(world, as_person):
    client = as_person("leader")
    row = made(client, "scorecard", "pdf", period="2026")
    path = attachments.store_path(row.stored_as)
    now = timezone.now()

    assert making.remove_expired(now + making.KEPT_FOR - datetime.timedelta(minutes=1)) == 0
    assert path.exists()
    with transaction.atomic():
        pass
    assert making.remove_expired(now + making.KEPT_FOR) == 1
    row.refresh_from_db()
    assert (row.state, row.document, row.stored_as) == (S.EXPIRED, None, "")
    assert page(client, row, "file").status_code == 404
    assert "文件已过期移除" in page(client, row).content.decode()

    making.remove_expired(now + making.TOLD_FOR + datetime.timedelta(days=1))
    with pytest.raises(ObjectDoesNotExist):
        row.refresh_from_db()


def test_a_file_past_its_time_is_not_given_even_before_the_night(world, as_person):
    client = as_person("leader")
    row = made(client, "scorecard", "pdf", period="2026")
    Download.objects.update(ready_at=timezone.now() - making.KEPT_FOR * 2, expires_at=timezone.now() - making.KEPT_FOR)

    assert page(client, row, "file").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_bytes_go_with_their_row(transactional_db, as_person):
    client = as_person("leader")
    first, second = (made(client, "scorecard", "pdf", period="2026") for _n in range(2))
    paths = [attachments.store_path(row.stored_as) for row in (first, second)]
    step(client, first, "discard")
    making.remove_expired(timezone.now() + making.KEPT_FOR)

    assert [path.exists() for path in paths] == [False, False]


def test_bytes_of_no_row_are_found_by_the_night(world, as_person):
    row = made(as_person("leader"), "scorecard", "pdf", period="2026")
    left = attachments.store(b"half", making.FILE)
    orphans.remove_orphans(timezone.now())
    owner = orphans._owners["packs"]

    assert owner.named([left, row.stored_as]) == {row.stored_as}
    attachments.discard(left)


def test_a_stored_file_is_out_of_reach_of_the_web(world, as_person):
    row = made(as_person("leader"), "scorecard", "pdf", period="2026")
    path = attachments.store_path(row.stored_as)

    assert path.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"[0-9a-f]{40}\.download", path.name)


def test_a_thing_that_one_no_longer_sees_is_told(history, as_person):
    client = as_person("handler")
    issue = find(history, "confirmed")
    row = ask(client, "dispatch_order", "pdf", f"issue={issue.pk}")
    Issue.objects.filter(pk=issue.pk).update(lead_department=history.other_department, handler=None, holder_user=None)
    work()
    row.refresh_from_db()

    assert row.state == S.FAILED
    assert "您现在看不到它" in row.error


def test_a_paper_that_is_gone_from_the_product_is_told(world, as_person, monkeypatch):
    client = as_person("leader")
    row = ask(client, "scorecard", "pdf", period="2026")
    Download.objects.update(pack="of_old")
    work()
    row.refresh_from_db()

    assert row.state == S.FAILED
    assert page(client, row).status_code == 200
    with pytest.raises(ActionError):
        making.retry(row, by=world["leader"])
    with pytest.raises(InvalidTransition):
        making.cancel(row, by=world["leader"])
