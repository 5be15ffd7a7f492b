"""Nothing that one side said alone leaves by any door: a mark is put into every kind of secret and looked for in every answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from disputes.actions import agreements, appointments, care, duties, feeds, sessions, steps, team
from disputes.api.urls import urlpatterns as api_patterns
from disputes.enums import TRANSITIONS, OfferKind, Side
from disputes.models import Dispute, Duty, SessionNote
from disputes.views.parts import CARE, PARTS
from tests.api.conftest import Caller
from tests.browser.test_every_page import named
from tests.disputes import stories
from tests.disputes.stories import Hall
from tests.disputes.test_steps_matrix import EVERYBODY
from tests.leaks import Found, walk
from tests.sampling import WHOLE, taken
from tests.world import make_world
from unionops.casework.attachments import attach
from unionops.org.events import record_event

pytestmark = pytest.mark.django_db

# Words and an amount for each side; none of them stands in anything that may be known.
SIGNS = {
    Side.APPLICANT: ("母亲等钱做手术", "21877.31", "21,877.31"),
    Side.RESPONDENT: ("老板怕别人跟着闹", "13466.57", "13,466.57"),
}
# Who mediates hears both; each side's own people hear that side.
HEARS = {Side.APPLICANT: {"mediator", "worker_side"}, Side.RESPONDENT: {"mediator", "firm_side"}}
# Pages of the frame, of the figures and of the log that tell of cases.
FRAME = (
    "casework:home", "casework:inbox", "casework:notices", "insight:board", "org:log", "org:me", "visits:issues",
    "packs:downloads",
)  # fmt: skip
FORMS = ("disputes:step", "disputes:do", "disputes:settle")

# The other side, and who reads the log; who mediates may read both marks, so no door can tell too much there.
EVERY_KIND = ("firm_side", "auditor")


class Secrets:
    """A case in which both sides have said something alone: a note, its focus, an offer in a session and one between, a scan."""

    def __init__(self, hall: Hall) -> None:
        self.case = stories.mediating(hall)
        self.notes: dict[str, SessionNote] = {}
        self.offers: list[Any] = []
        by = hall["mediator"]
        for side, (words, amount, _shown) in SIGNS.items():
            kind = OfferKind.DEMAND if side == Side.APPLICANT else OfferKind.OFFER
            draft = sessions.OfferDraft(side=side, kind=kind, amount=Decimal(amount), terms=f"{words}的条件")
            held = sessions.hold_session(
                self.case, by=by, kind="back_to_back", side_heard=side, text=words, points=f"{words}的焦点",
                present=["调解员"], offers=[draft],
            )  # fmt: skip
            between = sessions.make_offer(self.case, by=by, offer=draft)
            self.notes[side] = held.note
            self.offers += [held.offers.get(), between]
            scan = attach(
                held.note,
                SimpleUploadedFile(f"{words}.pdf", f"%PDF-1.4\n{words} {amount}".encode()),
                by=by,
                caption=words,
            )
            sessions.sign_note(held.note, by=by, signed_on=stories.today(), scan=scan)
        sessions.hold_session(
            self.case, by=by, kind="face_to_face", text="双方当面谈", present=["沈月琴", "王建国"],
        )  # fmt: skip
        team.share(self.case, by=hall["head"], organisation=hall.bureau, reason="联合调解")
        care.record_limitation_event(self.case, by=by, kind="claim", on=stories.today(), note="寄出催告函")
        room = appointments.open_room(hall.centre, by=hall["head"], name=f"第{next(_serial)}调解室")
        start = stories.timezone.now() + stories.days(1) + stories.days(next(_serial))
        self.booked = appointments.book(
            self.case, by=by, room=room, starts_at=start, ends_at=start + stories.datetime.timedelta(hours=1)
        )
        first = stories.today()
        self.duty = Duty.objects.first() or duties.put_on(
            hall.centre, by=hall["head"], user=by, seat="mediator", first=first, last=first + stories.days(6)
        )[0]  # fmt: skip
        self.feed = feeds.make_feed(by, by=by)
        self.case = stories.fresh(self.case)


_serial = itertools.count(1)
Doors = Callable[[Secrets], Iterator[str]]


def doors(secret: Secrets) -> Iterator[str]:
    """Every address of the room of disputes with the keys of the case, in every combination; what the frame tells of cases."""
    case = secret.case
    for name, pattern in named(get_resolver().url_patterns):
        keys = pattern.pattern.converters
        if name in FRAME and not keys:
            yield reverse(name)
        elif name.startswith("disputes:"):
            for values in keys_of(name, list(keys), secret):
                # The forms of the steps and of what is done beside them are drawn alike: each run asks for a share of them.
                if name not in FORMS or taken(name, values.get("verb"), values.get("name"), of=3):
                    yield reverse(name, kwargs=values)
    for query in ("?show=talks", "?show=files", "?show=reads"):
        yield reverse("disputes:dispute", args=[case.pk]) + query
    for words in (case.number, *(sign for signs in SIGNS.values() for sign in signs if taken("search", sign, of=2))):
        yield f"{reverse('casework:search')}?q={words}"
        yield f"{reverse('disputes:disputes')}?q={words}"
    yield reverse("insight:whole", args=["disputes"])
    for note in secret.notes.values():
        assert note.scan_id is not None
        yield reverse("casework:file", args=[note.scan_id])


def keys_of(name: str, keys: list[str], secret: Secrets) -> list[dict[str, Any]]:
    """All that the keys of an address can be; an address that only takes what is sent answers 405, which tells nothing."""
    case = secret.case
    if name in ("disputes:from_issue", "disputes:drop_view", "disputes:calendar_feed"):
        return [{"key": secret.feed}] if "key" in keys else []
    if name == "disputes:settle":
        settled = [("release_note", note.pk) for note in secret.notes.values()]
        settled += [("sign_note", note.pk) for note in secret.notes.values()]
        settled += [("release_offer", offer.pk) for offer in secret.offers]
        settled += [("consent", party.pk) for party in case.parties.all()]
        assert {known for known, _key in settled} < set(PARTS)
        return [{"pk": case.pk, "name": known, "part": key} for known, key in settled]
    choices: dict[str, list[Any]] = {
        "pk": [note.pk for note in secret.notes.values()] if name == "disputes:session"
        else [secret.booked.pk] if name == "disputes:cancel"
        else [secret.booked.room_id] if name.startswith("disputes:room")
        else [secret.duty.pk] if name == "disputes:rota_off"
        else [case.parties.get(side=Side.APPLICANT).pk] if name == "disputes:reveal"
        else [case.pk],
        "verb": list(TRANSITIONS) if name == "disputes:step" else [],
        "name": list(CARE) if name == "disputes:do" else ["phone"],
        "event": [case.limitation_events.get().pk],
        "kind": ["severance"],
        "position": [0],
        "file": [note.scan_id for note in secret.notes.values()],
    }  # fmt: skip
    if not all(key in choices for key in keys):
        # A door of somebody else that asks for more than a case: it has a table of its own.
        return []
    return [dict(zip(keys, values, strict=True)) for values in itertools.product(*(choices[key] for key in keys))]


def api_doors(secret: Secrets) -> Iterator[str]:
    case = secret.case
    for pattern in api_patterns:
        if (
            "/transitions/" in str(pattern.pattern)
            or "/do/" in str(pattern.pattern)
            or "remove" in str(pattern.pattern)
        ):
            continue
        keys: list[Any] = [None]
        if "pk" in pattern.pattern.converters:
            of_session = str(pattern.pattern).startswith("sessions/")
            keys = [note.pk for note in secret.notes.values()] if of_session else [case.pk]
        for key in keys:
            yield f"/api/v1/{str(pattern.pattern).replace('<uuid:pk>', str(key))}"
    yield "/api/v1/disputes/?q=21877.31"
    yield f"/api/v1/events/?kind=dispute&subject={case.pk}"


def main_doors(secret: Secrets) -> Iterator[str]:
    """Where a secret would be read if it were not kept: the page, the lists, the search, the export, the files."""
    yield from list_doors(secret)
    yield from near_doors(secret)


def list_doors(secret: Secrets) -> Iterator[str]:
    yield reverse("disputes:disputes")
    yield reverse("disputes:board")
    yield reverse("disputes:export")
    yield reverse("casework:notices")
    yield f"{reverse('casework:search')}?q={secret.case.number}"


def near_doors(secret: Secrets) -> Iterator[str]:
    """Where the secrets themselves are kept: whatever the case has come to, they are read there or nowhere."""
    yield reverse("disputes:dispute", args=[secret.case.pk])
    for note in secret.notes.values():
        yield reverse("disputes:session", args=[note.pk])
        yield reverse("casework:file", args=[note.scan_id])


def no_doors(_secret: Secrets) -> Iterator[str]:
    yield from ()


def main_api_doors(secret: Secrets) -> Iterator[str]:
    yield f"/api/v1/disputes/{secret.case.pk}/"
    yield f"/api/v1/disputes/{secret.case.pk}/timeline/"
    yield "/api/v1/sessions/"
    for note in secret.notes.values():
        yield f"/api/v1/sessions/{note.pk}/"


def found_in(hall: Hall, names: Collection[str], secret: Secrets, pages: Doors, records: Doors) -> Found:
    """{(person, side): the addresses at which the person reads a mark of that side}."""
    found: Found = {}
    for name in names:
        client, caller = Client(), Caller(hall[name])
        client.force_login(hall[name])
        walk(found, name, client.get, pages(secret), SIGNS)
        walk(found, name, caller.get, records(secret), SIGNS)
    return found


def leaks(found: Found, hears: dict[Any, set[str]]) -> Found:
    return {key: urls for key, urls in found.items() if key[0] not in hears[key[1]]}


def heard(found: Found) -> dict[str, set[str]]:
    return {side: {name for name, of in found if of == side} for side in SIGNS}


def test_no_door_tells_anybody_what_a_side_said_alone(hall: Hall) -> None:
    """While there are talks: of each kind of people one at every door, the others and the next district at those where it would be read."""
    secret = Secrets(hall)
    far = make_world("柯桥区总工会", "far_")
    hall.world.people["far_leader"] = far["leader"]
    # One of each kind goes through every door, the others of the kind through those where a secret would be read.
    found = found_in(hall, EVERY_KIND, secret, doors, api_doors)
    assert leaks(found, HEARS) == {}
    hearing = set.union(*HEARS.values())
    kinds = hearing | {"head", "judge", "far_leader"} | {name for name in EVERYBODY if taken("leaks", name, of=4)}
    # Lists tell all alike what they tell.
    some = {name for name in kinds if name in ("judge", "far_leader") or taken("lists", name, of=4)}
    listed = found_in(hall, some - set(EVERY_KIND), secret, list_doors, no_doors)
    others = found_in(hall, kinds - set(EVERY_KIND), secret, near_doors, main_api_doors)

    assert (leaks(listed, HEARS), leaks(others, HEARS)) == ({}, {})
    found |= others
    # The same table finds what may be read: each mark, by whoever may, on the page, through the API and as a file.
    assert heard(found) == HEARS
    for name, side in found:
        urls = found[name, side]
        assert reverse("disputes:dispute", args=[secret.case.pk]) in urls
        assert any("/api/v1/sessions/" in url for url in urls), (name, side)
        assert any("/files/" in url for url in urls), (name, side)


def test_planted_leak_is_found(hall: Hall) -> None:
    """Words of one side in a line of the timeline, in a reason, in the name of a file of the case: the table names the doors."""
    secret = Secrets(hall)
    words = SIGNS[Side.APPLICANT][0]
    names = ("firm_side", "judge", "cadre")
    seen = {"firm_side", "judge"}
    for plant, pages in (
        (lambda: record_event(secret.case, "note", by=hall["mediator"], data={"text": words}), near_doors),
        (lambda: attach(secret.case, SimpleUploadedFile(f"{words}.txt", b"1"), by=hall["mediator"]), near_doors),
        (lambda: Dispute.objects.filter(pk=secret.case.pk).update(title=words), main_doors),
    ):
        with transaction.atomic():
            plant()
            found = leaks(found_in(hall, names, secret, pages, main_api_doors), HEARS)
            transaction.set_rollback(True)
        assert {name for name, _side in found} >= seen, found.keys()
        assert not {name for name, _side in found} & {"cadre"}
        assert all(side == Side.APPLICANT for _name, side in found)


def _agreed(hall: Hall, secret: Secrets) -> None:
    agreements.agree(secret.case, by=hall["mediator"], **stories.terms(secret.case))  # type: ignore[arg-type]


def _effective(hall: Hall, secret: Secrets) -> None:
    _agreed(hall, secret)
    stories.sign(secret.case.agreements.get(), by=hall["mediator"])
    agreements.make_effective(stories.fresh(secret.case), by=hall["case_clerk"])


def _archived(hall: Hall, secret: Secrets) -> None:
    _effective(hall, secret)
    stories.fulfil_all(hall, secret.case)
    agreements.finish(stories.fresh(secret.case), by=hall["case_clerk"])
    steps.archive(stories.fresh(secret.case), by=hall["case_clerk"], statement=stories.LACKS)


def _failed(hall: Hall, secret: Secrets) -> None:
    steps.fail(secret.case, by=hall["mediator"], reason="gap")


def _released(hall: Hall, secret: Secrets) -> None:
    sessions.release_note(secret.notes[Side.APPLICANT], by=hall["mediator"], reason="申请人当日电话同意")


def _left(hall: Hall, secret: Secrets) -> None:
    for name in ("mediator", "worker_side"):
        seat = secret.case.team.get(user=hall[name])
        seat.ended_at = stories.timezone.now()
        seat.save(update_fields=["ended_at"])


def test_secrets_are_kept_at_each_stage(hall: Hall) -> None:
    """As the case goes on, what was said alone stays with whom it was said to; only its own side can release it."""
    names = ("mediator", "head", "arbitrator", "worker_side", "firm_side", "auditor")
    secret = Secrets(hall)
    both = {side: set(names) & hears for side, hears in HEARS.items()}
    everybody, hearing = set(names) - {"auditor"}, set.union(*HEARS.values())
    for go, expected in (
        (_agreed, both),
        (_effective, both),
        (_failed, both),
        # The case is put away: representatives and shares have ended.
        (_archived, {Side.APPLICANT: {"mediator"}, Side.RESPONDENT: {"mediator"}}),
        (_released, {**both, Side.APPLICANT: everybody}),
        (_left, {Side.APPLICANT: set(), Side.RESPONDENT: {"firm_side"}}),
    ):
        with transaction.atomic():
            go(hall, secret)
            secret.case = stories.fresh(secret.case)
            # To whom something must not be told: both sides at each stage, a share of the others; lists and API are alike.
            shut_out = [name for name in names if not all(name in who for who in expected.values())]
            asked = [name for name in shut_out if name in hearing or taken("stage", go.__name__, name, of=3)]
            found = found_in(hall, asked, secret, near_doors, no_doors)
            # Once the other side may hear it too, only who looks over papers must not.
            some = shut_out if WHOLE else [name for name in ("firm_side", "auditor") if name in shut_out][:1]
            assert some, go
            told = leaks(found_in(hall, some, secret, list_doors, main_api_doors), expected)
            transaction.set_rollback(True)
        assert (leaks(found, expected), told) == ({}, {}), go
        assert heard(found) == {side: hears & set(asked) for side, hears in expected.items()}, go
        secret.case = stories.fresh(secret.case)
