"""What the text says stands in the kept figures, and the kept figures are those of the indicators."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from tests.insight.conftest import at, draft
from tests.sampling import taken
from unionops.insight.figures import Question, figure_of
from unionops.insight.frozen import thaw
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import parse
from visits.actions import steps
from visits.actions.register import register_issue
from visits.analyses import sentences
from visits.analyses.enums import WRITTEN, Part
from visits.analyses.figures import build
from visits.analyses.figures import figure_of as kept_figure
from visits.models import Category, Issue

from .conftest import SPRING, WINTER, prepare

pytestmark = pytest.mark.django_db

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def numbers(text: str) -> set[Decimal]:
    return {Decimal(found.replace(",", "")) for found in NUMBER.findall(text)}


def kept_in(figures: object) -> list[dict]:
    """Every kept figure in the JSON of a paper."""
    if isinstance(figures, dict):
        own = [figures] if "indicator" in figures else []
        return own + [found for value in figures.values() for found in kept_in(value)]
    if isinstance(figures, list):
        return [found for value in figures for found in kept_in(value)]
    return []


def frozen_numbers(figures: dict) -> set[Decimal]:
    """Whatever number the JSON holds, and the value that follows from a numerator and its denominator."""
    plain = numbers(json.dumps(figures, ensure_ascii=False))
    return plain | {number for kept in kept_in(figures) for number in numbers(kept_figure(kept).words)}


@pytest.mark.parametrize("quarter", ["2026-Q1", "2026-Q2", "2026-Q3", "2025-Q4", "2024-Q2"])
@pytest.mark.parametrize("subject", ["district", "town", "other_town"])
def test_every_number_of_the_text_stands_in_the_figures(busy_papers, quarter, subject):
    period = parse(quarter)
    found = build(busy_papers.district, getattr(busy_papers, subject), period, period.last + datetime.timedelta(days=7))
    figures = json.loads(json.dumps(found))
    known = frozen_numbers(figures)
    for part in Part:
        text = sentences.draft(part, figures)
        assert (text == "") == (part in WRITTEN), part
        assert numbers(text) <= known, (part, text, numbers(text) - known)
        assert "None" not in text
        assert "{" not in text


@pytest.mark.parametrize("subject", ["district", "town"])
def test_kept_figures_are_those_of_the_indicators(busy_papers, subject):
    row = prepare(busy_papers)[subject]
    leader = busy_papers["leader"]
    found = kept_in(row.figures)
    assert len(found) > 30
    for kept in found:
        if kept["where"].get("firm") or kept["where"].get("age"):
            continue
        asked = Asked(leader, parse(kept["period"]), datetime.date.fromisoformat(kept["at"]))
        now = figure_of(Question(find(kept["indicator"]), asked, "", kept["where"]))
        assert (now.numerator, now.denominator) == (kept["numerator"], kept["denominator"]), kept


def test_every_figure_opens_to_its_rows(busy_papers, as_person):
    client, leader = as_person("leader"), busy_papers["leader"]
    for kept in kept_in(prepare(busy_papers)["district"].figures):
        if not taken(kept["indicator"], kept["period"], *kept["where"], of=3):
            continue
        shown = thaw(kept, leader)
        assert shown_on(client, shown.url)[0] == f"{shown.figure.numerator:,}", kept


def test_known_figures_become_known_sentences(busy_papers):
    text = {section.part: section.text for section in prepare(busy_papers)["district"].sections.all()}

    assert "走访 5 家次、3 家企业" in text[Part.OVERVIEW]
    assert (
        "本季度登记诉求 8 件，截至 2026 年 7 月 7 日，化解率 12.50%（1/8 件），其中实质化解率 0.00%（0/8 件）。"
        in text[Part.OVERVIEW]
    )
    assert "4 月走访 2 家次，登记诉求 4 件，化解率 0.00%（0/4 件）。" in text[Part.TREND]
    assert "与上季度（2026 年第 1 季度）相比，走访增加 1 家次、登记诉求增加 3 件" in text[Part.TREND]
    assert "去年同期（2025 年第 2 季度）没有可比的数。" in text[Part.TREND]
    assert "分属 2 个二级类别，依次是：欠薪 6 件、消防 2 件。" in text[Part.COMMON]
    assert text[Part.FRESH] == "没有出现此前四个季度（2025 年第 2 季度至 2026 年第 1 季度）里没有的二级类别。"
    assert "10 人以上的集体诉求 1 件（斗门街道 1 件）" in text[Part.RISKS]
    assert "特急诉求 1 件" in text[Part.RISKS]
    assert "应交调研心得 2 篇，还没有人交。" in text[Part.REFLECTIONS]


@pytest.mark.parametrize("subject", ["district", "town"])
def test_every_number_of_a_sentence_opens_what_it_counts(busy_papers, as_person, subject):
    """On the page of a paper nothing is left that opens nothing but days, quarters, ranks and the rules of the paper."""
    client, row = as_person("leader"), prepare(busy_papers)[subject]
    page = client.get(reverse("analyses:analysis", args=[row.pk])).content.decode()
    texts = re.findall(r'<div class="paper__text"(?: id="([^"]+)")?>(.*?)</div>', page, re.DOTALL)
    seen = {}
    for text in (text for _id, text in texts):
        for paragraph in re.findall(r"<p>(.*?)</p>", text):
            bare = re.sub(r"<a .*?</a>", "", paragraph).replace(busy_papers.enterprise.name, "")
            for known in (
                r"\d{4} 年 ?(第 \d 季度|\d+ 月 \d+ 日)",
                r"\d+ 月",
                r"\d+ 人以上",
                r"\d+ 天(以内|以上)",
                r"\d+ 至 \d+ 天",
            ):
                bare = re.sub(known, "", bare)
            assert not re.search(r"\d", bare), paragraph
            told = [(unescape(link), words) for link, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', paragraph)]
            for link, words in told:
                if paragraph.startswith("与"):
                    # How far a figure is from its neighbour opens the neighbour.
                    then, code = shown_on(client, link)[1], link.split("indicator=")[1].split("&")[0]
                    now = kept_figure(row.figures["overview"][code]).value
                    assert Decimal(words) == abs(now - Decimal(then)), (link, words)
                else:
                    seen.setdefault(link, set()).add(words)
    opened = 0
    for link, said in seen.items():
        if link.startswith("#"):
            assert f'id="{link[1:]}"' in page, link
            continue
        if not taken(subject, link.split("town=")[0], *said, of=2):
            continue
        # A count, or a rate and its part; requests for each hundred firms stand beside how many they are.
        assert said & set(shown_on(client, link)), (link, said)
        opened += 1
    assert opened > 5


def shown_on(client, link):
    """How many rows a list has, and the figure above them."""
    text = client.get(link).content.decode()
    count = re.search(r"共 ([\d,]+) ", text)
    return count[1] if count else "0", re.search(r'figure__v">([^<]+)', text)[1].strip()


def test_what_a_person_wrote_opens_nothing_that_it_does_not_say(busy_papers):
    figures = prepare(busy_papers)["district"].figures
    written = sentences.draft(Part.TREND, figures).replace("4 月走访 2 家次", "4 月走访 9 家次")
    first, *rest = sentences.opened(Part.TREND, figures, written)

    assert [piece.words for line in (first, *rest) for piece in line if piece.words == "9"] == []
    assert "".join(piece.words for piece in first) == written.split("\n")[0]
    # What stands beside it in the draft once still opens; «化解率 0.00%» of two months would not know which.
    assert {piece.words for piece in first if piece.kept} >= {"4"}
    assert sentences.opened(Part.ADVICE, figures, "逐件定人。") == [[sentences.Piece("逐件定人。")]]


def test_a_rate_of_nothing_says_so(world):
    figures = build(world.district, world.district, SPRING, SPRING.last)
    text = sentences.draft(Part.OVERVIEW, figures)
    assert "没有登记诉求" in text
    assert text.count("无从计算") >= 4
    assert "%" not in text
    assert sentences.draft(Part.RISKS, figures) == "本季度没有欠薪、集体、特急和超期未结的诉求。"
    assert "无从比较" in sentences.draft(Part.TOWNS, figures)


def test_a_category_is_new_when_four_quarters_did_not_know_it(history):
    register_issue(draft(history, "fresh", town=history.town, source="hotline", category=Category.objects.get(code="ENV-03")),
                   by=history["clerk"], now=at(5, 20))  # fmt: skip
    figures = build(history.district, history.district, SPRING, SPRING.last)
    assert [kept["label"] for kept in figures["fresh"]["parts"]] == ["食堂"]
    # In the first quarter nothing was known before: there is nothing to compare with.
    first = build(history.district, history.district, WINTER, WINTER.last)
    assert first["fresh"]["earlier"]["numerator"] == 0
    assert "无从比较" in sentences.draft(Part.FRESH, first)


def test_few_anonymous_workers_are_told_by_their_town_only(busy_papers):
    found = build(busy_papers.district, busy_papers.district, SPRING, SPRING.last)["repeated"]
    # 25 workers and more of the one firm; three single voices of the other are named, two are not.
    assert [kept["label"] for kept in found["parts"]] == [busy_papers.enterprise.name, "蓝湾电子有限公司"]
    steps.void(Issue.objects.get(title="f"), by=busy_papers["clerk"], reason="重复登记", now=at(6, 20))
    found = build(busy_papers.district, busy_papers.district, SPRING, SPRING.last)["repeated"]
    assert [kept["label"] for kept in found["parts"]] == [busy_papers.enterprise.name]
    assert found["grouped"] == [{"town": "马山街道", "firms": 1, "issues": 2}]
    assert "蓝湾" not in json.dumps(found, ensure_ascii=False)


def test_towns_are_ranked_and_a_town_without_issues_is_not(history):
    rows = build(history.district, history.district, SPRING, SPRING.last)["towns"]
    assert [(row["town"], row["rank"], row["per_hundred"]) for row in rows] == [
        ("马山街道", 1, "100.0"),
        ("斗门街道", None, "0.0"),
    ]


def test_a_paper_says_the_same_whoever_prepares_it_in_whatever_language(history):
    from django.utils import translation

    with translation.override("en"):
        english = build(history.district, history.district, SPRING, SPRING.last)
    assert english == build(history.district, history.district, SPRING, SPRING.last)
