"""文书和卷宗 of a case as its page shows them: what can be made, what was made, what the file holds and lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from unionops.casework.permissions import refusal
from unionops.joining import listed
from unionops.org.models import User

from ..actions.papers import FILE_PACK
from ..enums import END_STATES
from ..exits import way_after_breach
from ..models import CaseFile, Dispute, Paper, SessionNote
from ..permissions import check_may_reveal, know_relations
from . import breach
from .facts import Facts
from .filing import Item, file_list, lacking
from .kinds import PaperKind
from .packs import code_of
from .table import RULES, Rule

Shown = dict[str, Any]
MOST_MISSING = 2


def papers_panel(dispute: Dispute, user: User) -> Shown:
    """Nothing is read for it before the part itself is asked for: the page of a case shall open at once."""
    return {"url": reverse("disputes:papers", args=[dispute.pk])}


def papers_of(dispute: Dispute, user: User) -> Shown:
    """All that the part and the page of papers show to this person."""
    know_relations(user, dispute)
    is_put_away = dispute.state in END_STATES
    made = list(dispute.papers.filter(volume=dispute.volume).select_related("made_by").order_by("made_at", "pk"))
    files = list(dispute.case_files.defer("content_sealed").select_related("sealed_by").order_by("-volume"))
    offered = _kept(dispute, user, made) if is_put_away else _offered(dispute, user, made)
    items = [] if is_put_away else file_list(dispute)
    # What is missing and can be made leads to where it is made.
    ways = {one["kind"]: one["url"] for one in offered}
    listed_here = [one for one in offered if is_put_away or one["kind"] not in breach.PAPERS.values()]
    # What the file waits for and what was made stands first; the rest is one click away.
    wanted = {item.key for item in lacking(items)}
    first = [one for one in listed_here if is_put_away or one["made"] or one["kind"] in wanted]
    return {
        "offered": first or listed_here,
        "others": [one for one in listed_here if one not in first] if first else [],
        "ways": [] if is_put_away else _ways(dispute, user, offered),
        "items": [_item(item, ways) for item in items if item.found or item.needed],
        "lacking": len(lacking(items)),
        "files": [_file(dispute, user, one) for one in files],
        "is_put_away": is_put_away,
    }


def ways_of(dispute: Dispute, user: User) -> list[Shown]:
    """The ways that a breach has opened, each with its article, its last day and its paper; none for a case without."""
    know_relations(user, dispute)
    made = list(dispute.papers.filter(volume=dispute.volume).select_related("made_by").order_by("made_at", "pk"))
    return _ways(dispute, user, _offered(dispute, user, made))


def _ways(dispute: Dispute, user: User, offered: Sequence[Shown]) -> list[Shown]:
    """What this person can make of them; of a case that has taken a way this one only."""
    papers = {one["kind"]: one for one in offered}
    facts = Facts(dispute, user, full=False)
    found = []
    for route, kind in breach.PAPERS.items():
        if kind not in papers or facts.agreement is None:
            continue
        way = way_after_breach(dispute, facts.agreement, route, on=facts.on)
        found.append({"way": way, "paper": papers[kind], "body": breach.body_of(facts, route)})
    return sorted(found, key=lambda one: bool(one["paper"]["closed"]))


def _address(dispute: Dispute, kind: str, about: str = "") -> str:
    query = {"dispute": str(dispute.pk)} | ({"about": about} if about else {})
    return f"{reverse('packs:new', args=[code_of(kind)])}?{urlencode(query)}"


def _offered(dispute: Dispute, user: User, made: list[Paper]) -> list[Shown]:
    """Each paper that makes sense now for this person: what was made of it, what is missing, why it is closed."""
    facts = Facts(dispute, user, full=False)
    return [
        _paper(dispute, rule, facts, [paper for paper in made if paper.kind == rule.kind])
        for rule in RULES.values()
        if rule.applies(facts) and rule.is_for(user, dispute)
    ]


def _paper(dispute: Dispute, rule: Rule, facts: Facts, made: list[Paper]) -> Shown:
    closed = rule.closed(facts)
    return {
        "kind": rule.kind.value,
        "label": rule.kind.label,
        "url": "" if closed else _address(dispute, rule.kind),
        "closed": closed,
        "missing": "" if closed else _few(rule.missing(facts)),
        "count": len(rule.abouts(facts)) if rule.abouts is not None else 1,
        "made": _made(made),
    }


def _few(missing: list[str]) -> str:
    """The first two and how many there are: the page of the paper names them all."""
    if len(missing) <= MOST_MISSING:
        return listed(missing)
    return _("%(what)s等 %(n)d 项") % {"what": listed(missing[:MOST_MISSING]), "n": len(missing)}


def _made(made: list[Paper]) -> Shown | None:
    if not made:
        return None
    last = made[-1]
    return {"number": last.number, "at": last.made_at, "by": last.made_by.name, "count": len(made)}


def _kept(dispute: Dispute, user: User, made: list[Paper]) -> list[Shown]:
    """What the sealed file holds, to whoever could make it."""
    readable = {
        str(pk)
        for pk in SessionNote.objects.visible_to(user).filter(session__dispute=dispute).values_list("pk", flat=True)
    }
    return [
        {
            "kind": paper.kind, "label": paper.get_kind_display(), "url": _address(dispute, paper.kind, paper.about), "closed": "", "missing": "",
            "count": 1, "made": _made([paper]),
        }
        for paper in made
        if RULES[paper.kind].is_for(user, dispute)
        and (paper.kind != PaperKind.RECORD or paper.about in readable)
    ]  # fmt: skip


def _item(item: Item, ways: Mapping[str, str]) -> Shown:
    return {
        "url": ways.get(item.key, "") if item.lack else "",
        "label": item.label,
        "state": item.state,
        "lack": item.lack,
        "found": item.found[:4],
        "more": max(0, len(item.found) - 4),
    }


def _file(dispute: Dispute, user: User, one: CaseFile) -> Shown:
    query = urlencode({"dispute": str(dispute.pk), "volume": one.volume})
    may_fetch = not refusal(check_may_reveal, user, dispute)
    return {
        "file": one,
        "url": f"{reverse('packs:new', args=[FILE_PACK])}?{query}" if may_fetch else "",
        "pages": _("%(n)s 页") % {"n": one.pages} if one.pages else _("还没有装订"),
    }
