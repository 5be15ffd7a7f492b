"""One visit sent by a nervous thumb: 36 sendings at once are one visit, and each gets its address."""

from __future__ import annotations

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.world import make_world
from unionops.casework.models import Attachment
from unionops.org.models import Event
from visits.models import Issue, Visit

TIMES = 36
PHONE = {"Accept": "application/json"}


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "navy").save(out, "PNG")
    return SimpleUploadedFile("车间.png", out.getvalue())


@pytest.mark.parametrize("keyed", [True, False], ids=["with key", "without key"])
def test_many_sendings_at_once_are_one_visit(transactional_db, keyed):
    world = make_world()
    client_id = str(uuid.uuid4())
    fields = {
        "client_id": client_id, "enterprise": str(world.enterprise.pk), "target_name": world.enterprise.name,
        "visited_on": timezone.localdate().isoformat(), "mode": "site", "summary": "订单足",
        "issues-TOTAL_FORMS": "1", "issues-INITIAL_FORMS": "0", "issues-0-title": "计件工资没发",
        "issues-0-category": str(world.category.pk), "issues-0-urgency": "2", "issues-0-handling": "submit",
        "issues-0-claimant_kind": "anonymous",
    }  # fmt: skip
    headers = {**PHONE, "Idempotency-Key": client_id} if keyed else PHONE
    clients = [Client() for _n in range(TIMES)]
    for client in clients:
        client.force_login(world["cadre"])
    together = Barrier(TIMES)

    def send(client: Client) -> tuple[int, str]:
        try:
            together.wait(timeout=60)
            response = client.post("/visits/new/", fields | {"photos": [photo()]}, headers=headers)
            return response.status_code, response.json()["url"]
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(send, clients))

    visit = Visit.objects.get()
    assert set(answers) == {(201, f"/visits/{visit.pk}/")}
    assert (visit.issue_count, Issue.objects.count()) == (1, 1)
    assert Attachment.objects.filter(case_id=visit.pk).count() == 1
    assert Event.objects.filter(kind="visit", verb="visit.log").count() == 1
