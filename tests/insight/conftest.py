from __future__ import annotations

import datetime

from tests.disputes.spring import mediate
from tests.services.spring import serve
from tests.world import World, make_enterprise
from unionops.org.models import KeyListEntry
from visits.actions import care, steps
from visits.actions.register import IssueDraft, register_issue
from visits.actions.visits import VisitDraft, log_visit
from visits.models import Category, Issue

TZ = datetime.timezone(datetime.timedelta(hours=8))


def at(month: int, day: int, hour: int = 10) -> datetime.datetime:
    """A moment of 2026 in Shanghai."""
    return datetime.datetime(2026, month, day, hour, tzinfo=TZ)


def live(world: World) -> World:
    """Spring of 2026: every step of an issue, in two towns, with what is late, sent back, reopened, sampled and void."""
    near, far = world.enterprise, make_enterprise(world.other_town, size_class="small", industry="food")
    near.size_class = "large"
    near.save()
    cadre = world.people["cadre"]
    cadre.weekly_quota = 3
    cadre.save()
    make_enterprise(world.town, "没人去过的企业")
    for firm in (near, far):
        KeyListEntry.objects.create(enterprise=firm, valid_from=datetime.date(2023, 4, 1))
    visit(
        world,
        "cadre",
        near,
        3,
        2,
        draft(
            world,
            "explained",
            handling="explain",
            explanation="按规定",
            explanation_basis="《工会法》",
            understood=True,
        ),
    )
    visit(world, "cadre", near, 3, 3, draft(world, "confirmed"))
    visit(world, "cadre", near, 3, 4)
    visit(world, "other_cadre", far, 3, 30, draft(world, "reopened", urgency=2), draft(world, "waiting"))
    visit(world, "other_cadre", far, 4, 2, draft(world, "kept", handling="keep", new_employment=True))
    heard = draft(world, "called", town=world.town, source="hotline", category=Category.objects.get(code="SAFE-01"))
    register_issue(heard, by=world["clerk"], now=at(3, 5))
    for title in ("confirmed", "reopened", "called"):
        steps.dispatch(find(world, title), by=world["leader"], department=world.department, now=at(4, 3))
    steps.decline(find(world, "called"), by=world["handler"], reason="不归我管", now=at(4, 7))
    steps.dispatch(find(world, "called"), by=world["leader"], department=world.other_department, now=at(4, 8))
    steps.sign_for(find(world, "confirmed"), by=world["handler"], now=at(4, 3, 11))
    steps.sign_for(find(world, "reopened"), by=world["handler"], now=at(4, 20))
    for title, day in (("confirmed", 8), ("reopened", 28)):
        steps.answer(
            find(world, title), by=world["handler"], result_kind="resolved", result_text="补发", answer_way="phone",
            now=at(4, day),
        )  # fmt: skip
    steps.confirm(find(world, "confirmed"), by=world["clerk"], way="phone", satisfaction="very", now=at(4, 9))
    steps.reopen(find(world, "reopened"), by=world["clerk"], way="phone", reason="没补够", now=at(4, 29))
    (sample,) = care.draw_sample(world.district, by=world["clerk"], month=datetime.date(2026, 4, 1), share=1)
    care.settle_sample(find(world, "confirmed"), sample, by=world["clerk"], way="phone", resolved=True, now=at(5, 6))
    register_issue(draft(world, "slip", town=world.town, source="hotline"), by=world["clerk"], now=at(3, 9))
    steps.void(find(world, "slip"), by=world["clerk"], reason="登记错了", now=at(3, 10))
    return serve(mediate(world))


def draft(world: World, title: str, **fields: object) -> IssueDraft:
    return IssueDraft(**({"title": title, "category": world.category, "handling": "submit"} | fields))  # type: ignore[arg-type]


def visit(world: World, who: str, firm: object, month: int, day: int, *issues: IssueDraft) -> None:
    log_visit(VisitDraft(visited_on=at(month, day).date(), enterprise=firm), issues, by=world[who], now=at(month, day))


def find(world: World, title: str) -> Issue:
    return Issue.objects.get(district=world.district, title=title)
