"""Every page for every role, another district, the forms, the cost of the lists, the inbox."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.sampling import taken
from tests.weight import LIGHT, weight
from unionops.casework.inbox import inbox
from unionops.casework.search import search
from unionops.org.models import Event
from visits.reviews.actions import submissions
from visits.reviews.enums import Kind, ReviewState, SubmissionState
from visits.reviews.models import Assignment, Criterion, ManualScore, Objection, Review, Submission, SubmissionResult
from visits.reviews.urls import urlpatterns

from . import stories

ROLES = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted",
)  # fmt: skip
ALL = frozenset(ROLES) - {"unposted"}
KEEPERS = frozenset({"clerk", "leader"})
WHOLE = KEEPERS | {"chief"}
NOBODY: frozenset[str] = frozenset()


def keys(review, name):
    paper = Submission.objects.filter(review=review).order_by("pk").first()
    subject = review.subjects.order_by("pk").first()
    assignment = Assignment.objects.filter(reviewer__username="mediator").first()
    by_hand = (
        Criterion.objects.filter(scheme__review=review, scheme__kind=subject.kind, code="").first() if subject else None
    )
    values = {
        "kind": "cadre", "verb": "return_back" if "submission" in name else "settle", "subject": subject and subject.pk,
        "criterion": by_hand and by_hand.pk, "number": 1, "file": "00000000-0000-7000-8000-000000000000",
    }  # fmt: skip
    if name == "answer":
        return {"pk": Objection.objects.values_list("pk", flat=True).first() or 1}
    if name in ("score", "decline", "replace", "blind_picture"):
        values["pk"] = assignment.pk if assignment else values["file"]
    elif name in ("submission", "submission_edit", "submission_step", "picture_add", "picture_remove", "reviewers"):
        values["pk"] = paper.pk if paper else values["file"]
    else:
        values["pk"] = review.pk
    return values


def address(pattern, review):
    values = keys(review, pattern.name)
    return reverse(f"reviews:{pattern.name}", kwargs={key: values[key] for key in pattern.pattern.converters})


# For each page: who is answered 200 in scoring, and in publication. Whoever is not is refused or finds nothing.
SCORING = {
    "reviews": ALL | {"unposted"}, "mine": ALL | {"unposted"}, "scoring": ALL | {"unposted"}, "make": KEEPERS,
    "submission": {"cadre"} | WHOLE, "submission_edit": NOBODY, "submission_step": NOBODY, "reviewers": KEEPERS,
    "score": {"mediator"}, "decline": {"mediator"}, "replace": KEEPERS, "blind_picture": NOBODY, "answer": NOBODY,
    "review": ALL, "step": KEEPERS, "scheme": ALL, "scheme_edit": NOBODY, "appraisal": ALL, "subject": NOBODY,
    "score_subject": KEEPERS, "papers": KEEPERS, "submission_new": NOBODY, "panel": KEEPERS, "draw": KEEPERS,
    "publication": NOBODY, "print": NOBODY, "object": NOBODY,
}  # fmt: skip
PUBLIC = SCORING | {
    "submission": ALL, "reviewers": NOBODY, "decline": NOBODY, "replace": NOBODY, "answer": KEEPERS, "step": NOBODY,
    "subject": ALL, "score_subject": NOBODY, "panel": NOBODY, "draw": NOBODY, "publication": ALL, "print": ALL, "object": ALL,
}  # fmt: skip


@pytest.mark.parametrize(("story", "expected"), [("assigned", SCORING), ("published", PUBLIC)])
def test_every_page_for_every_role(world, elsewhere, as_person, story, expected):
    """And another district finds nothing of it."""
    review = getattr(stories, story)(world, all_five=True)
    if story == "published":
        stories.object_to(world, review, "town")
    pages = [one for one in urlpatterns if one.name not in ("picture_add", "picture_remove")]
    assert {one.name for one in pages} == set(expected)
    for name in ROLES:
        client = as_person(name)
        for pattern in pages:
            # A page that opens looks much the same for all who may, and so does a refusal: each run asks for a share of them.
            if not taken(story, name, pattern.name, of=6 if name in expected[pattern.name] else 3):
                continue
            answer = client.get(address(pattern, review))
            assert (answer.status_code == 200) == (name in expected[pattern.name]), (
                name,
                pattern.name,
                answer.status_code,
            )
            assert answer.status_code in (200, 403, 404, 409), (name, pattern.name)
            assert answer.status_code != 200 or weight(answer) < LIGHT
    for name in ("leader", "clerk", "mediator"):
        client = as_person(name, elsewhere)
        for pattern in urlpatterns:
            if pattern.pattern.converters:
                url = address(pattern, review)
                for method in ("get", "post"):
                    if taken(story, name, method, pattern.name, of=3):
                        assert getattr(client, method)(url).status_code in (404, 405), (name, pattern.name)
        assert review.title not in client.get(reverse("reviews:reviews")).content.decode()


def test_nobody_enters_without_signing_in(world):
    review = stories.make(world)
    for pattern in urlpatterns:
        answer = Client().get(
            address(pattern, review)
            if pattern.name != "subject" and "subject" not in pattern.pattern.converters
            else reverse("reviews:subject", args=[review.pk, 1])
        )

        assert answer.status_code in (302, 405), pattern.name
        assert answer.status_code == 405 or "/sign-in/" in answer["Location"], pattern.name


def test_while_it_is_prepared_only_those_who_see_the_district_know(world, as_person):
    review = stories.make(world)

    for name in ROLES:
        status = as_person(name).get(reverse("reviews:review", args=[review.pk])).status_code
        assert status == (200 if name in WHOLE else 404), name


def test_results_are_hidden_until_they_are_public_and_again_after_reopening(world, as_person):
    review = stories.settled(world)
    paper = Submission.objects.get()
    page = reverse("reviews:publication", args=[review.pk])
    assert {name: as_person(name).get(page).status_code for name in ("chief", "cadre")} == {"chief": 200, "cadre": 403}
    from visits.reviews.actions import reviews

    review = reviews.publish(review, by=world["leader"])
    assert as_person("town").get(reverse("reviews:submission", args=[paper.pk])).status_code == 200
    reviews.reopen(review, by=world["leader"], reason="重算")
    assert as_person("town").get(reverse("reviews:submission", args=[paper.pk])).status_code == 404
    assert as_person("cadre").get(page).status_code == 403


def test_from_the_draft_to_the_submission_on_the_pages(world, as_person):
    review = stories.opened(world)
    client = as_person("cadre")
    page = reverse("reviews:submission_new", args=[review.pk])
    form = {
        "kind": "suggestion", "title": "走访前先看上次没办完的事", "organisation": str(world.town.pk),
        "people": [str(world.people["other_cadre"].pk)], "text": "", "effect": "",
    }  # fmt: skip
    wrong = client.post(page, form | {"organisation": str(world.other_town.pk)})
    assert wrong.status_code == 422
    answer = client.post(page, form)
    paper = Submission.objects.get()
    assert answer["Location"] == reverse("reviews:submission", args=[paper.pk])
    assert [one.user.username for one in paper.authors.all()] == ["cadre", "other_cadre"]
    # A draft is its authors' own.
    assert as_person("clerk").get(answer["Location"]).status_code == 404
    assert as_person("other_cadre").get(answer["Location"]).status_code == 200
    step = reverse("reviews:submission_step", args=[paper.pk, "submit"])
    assert client.post(step).status_code == 422
    edit = reverse("reviews:submission_edit", args=[paper.pk])
    assert client.post(edit, form | {"text": "打开企业就看到。", "version": "99"}).status_code == 409
    paper.refresh_from_db()
    assert client.post(edit, form | {"text": "打开企业就看到。", "version": str(paper.version)}).status_code == 302
    assert client.post(step).status_code == 302
    back = reverse("reviews:submission_step", args=[paper.pk, "return_back"])
    assert as_person("clerk").post(back, {"reason": "去掉单位"}).status_code == 302
    rows = [row for row in inbox(world["other_cadre"]) if row.kind == "submission"]
    assert [(row.number, str(row.back)) for row in rows] == [(paper.number, "退回修改")]
    assert "去掉单位" in client.get(answer["Location"]).content.decode()
    assert client.post(reverse("reviews:submission_step", args=[paper.pk, "withdraw"])).status_code == 302
    assert Submission.objects.get().state == SubmissionState.WITHDRAWN


def test_nothing_new_after_the_closing_day_but_what_was_returned(world):
    review = stories.opened(world, -1)
    late = stories.write(world, review, hand_in=False)
    back = submissions.return_back(stories.write(world, review), by=world["clerk"], reason="补数据")

    with pytest.raises(Exception, match="截止"):
        submissions.submit(late, by=world["cadre"])
    assert submissions.submit(back, by=world["cadre"]).state == SubmissionState.SUBMITTED


def test_scores_on_the_page(world, as_person):
    stories.assigned(world, all_five=True)
    row = Assignment.objects.get(reviewer=world["mediator"])
    page = reverse("reviews:score", args=[row.pk])
    criteria = list(Criterion.objects.filter(scheme__kind=Kind.RESEARCH).order_by("position"))
    marks = {f"c{one.pk}": "85.5" for one in criteria}
    assert [row.kind for row in inbox(world["mediator"])] == ["assignment"]

    for wrong in ("101", "-1", "", "八十", "85.555"):
        answer = as_person("mediator").post(page, marks | {f"c{criteria[0].pk}": wrong})
        assert answer.status_code == 422, wrong
    assert as_person("mediator").post(page, marks | {"comment": "措施可行"}).status_code == 302
    # Until the results are computed they may be changed.
    assert as_person("mediator").post(page, marks | {f"c{criteria[0].pk}": "60"}).status_code == 302
    row.refresh_from_db()
    assert row.marks.get(criterion=criteria[0]).score == Decimal(60)
    assert [one for one in inbox(world["mediator"]) if one.kind == "assignment"] == []
    assert as_person("officer").post(page, marks).status_code == 404


def test_the_public_page_of_a_submission_shows_how_its_mean_was_made(world, as_person):
    stories.published(world, all_five=True)
    paper = Submission.objects.get()
    text = as_person("auditor").get(reverse("reviews:submission", args=[paper.pk])).content.decode()

    result = SubmissionResult.objects.get()
    assert "255 ÷ 3" in text
    assert f"{result.mean:.2f}" in text
    assert text.count("去掉</span>") == 2
    for name in stories.PANEL:
        assert f">{name}<" not in text


def test_the_office_answers_from_the_inbox(world, as_person):
    review = stories.published(world)
    objection = stories.object_to(world, review, "town")

    rows = [row for row in inbox(world["clerk"]) if row.kind == "objection"]
    assert [row.url for row in rows] == [reverse("reviews:answer", args=[objection.pk])]
    assert [row for row in inbox(world["cadre"]) if row.kind == "objection"] == []
    text = as_person("cadre").get(reverse("reviews:publication", args=[review.pk])).content.decode()
    assert objection.text not in text
    as_person("clerk").post(rows[0].url, {"upheld": "1", "answer": "已改正"})
    assert [row for row in inbox(world["clerk"]) if row.kind == "objection"] == []
    assert as_person("clerk").post(rows[0].url, {"upheld": "1", "answer": "再答"}).status_code == 422


def test_search_finds_what_one_may_read(world):
    stories.assigned(world, title="计件工资争议")

    assert {name: len(search(world[name], "计件工资")) for name in ("cadre", "clerk", "town", "mediator")} == {
        "cadre": 1, "clerk": 1, "town": 0, "mediator": 0,
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 20])
def test_lists_cost_the_same_for_any_number_of_rows(world, as_person, django_assert_max_num_queries, count):
    review = stories.scoring_began(world, *["cadre"] * count)
    stories.scoring.draw(review, by=world["clerk"], seed=1)
    clerk, cadre = as_person("clerk"), as_person("cadre")
    judge = next(name for name in stories.PANEL if Assignment.objects.filter(reviewer=world[name]).exists())
    reviewer = as_person(judge)
    pages = (
        (clerk, reverse("reviews:reviews")), (clerk, reverse("reviews:papers", args=[review.pk])),
        (clerk, reverse("reviews:appraisal", args=[review.pk, "town"])), (cadre, reverse("reviews:mine")),
        (reviewer, reverse("reviews:scoring")), (clerk, reverse("reviews:review", args=[review.pk])),
    )  # fmt: skip
    for client, url in pages:
        client.get(url)
        with django_assert_max_num_queries(17):
            assert client.get(url).status_code == 200


@pytest.mark.parametrize("count", [1, 10])
def test_publication_costs_the_same_for_any_number_of_rows(world, as_person, django_assert_max_num_queries, count):
    review = stories.published(world, *["cadre"] * count)
    client = as_person("cadre")
    for name in ("publication", "print"):
        url = reverse(f"reviews:{name}", args=[review.pk])
        client.get(url)
        with django_assert_max_num_queries(24):
            assert client.get(url).status_code == 200


def test_making_a_review_on_the_page(world, as_person):
    year = timezone.localdate().year
    page = reverse("reviews:make")
    assert as_person("clerk").post(page, {"year": str(year), "cut_off": ""}).status_code == 302
    assert Review.objects.get().cut_off == datetime.date(year, 12, 31)
    assert as_person("clerk").post(page, {"year": str(year)}).status_code == 422
    # It cannot begin before its figures are there.
    step = reverse("reviews:step", args=[Review.objects.get().pk, "open"])
    answer = as_person("clerk").post(step, {"closes_on": f"{year + 1}-02-01"})
    assert answer.status_code == 403
    assert Review.objects.get().state == ReviewState.PREPARING


def test_a_repeated_sending_does_it_once(world, as_person):
    review = stories.published(world)
    page = reverse("reviews:object", args=[review.pk])
    for _n in range(2):
        assert as_person("cadre").post(page, {"text": "请再看", "_key": "one-and-the-same"}).status_code == 302

    assert Objection.objects.count() == 1
    assert Event.objects.filter(verb="review.object").count() == 1


def test_steps_answer_in_place(world, as_person):
    review = stories.opened(world, -1)
    page = reverse("reviews:step", args=[review.pk, "start_scoring"])
    with transaction.atomic():
        part = as_person("clerk").get(page, headers={"HX-Request": "true"}).content.decode()
        done = as_person("clerk").post(page, {"version": str(review.version)}, headers={"HX-Request": "true"})

    assert "<html" not in part
    assert 'id="inform"' not in part
    assert done["HX-Redirect"] == reverse("reviews:review", args=[review.pk])


def test_panel_and_score_of_an_old_page_are_told_and_keep_what_was_typed(world, as_person):
    review = stories.scoring_began(world)
    subject = review.subjects.get(kind=Kind.CADRE, user=world["cadre"])
    by_hand = Criterion.objects.get(scheme__review=review, scheme__kind=Kind.CADRE, code="")
    score = reverse("reviews:score_subject", args=[review.pk, subject.pk, by_hand.pk])
    panel = reverse("reviews:panel", args=[review.pk])
    people = [world[name].pk for name in stories.PANEL]
    for page, first, second, kept in (
        (score, {"score": "81", "note": "按时完成"}, {"score": "64", "note": "少了两家"}, "打的 81 分：按时完成"),
        (panel, {"people": people[:3]}, {"people": people[1:]}, "期间的变化"),
    ):
        seen = re.search(r'name="version" value="(\d+)"', as_person("clerk").get(page).content.decode())[1]
        assert as_person("clerk").post(page, first | {"version": seen}).status_code == 302

        told = as_person("leader").post(page, second | {"version": seen})

        shown = told.content.decode()
        assert (told.status_code, "别人也改了这里" in shown, kept in shown) == (409, True, True)
    assert ManualScore.objects.get().score == 81
    assert set(review.panel.values_list("user", flat=True)) == set(people[:3])
    again = re.search(r'name="version" value="(\d+)"', shown)[1]
    assert as_person("leader").post(panel, {"people": people[1:], "version": again}).status_code == 302
    told = as_person("leader").post(score, {"score": "64", "note": "少了两家", "version": 0}).content.decode()
    assert 'value="64"' in told
