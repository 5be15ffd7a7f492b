"""One dispute: who stands against whom, how far the talks are, what was agreed, and what is left to be done."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionops.casework import deadlines
from unionops.casework.attachments import attachments_of
from unionops.casework.models import CaseLink, FollowUp, Watch
from unionops.casework.permissions import refusal
from unionops.casework.subjects import subject
from unionops.jinja import day, money, short_day, url_if
from unionops.joining import clauses, listed
from unionops.org.models import Event, User
from unionops.org.views.answers import person
from visits.explaining import explanation

from .. import gap, permissions
from ..enums import (
    AFTER_EFFECT,
    END_STATES,
    JOINT_KINDS,
    OVER_STATES,
    STEPS,
    ConfirmationKind,
    DisputeState,
    Mark,
    Side,
)
from ..models import Agreement, Confirmation, Dispute, Offer, Party, SessionNote
from ..panels import panels_of
from ..policies import confirmation_refusal
from ..queries import earlier_cases, of_employer
from ..terms import windows
from ..timeline import FILES, MOVES, READS, TALKS, entries
from .finding import page_of, visible_dispute
from .offering import links_of

# What the page itself shows of a long timeline; the rest is in the log of the auditor.
MOST_EVENTS = 150
MOST_PARTIES = 30
FILE_GLYPHS = {
    "image": "file-earmark-image", "pdf": "file-earmark-pdf", "word": "file-earmark-word", "sheet": "file-earmark-excel",
    "audio": "file-earmark-music",
}  # fmt: skip


@require_safe
def dispute(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "disputes/dispute.html", case_context(request, visible_dispute(request, pk)))


@require_safe
def session_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A note is read on the page of its case; whoever may not see it finds nothing here."""
    note = get_object_or_404(SessionNote.objects.visible_to(person(request)).select_related("session__dispute"), pk=pk)
    return HttpResponseRedirect(f"{page_of(note.session.dispute)}#session-{note.session.number}")


@require_safe
def confirmation_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(
        Confirmation.objects.visible_to(person(request)).select_related("agreement__dispute"), pk=pk
    )
    return HttpResponseRedirect(f"{page_of(found.agreement.dispute)}#confirmation")


def case_context(request: HttpRequest, shown: Dispute) -> dict[str, Any]:
    """All that the page shows."""
    user = person(request)
    permissions.know_relations(user, shown)
    found = permissions.choices_for(permissions.facts_of(user, shown), get_language() or "")
    show = request.GET.get("show", "")
    lines = entries(Event.objects.about("dispute", shown.pk).select_related("by").order_by("-at", "-pk")[:MOST_EVENTS])
    parties = list(shown.parties.prefetch_related("agents"))
    agreements = list(shown.agreements.filter(volume=shown.volume).prefetch_related("obligations", "confirmations"))
    may_keep = not refusal(permissions.check_records, user, shown)
    return {
        "dispute": shown,
        "pen": pen_of(shown),
        "tags": _tags(shown, parties),
        "deadline": _deadline(shown),
        "explanation": explanation(shown.deadline) if shown.is_open and shown.deadline else None,
        "stepper": _steps(shown, agreements),
        "verbs": [verb for choice in found if choice.is_allowed and (verb := _verb(shown, choice))],
        "refused": [
            {"label": choice.transition.label, "reason": choice.reason}
            for choice in found
            if not choice.is_allowed and shown.state in choice.transition.sources
        ],
        "waiting": _waiting(shown),
        "care": links_of(shown, user, "case", [shown])[shown.pk],
        "may_reveal": not refusal(permissions.check_may_reveal, user, shown),
        "may_upload": may_keep,
        "is_watched": Watch.objects.filter(user=user, kind="dispute", case_id=shown.pk).exists(),
        "sides": _sides(shown, user, parties),
        "team": _team(shown, user),
        "sessions": _sessions(shown, user),
        **_talks(shown, user),
        "agreement": _agreement(shown, user, agreements, parties),
        "windows": _windows(shown, user, agreements),
        "calls": _calls(shown, user),
        "related": _related(user, shown, parties),
        "files": files_of(shown, user, may_remove=may_keep),
        "panels": panels_of(shown, user),
        "lines": [line for line in lines if not show or line.group == show],
        "line_count": len(lines),
        "line_tabs": [
            {"label": label, "url": f"{page_of(shown)}?show={key}#events" if key else page_of(shown), "current": key == show}
            for key, label in (
                ("", _("全部")), (MOVES, _("动作")), (TALKS, _("调解")), (FILES, _("材料")), (READS, _("查看记录")),
            )
        ],
    }  # fmt: skip


# --- the head


def pen_of(shown: Dispute) -> dict[str, str]:
    """«八字桥工作室 已受理»: who holds the pen and where the case stands."""
    state = shown.get_state_display()
    if shown.state in END_STATES:
        return {"words": state, "tone": "done"}
    where = shown.holder_user.name if shown.holder_user else _short(shown.holder_organisation)
    return {"words": f"{where} {state}".strip(), "tone": ""}


def _short(organisation: Any) -> str:
    return (organisation.short_name or organisation.name) if organisation else ""


def _tags(shown: Dispute, parties: Sequence[Party]) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = [{"words": shown.get_cause_display()}]
    if shown.is_collective:
        elected = [party.name for party in parties if party.is_elected]
        words = _("集体争议 %(n)d 人") % {"n": shown.people_count}
        tags.append({"words": clauses([words, elected and _("代表 %(names)s") % {"names": listed(elected[:3])}]),
                     "glyph": "people-fill"})  # fmt: skip
    if shown.new_employment:
        tags.append({"words": _("新就业形态")})
    if shown.volume > 1:
        tags.append({"words": _("第 %(n)d 卷") % {"n": shown.volume}, "glyph": "arrow-counterclockwise"})
    return tags


def _deadline(shown: Dispute) -> dict[str, str] | None:
    if shown.deadline is None or shown.state in END_STATES:
        return None
    lamp = deadlines.lamp_of(shown.deadline)
    words = lamp.words
    if shown.deadline.paused_on is None and shown.deadline.met_on is None:
        words = _("%(what)s %(left)s，%(day)s到期") % {
            "what": shown.deadline.rule_name, "left": lamp.words, "day": day(shown.deadline.due_on),
        }  # fmt: skip
    return {"state": lamp.light, "words": words}


def _steps(shown: Dispute, agreements: Sequence[Agreement]) -> list[dict[str, Any]]:
    """The way of a case with what is known of each step; past steps are those before the present one."""
    here = next((at for at, (_key, _label, states) in enumerate(STEPS) if shown.state in states), 0)
    effective = next((agreement for agreement in agreements if agreement.has_effect), None)
    drafted = agreements[-1] if agreements else None
    # A case that ended before an agreement skips the steps of the agreement on its way into the archive.
    skipped = {"agree", "fulfil"} if shown.state in END_STATES and effective is None else set()
    if shown.state in END_STATES and shown.accepted_on is None:
        skipped |= {"accept", "mediate"}
    notes = {
        "register": short_day(shown.received_on),
        "accept": short_day(shown.accepted_on),
        "mediate": shown.mediator.name if shown.mediator else "",
        "agree": short_day(effective.effective_on if effective else drafted.drafted_at if drafted else None),
        "fulfil": _performed(effective),
        "archive": short_day(shown.closed_at),
    }
    found = []
    for at, (key, label, _states) in enumerate(STEPS):
        if key in skipped:
            found.append({"label": str(label), "note": "—", "state": ""})
            continue
        ended = shown.state in END_STATES and at == here
        state = "done" if at < here or ended else "here" if at == here else ""
        note = notes[key] if state else ""
        if state == "here" and shown.state not in AFTER_EFFECT:
            since = (timezone.localdate() - timezone.localtime(shown.state_since).date()).days
            note = clauses([shown.get_state_display() if shown.state in OVER_STATES else "",
                            _("第 %(n)d 天") % {"n": since + 1}])  # fmt: skip
        found.append({"label": str(label), "note": note, "state": state})
    return found


def _performed(agreement: Agreement | None) -> str:
    if agreement is None:
        return ""
    rows = list(agreement.obligations.all())
    return _("%(done)d/%(all)d 项") % {"done": sum(row.fulfilled_on is not None for row in rows), "all": len(rows)}


def _verb(shown: Dispute, choice: Any) -> dict[str, Any] | None:
    """A button where the step has its form."""
    transition = choice.transition
    url = url_if("disputes:step", shown.pk, transition.verb)
    if not url:
        return None
    return {
        "verb": transition.verb, "label": transition.label, "glyph": transition.icon, "url": url, "usual": transition.usual,
    }  # fmt: skip


def _waiting(shown: Dispute) -> str:
    if not shown.is_open:
        return _("已经归档，没有下一步。")
    return _("现在由%(who)s办理，没有要您做的动作。") % {
        "who": shown.holder_user.name if shown.holder_user else _short(shown.holder_organisation)
    }


# --- who


def _sides(shown: Dispute, user: User, parties: Sequence[Party]) -> list[dict[str, Any]]:
    """Each side with its people, their claims and who speaks for them."""
    today = timezone.localdate()
    links = links_of(shown, user, "party", parties)
    agents = [agent for party in parties for agent in party.agents.all()]
    agent_links = links_of(shown, user, "agent", agents)
    found = []
    for side in Side:
        of_side = [party for party in parties if party.side == side]
        if not of_side:
            continue
        rows = [
            {
                "party": party,
                "consent": _consent(party),
                "agents": [
                    {
                        "agent": agent,
                        "is_over": agent.valid_to is not None and agent.valid_to < today,
                        "links": agent_links[agent.pk],
                    }
                    for agent in party.agents.all()
                ],
                "links": links[party.pk],
            }
            for party in of_side[:MOST_PARTIES]
        ]
        found.append(
            {
                "key": side.value, "label": side.label, "rows": rows, "count": len(of_side),
                "more": max(0, len(of_side) - MOST_PARTIES),
                "amount": sum((party.amount for party in of_side), Decimal(0)),
            }
        )  # fmt: skip
    return found


def _consent(party: Party) -> dict[str, str]:
    if party.side == Side.THIRD:
        return {}
    if not party.consent:
        return {"words": _("还没征询"), "state": "hold"}
    words = clauses([party.get_consent_display(), short_day(party.consent_on)])
    return {"words": words, "state": "done" if party.consent == "given" else "late"}


def _team(shown: Dispute, user: User) -> dict[str, Any]:
    today = timezone.localdate()
    seats = list(shown.team.select_related("user"))
    shares = list(shown.shares.select_related("organisation"))
    seat_links = links_of(shown, user, "member", seats)
    share_links = links_of(shown, user, "share", shares)
    return {
        "seats": [
            {
                "name": seat.user.name,
                "seat": clauses([seat.get_seat_display(), seat.is_lead and pgettext("调解员", "首席")]),
                "side": seat.get_side_display() if seat.side else "",
                "until": short_day(seat.valid_to),
                "is_over": not seat.holds_on(today),
                "links": seat_links[seat.pk],
            }
            for seat in seats
        ],
        "shares": [
            {
                "name": _short(share.organisation),
                "reason": share.reason,
                "until": short_day(share.valid_to),
                "is_over": share.ended_at is not None or bool(share.valid_to and share.valid_to < today),
                "links": share_links[share.pk],
            }
            for share in shares
        ],
    }


# --- the talks


def _sessions(shown: Dispute, user: User) -> list[dict[str, Any]]:
    """That each session took place is seen by whoever sees the case; what was said, by whom `visible_to` names."""
    held = list(shown.sessions.select_related("recorded_by").order_by("-number"))
    told = SessionNote.objects.visible_to(user).filter(session__dispute=shown)
    notes = {note.pk: note for note in told}
    links = links_of(shown, user, "note", list(notes.values()))
    found = []
    for session in held:
        note = notes.get(session.pk)
        found.append(
            {
                "session": session,
                "note": note,
                "is_secret": session.is_alone and (note is None or note.released_at is None),
                "links": links.get(session.pk, []),
            }
        )
    return found


def _talks(shown: Dispute, user: User) -> dict[str, Any]:
    """Offers and the gap, of what this person may see."""
    offers = list(Offer.objects.visible_to(user).filter(dispute=shown).select_related("session"))
    links = links_of(shown, user, "offer", offers)
    return {
        "gap": gap.drawn(offers),
        "offers": [
            {"offer": offer, "is_secret": offer.released_at is None, "links": links[offer.pk]} for offer in reversed(offers)
        ],
    }  # fmt: skip


# --- the agreement


def _agreement(
    shown: Dispute, user: User, agreements: Sequence[Agreement], parties: Sequence[Party]
) -> dict[str, Any] | None:
    if not agreements:
        return None
    current = next((agreement for agreement in agreements if agreement.has_effect), agreements[-1])
    names = {party.pk: party.name for party in parties}
    rows = list(current.obligations.all())
    links = links_of(shown, user, "obligation", rows)
    paid = sum((row.amount or Decimal(0) for row in rows if row.fulfilled_on), Decimal(0))
    return {
        "agreement": current,
        "links": links_of(shown, user, "agreement", [current])[current.pk],
        "marks": [
            {"label": Mark(mark).label, "on": current.marked_on(mark)} for mark in Mark
        ],
        "rows": [
            {
                "row": row,
                "debtor": names.get(row.debtor_id, ""),
                "creditor": names.get(row.creditor_id, ""),
                "lamp": _obligation_lamp(row, stands=current.has_effect),
                "links": links[row.pk],
            }
            for row in rows
        ],
        "paid": money(paid),
        "is_paid": any(row.amount for row in rows),
    }  # fmt: skip


def _obligation_lamp(row: Any, *, stands: bool) -> dict[str, str]:
    if row.fulfilled_on is not None:
        words = _("%(day)s 已履行") % {"day": short_day(row.fulfilled_on)}
        return {"light": "late" if row.is_late else "done", "words": words}
    if not stands:
        return {"light": "hold", "words": _("未生效")}
    soon_on = row.due_on - datetime.timedelta(days=3)
    lamp = deadlines.lamp(row.due_on, soon_on, None, None)
    return {"light": lamp.light, "words": lamp.words}


def _windows(shown: Dispute, user: User, agreements: Sequence[Agreement]) -> dict[str, Any] | None:
    """仲裁审查 and 司法确认 counted down from the day of effect, and every application with what became of it."""
    effective = next((agreement for agreement in agreements if agreement.has_effect), None)
    if effective is None:
        return None
    applied = list(effective.confirmations.all())
    links = links_of(shown, user, "confirmation", applied)
    clocks = windows(shown)
    rows = []
    for kind in sorted(JOINT_KINDS, key=list(ConfirmationKind).index):
        clock, reason = clocks.get(kind), confirmation_refusal(shown, kind)
        lamp = deadlines.lamp_of(clock)
        # A window that nobody used closes without anybody having been late: nothing is owed to it.
        is_past = clock is not None and clock.met_on is None and lamp.is_over
        rows.append(
            {
                "label": ConfirmationKind(kind).label,
                "light": "hold" if reason or is_past or clock is None else lamp.light,
                "words": _("不适用") if reason else _("已过申请期") if is_past else lamp.words if clock else "—",
                "note": reason or (_window_words(clock) if clock else ""),
            }
        )
    return {
        "rows": rows,
        "applied": [{"row": row, "links": links[row.pk]} for row in applied],
        "is_open": shown.state in (DisputeState.EFFECTIVE, DisputeState.BREACHED),
    }


def _window_words(clock: Any) -> str:
    return _("%(length)d 个%(unit)s，从 %(start)s 起，最晚 %(due)s") % {
        "length": clock.length, "unit": clock.get_unit_display(), "start": short_day(clock.started_on),
        "due": day(clock.due_on),
    }  # fmt: skip


def _calls(shown: Dispute, user: User) -> list[dict[str, Any]]:
    """案后回访: what was asked and what is still to be asked, by somebody who did not mediate."""
    calls = list(
        FollowUp.objects.filter(kind="dispute", case_id=shown.pk).select_related("done_by").order_by("due_on", "pk")
    )
    links = links_of(shown, user, "follow_up", calls)
    today = timezone.localdate()
    return [{"call": call, "light": "over" if call.due_on < today else "ok", "links": links[call.pk]} for call in calls]


# --- beside it


def _related(user: User, shown: Dispute, parties: Sequence[Party]) -> list[dict[str, str]]:
    """The issue it came from, linked cases, earlier cases of the same people, and how many the employer has had."""
    rows = []
    links = list(
        CaseLink.objects.filter(Q(from_kind="dispute", from_id=shown.pk) | Q(to_kind="dispute", to_id=shown.pk))
    )
    for link in links:
        kind, key = (link.to_kind, link.to_id) if link.from_id == shown.pk else (link.from_kind, link.from_id)
        known = subject(kind)
        other: Any = known.get_for(user, key) if known else None
        if known and other is not None:
            rows.append(
                {
                    "glyph": "chat-square-text", "label": str(other)[:40], "url": reverse(known.url_name, args=[key]),
                    "note": link.get_sort_display(),
                }
            )  # fmt: skip
    workers = [party for party in parties if party.kind == "person"][:MOST_PARTIES]
    firms = [party for party in parties if party.kind == "enterprise"]
    earlier = earlier_cases(
        user,
        identities=[party.identity_hash for party in workers],
        people=[party.person_id for party in workers],
        pairs=[
            (worker.name, firm.name) for worker in workers[:3] for firm in firms[:1] if worker.side == Side.APPLICANT
        ],
        but=shown.pk,
    )
    rows += [
        {
            "glyph": "people", "label": f"{other.number} {other.get_cause_display()}", "url": page_of(other),
            "note": _("同一当事人"),
        }
        for other in earlier
    ]  # fmt: skip
    firm = next((party for party in firms if party.enterprise_id), None)
    if firm is not None:
        since = timezone.now() - datetime.timedelta(days=365)
        if same := of_employer(user, firm.enterprise_id, since=since, but=shown.pk):
            rows.append(
                {
                    "glyph": "building", "label": _("近一年同一单位 %(n)s 件") % {"n": same},
                    "url": f"{reverse('disputes:disputes')}?q={firm.name}", "note": "",
                }
            )  # fmt: skip
    return rows


def files_of(shown: Dispute, user: User, *, may_remove: bool) -> list[dict[str, Any]]:
    return [
        {
            "name": file.caption or file.name,
            "url": reverse("casework:file", args=[file.pk]),
            "glyph": next(
                (glyph for word, glyph in FILE_GLYPHS.items() if word in file.content_type), "file-earmark-text"
            ),
            "note": short_day(file.uploaded_at),
            "remove_url": reverse("disputes:remove_file", args=[shown.pk, file.pk])
            if may_remove and file.uploaded_by_id == user.pk
            else "",
        }
        for file in attachments_of(shown)
    ]
