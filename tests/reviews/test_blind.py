"""A reviewer learns of no author, no organisation and no other score: on pages, in the API, in names of files, in addresses."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from knox.models import AuthToken
from PIL import Image

from tests.browser.test_every_page import named
from unionops.casework.inbox import inbox
from unionops.casework.models import Attachment, Notice
from unionops.casework.search import search
from visits.reviews.actions import reviews, submissions
from visits.reviews.models import Assignment, Submission

from . import stories

AUTHOR, USERNAME, ORGANISATION, OUTSIDER = "陆知行", "lu.zhixing", "斗门街道", "顾外来"
TITLE = "计件单价先公示后执行"
REVIEWER = "mediator"


@pytest.fixture
def paper(world):
    author = world.people["cadre"]
    author.name, author.username = AUTHOR, USERNAME
    author.set_names()
    author.save()
    review = stories.opened(world, -1)
    paper = stories.write(world, review, hand_in=False, title=TITLE, other_authors=OUTSIDER)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = AUTHOR
    Image.new("RGB", (40, 30), "navy").save(out, "JPEG", exif=exif)
    submissions.add_picture(
        paper, SimpleUploadedFile(f"{AUTHOR}-{ORGANISATION}.jpg", out.getvalue()), by=world["cadre"]
    )
    paper.refresh_from_db()
    now = stories.timezone.now() - 5 * stories.DAY
    submissions.submit(paper, by=world["cadre"], now=now)
    reviews.start_scoring(review, by=world["clerk"])
    stories.scoring.set_panel(review, [world[name] for name in stories.PANEL], by=world["clerk"])
    for name in (REVIEWER, "other_cadre", "handler"):
        stories.scoring.assign(paper, world[name], by=world["clerk"])
    other = Assignment.objects.get(reviewer=world["handler"])
    marks = {one.pk: 73 for one in stories.scoring.criteria_of(other.submission)}
    stories.scoring.give_scores(other, marks, by=world["handler"], comment="别人的评语")
    return Submission.objects.get()


def values(paper, assignment):
    review = paper.review
    return {
        "reviews:score": {"pk": assignment.pk}, "reviews:decline": {"pk": assignment.pk}, "reviews:replace": {"pk": assignment.pk},
        "reviews:blind_picture": {"pk": assignment.pk, "number": 1},
        "reviews:submission": {"pk": paper.pk}, "reviews:submission_edit": {"pk": paper.pk},
        "reviews:submission_step": {"pk": paper.pk, "verb": "return_back"}, "reviews:picture_add": {"pk": paper.pk},
        "reviews:picture_remove": {"pk": paper.pk, "file": Attachment.objects.get().pk}, "reviews:reviewers": {"pk": paper.pk},
        "reviews:step": {"pk": review.pk, "verb": "settle"}, "reviews:scheme": {"pk": review.pk, "kind": "research"},
        "reviews:scheme_edit": {"pk": review.pk, "kind": "research"}, "reviews:appraisal": {"pk": review.pk, "kind": "cadre"},
        "reviews:subject": {"pk": review.pk, "subject": review.subjects.first().pk},
        "reviews:score_subject": {"pk": review.pk, "subject": review.subjects.first().pk, "criterion": 1},
        "reviews:answer": {"pk": 1}, "casework:file": {"pk": Attachment.objects.get().pk},
        "casework:thumbnail": {"pk": Attachment.objects.get().pk},
        "casework:notice": {"pk": (Notice.objects.first() or Notice(pk=1)).pk},
    }  # fmt: skip


def reachable(world, paper):
    """Every address of the product for this reviewer that has something to do with the submission, and all without keys."""
    assignment = Assignment.objects.get(reviewer=world[REVIEWER])
    known = values(paper, assignment)
    for name, pattern in named(get_resolver().url_patterns):
        keys = set(pattern.pattern.converters)
        if name in known:
            yield name, reverse(name, kwargs=known[name])
        elif keys == {"pk"} and name.startswith("reviews:"):
            yield name, reverse(name, kwargs={"pk": paper.review_id})
        elif not keys and not name.startswith(("knox", "api:schema", "api:docs")):
            yield name, reverse(name)


def body_of(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace") + str(dict(response.headers))


def test_no_page_and_no_answer_tells_whose_it_is(world, paper):
    client = Client()
    client.force_login(world[REVIEWER])
    token = AuthToken.objects.create(world[REVIEWER])[1]
    opened = 0
    for name, url in reachable(world, paper):
        queries = ("", f"?q={TITLE}", f"?q={paper.number}") if name == "casework:search" else ("",)
        for query in queries:
            with transaction.atomic():
                headers = {"authorization": f"Bearer {token}"} if name.startswith("api") else {}
                response = (Client() if headers else client).get(url + query, headers=headers)
                text = body_of(response)
                transaction.set_rollback(True)
            opened += response.status_code == 200
            assert OUTSIDER not in text, name
            assert "别人的评语" not in text, name
            about_it = TITLE in text or paper.number in text
            # The list of those appraised names every cadre and town, whoever wrote something.
            if about_it or (name.startswith("reviews:") and name != "reviews:appraisal"):
                assert AUTHOR not in text, name
                assert ORGANISATION not in text, name
                assert USERNAME not in text, name
                assert "73" not in re.findall(r">\s*(\d+)\s*<", text), name
    assert opened > 15


def test_the_doors_of_those_who_know_are_closed(world, paper, as_person):
    client = as_person(REVIEWER)
    file = Attachment.objects.get()

    for url in (
        reverse("reviews:submission", args=[paper.pk]), reverse("reviews:reviewers", args=[paper.pk]),
        reverse("casework:file", args=[file.pk]), reverse("casework:thumbnail", args=[file.pk]),
    ):  # fmt: skip
        assert client.get(url).status_code == 404, url
    assert search(world[REVIEWER], TITLE) == []
    assert [row.title for row in inbox(world[REVIEWER]) if row.kind == "assignment"] == [TITLE]


def test_a_picture_has_lost_its_name_and_what_lay_behind_it(world, paper, as_person):
    own = Assignment.objects.get(reviewer=world[REVIEWER])
    response = as_person(REVIEWER).get(reverse("reviews:blind_picture", args=[own.pk, 1]))

    data = b"".join(response.streaming_content)
    assert f"{paper.number}-1.jpg" in response["Content-Disposition"]
    assert AUTHOR.encode() not in data
    assert not Image.open(io.BytesIO(data)).getexif()
    assert as_person(REVIEWER).get(reverse("reviews:blind_picture", args=[own.pk, 2])).status_code == 404
    others = as_person("officer").get(reverse("reviews:blind_picture", args=[own.pk, 1]))
    assert others.status_code == 404


def test_only_pictures_are_taken(world, as_person):
    review = stories.opened(world)
    paper = stories.write(world, review, hand_in=False)
    upload = SimpleUploadedFile("调研.docx", b"PK\x03\x04" + b"0" * 50)

    response = as_person("cadre").post(reverse("reviews:picture_add", args=[paper.pk]), {"files": [upload]})

    assert response.status_code == 422
    assert Attachment.objects.count() == 0


def test_an_author_does_not_learn_who_judged(world, paper, as_person):
    text = as_person("cadre").get(reverse("reviews:submission", args=[paper.pk])).content.decode()

    assert TITLE in text
    for name in (REVIEWER, "other_cadre", "handler"):
        assert name not in re.findall(r"[\w]+", text), name


def test_a_reviewer_never_sees_the_score_of_another(world, paper, as_person):
    for name in (REVIEWER, "other_cadre", "handler"):
        mine = Assignment.objects.get(reviewer=world[name])
        for other in Assignment.objects.exclude(pk=mine.pk):
            assert as_person(name).get(reverse("reviews:score", args=[other.pk])).status_code == 404
