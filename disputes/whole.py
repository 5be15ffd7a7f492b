"""A case with all that hangs on it, as its page shows it to one person: one statement for the parts, one for what lies beside."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from unionops.casework.attachments import attachments_of
from unionops.casework.models import CaseLink, Deadline, DeadlinePause, FollowUp, Watch
from unionops.casework.subjects import Subject, subject
from unionops.casework.together import Counted, know, read_together, unsealed
from unionops.org.models import Event, User

from . import panels
from .enums import Side
from .models import (
    Agent,
    Agreement,
    Appointment,
    Centre,
    Confirmation,
    Dispute,
    Obligation,
    Offer,
    Party,
    SessionNote,
    TeamMember,
)
from .queries import cases_against, earlier_of
from .terms import window_clocks

# What the page itself shows of a long timeline; the rest is in the log of the auditor.
MOST_EVENTS = 150
YEAR = datetime.timedelta(days=365)
# Of a long party list so many workers are looked for in earlier cases.
MOST_LOOKED_FOR = 30


class Whole(NamedTuple):
    """What one person sees of a case. Each agreement knows its obligations and confirmations, each party its agents."""

    events: Sequence[Event]
    parties: Sequence[Party]
    agreements: Sequence[Agreement]
    centre: Centre
    seats: Sequence[TeamMember]
    shares: Sequence[Any]
    sessions: Sequence[Any]
    notes: Mapping[Any, SessionNote]
    offers: Sequence[Offer]
    clocks: Sequence[Deadline]
    calls: Sequence[FollowUp]
    meetings: Sequence[Appointment]
    links: Sequence[CaseLink]
    files: Sequence[Any]
    is_watched: bool
    panels: Sequence[panels.CasePanel]
    of_panels: Mapping[str, Any]


def read_whole(shown: Dispute, user: User) -> Whole:
    """Everything on the page of a case, in one statement however much there is."""
    own = panels.shown_to(shown, user)
    of_volume = Agreement.objects.filter(dispute=shown, volume=shown.volume).order_by("version")
    found = read_together(
        {
            "events": Event.objects.about("dispute", shown.pk)
            .select_related("by")
            .order_by("-at", "-pk")[:MOST_EVENTS],
            "parties": unsealed(Party.objects.filter(dispute=shown).order_by("side", "position")),
            "agents": unsealed(Agent.objects.filter(party__dispute=shown).order_by("pk")),
            "agreements": of_volume,
            "obligations": Obligation.objects.filter(agreement__in=of_volume).order_by("position"),
            "confirmations": Confirmation.objects.filter(agreement__in=of_volume).order_by("applied_on", "pk"),
            "centre": Centre.objects.filter(organisation=shown.organisation_id),
            "seats": shown.team.select_related("user"),
            "shares": shown.shares.select_related("organisation"),
            "sessions": shown.sessions.order_by("-number"),
            # What was said is read through `visible_to` alone.
            "notes": SessionNote.objects.visible_to(user).filter(session__dispute=shown).order_by("pk"),
            "offers": Offer.objects.visible_to(user).filter(dispute=shown).order_by("made_on", "pk"),
            "clocks": window_clocks(shown),
            "pauses": DeadlinePause.objects.filter(deadline=shown.deadline_id).order_by("starts_on", "pk"),
            "calls": FollowUp.objects.filter(kind="dispute", case_id=shown.pk)
            .select_related("done_by")
            .order_by("due_on", "pk"),
            "meetings": Appointment.objects.standing()
            .filter(dispute=shown, ends_at__gte=timezone.now())
            .select_related("room", "mediator")
            .order_by("starts_at"),
            "links": CaseLink.objects.filter(
                Q(from_kind="dispute", from_id=shown.pk) | Q(to_kind="dispute", to_id=shown.pk)
            ).order_by("pk"),
            "files": attachments_of(shown).order_by("uploaded_at", "pk"),
            "watched": Counted(Watch.objects.filter(user=user, kind="dispute", case_id=shown.pk)),
            **panels.reads_of(own, shown, user),
        }
    )
    if shown.deadline is not None:
        know(shown.deadline, "pauses", found["pauses"])
    _hand_out(found["parties"], "agents", found["agents"], "party_id")
    for name in ("obligations", "confirmations"):
        _hand_out(found["agreements"], name, found[name], "agreement_id")
    return Whole(
        events=found["events"], parties=found["parties"], agreements=found["agreements"],
        # A centre that nobody has set up works by the rules of the province.
        centre=next(iter(found["centre"]), None) or Centre(organisation=shown.organisation), seats=found["seats"],
        shares=found["shares"], sessions=found["sessions"], notes={note.pk: note for note in found["notes"]},
        offers=found["offers"], clocks=found["clocks"], calls=found["calls"], meetings=found["meetings"],
        links=found["links"], files=found["files"], is_watched=bool(found["watched"]), panels=own, of_panels=found,
    )  # fmt: skip


def _hand_out(things: Iterable[Any], name: str, rows: Iterable[Any], key: str) -> None:
    of = defaultdict(list)
    for row in rows:
        of[getattr(row, key)].append(row)
    for thing in things:
        know(thing, name, of[thing.pk])


# --- beside it


class Beside(NamedTuple):
    """What a person may see of the things around a case."""

    linked: Sequence[tuple[CaseLink, Subject, Any]]
    earlier: Sequence[Dispute]
    firm: Party | None
    against_firm: int


def read_beside(shown: Dispute, user: User, links: Sequence[CaseLink], parties: Sequence[Party]) -> Beside:
    """What it came from, earlier cases of the same people, how many the employer has had: one statement."""
    ends = [(link, *_other_end(link, shown)) for link in links]
    reads: dict[str, QuerySet[Any] | Counted] = {}
    for kind in sorted({kind for _link, kind, _key in ends}):
        if known := subject(kind):
            keys = [key for _link, other, key in ends if other == kind]
            reads[kind] = unsealed(known.model.objects.visible_to(user).filter(pk__in=keys))  # type: ignore[attr-defined]
    workers = [party for party in parties if party.kind == "person"][:MOST_LOOKED_FOR]
    firms = [party for party in parties if party.kind == "enterprise"]
    pairs = [(worker.name, firm.name) for worker in workers[:3] for firm in firms[:1] if worker.side == Side.APPLICANT]
    reads["dispute."] = earlier_of(
        user, identities=[party.identity_hash for party in workers], phones=[party.phone_hash for party in workers],
        people=[party.person_id for party in workers],
        pairs=pairs, but=shown.pk,
    )  # fmt: skip
    firm = next((party for party in firms if party.enterprise_id), None)
    if firm is not None:
        since = timezone.now() - YEAR
        reads["firm."] = Counted(cases_against(user, firm.enterprise_id, since=since, but=shown.pk))
    found = read_together(reads)
    things = {(kind, str(thing.pk)): thing for kind in reads if "." not in kind for thing in found[kind]}
    linked = []
    for link, kind, key in ends:
        known, thing = subject(kind), things.get((kind, str(key)))
        if known is not None and thing is not None:
            linked.append((link, known, thing))
    return Beside(linked, found["dispute."], firm, found.get("firm.", 0))


def _other_end(link: CaseLink, shown: Dispute) -> tuple[str, Any]:
    if link.from_id == shown.pk:
        return link.to_kind, link.to_id
    return link.from_kind, link.from_id
