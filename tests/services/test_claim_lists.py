"""Lists of claims' money and of households ask the database as often for three rows as for one."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from services.actions import cases
from services.claims import actions as payments
from services.claims.models import Claim
from services.hardship import actions
from services.hardship.models import HouseholdFile
from tests.world import World

from .test_hardship import apply, opened, plan, to_verified
from .worlds import make_line, number_of, publish_and_clear


def another(world: World, serial: int) -> None:
    """One more household, on a list, paid in a batch of its own."""
    file = apply(world, identity=number_of(serial), applicant_name="王强")
    actions.write_household(
        file, by=world["town"], facts={"authorised_on": timezone.localdate()}, members=[],
        items=[{"kind": "wage", "amount": 100, "whose": "", "evidence": ""}],
    )  # fmt: skip
    claim = publish_and_clear(to_verified(world, file), world)
    claim = cases.take(claim, "approve", by=world["leader"], amount=10, budget_line=make_line(world))
    payments.make_batch(claim.programme, [claim], by=world["officer"])


def count(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_lists_ask_no_more_for_more_rows(world: World, client: Client) -> None:
    file = opened(world)
    payments.make_batch(file.claim.programme, [Claim.objects.get(pk=file.claim_id)], by=world["officer"])
    campaign = plan(world)
    actions.list_files(campaign, [file], by=world["officer"])
    client.force_login(world["officer"])
    pages: dict[str, Any] = dict.fromkeys(
        (
            "/services/hardship/",
            "/services/payments/",
            "/services/relief/",
            f"/services/relief/{campaign.pk}/",
            "/public/notices/",
            "/services/",
        )
    )
    for url in pages:
        client.get(url)
    before = {url: count(client, url) for url in pages}
    for serial in (1, 2):
        another(world, serial)
    actions.list_files(campaign, list(HouseholdFile.objects.filter(state="active")), by=world["officer"])
    plan(world, name="夏送清凉", season="summer")

    after = {url: count(client, url) for url in pages}

    assert after == before
    # What the room of services counts is what its link lists.
    room = client.get("/services/").content.decode()
    counted = re.findall(r'href="(/[^"]+\?state=waiting[^"]*)">(\d+)', room)
    assert counted
    for link, said in counted:
        assert f"共 {said} " in client.get(unescape(link)).content.decode(), link
