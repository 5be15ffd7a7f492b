"""One dispute: who stands against whom, how far the talks are, what was agreed, and what is left to be done."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionops.casework import deadlines
from unionops.casework.attachments import attachments_of
from unionops.casework.models import Attachment, FollowUp
from unionops.casework.permissions import Choice, refusal
from unionops.casework.search import contains
from unionops.casework.together import unsealed
from unionops.jinja import day, money, short_day, url_if
from unionops.joining import clauses, listed
from unionops.org.models import User
from unionops.org.views.answers import person
from visits.explaining import explanation

from .. import gap, permissions
from ..enums import (
    AFTER_EFFECT,
    BEFORE_EFFECT,
    BOOKED_IN,
    END_STATES,
    JOINT_KINDS,
    LIVE_CONFIRMATIONS,
    OVER_STATES,
    STEPS,
    ConfirmationKind,
    DisputeState,
    Mark,
    Side,
)
from ..exits import reasons_against
from ..models import Agreement, Confirmation, Dispute, Obligation, Offer, Party, SessionNote
from ..panels import panels_of
from ..terms import by_decision, by_window, statutory_exit
from ..timeline import FILES, MOVES, READS, TALKS, Entry, entries
from ..whole import Whole, read_beside, read_whole
from .finding import page_of, visible_dispute
from .offering import links_of, links_of_case

# What the page itself shows of a long list; the rest is on a page of its own.
MOST_PARTIES, SHOWN_OF_MANY = 10, 6
# More obligations than these are shown by their dates, each date with how many of it were performed.
MOST_OBLIGATIONS = 8
MOST_ON_PAGE, MOST_OWED = 50, 30
MOST_LINES = 20
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


@require_safe
def parties(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody of a case, where it has more people than its page shows."""
    shown, user = visible_dispute(request, pk), person(request)
    q, side = request.GET.get("q", "").strip()[:50], request.GET.get("side", "")
    people = unsealed(Party.objects.filter(dispute=shown))
    if side in Side:
        people = people.filter(side=side)
    if q:
        people = people.filter(contains("name", q))
    number = _page_number(request)
    first = (number - 1) * MOST_ON_PAGE
    rows = list(people.order_by("side", "-is_elected", "position")[first : first + MOST_ON_PAGE + 1])

    def at(page: int) -> str:
        return f"{request.path}?{urlencode({'side': side, 'q': q, 'page': page})}"

    permissions.know_relations(user, shown)
    context = {
        "case": shown, "back": page_of(shown), "q": q, "of_side": side if side in Side else "", "count": people.count(),
        "rows": [
            {"party": party, "consent": _consent(party), **_validity(party, timezone.localdate())}
            for party in rows[:MOST_ON_PAGE]
        ],
        "may_reveal": not refusal(permissions.check_may_reveal, user, shown),
        "add_url": "" if refusal(permissions.check_edits_parties, user, shown)
        else reverse("disputes:do", args=[shown.pk, "parties"]),
        "previous_url": at(number - 1) if number > 1 else "",
        "next_url": at(number + 1) if len(rows) > MOST_ON_PAGE else "",
    }  # fmt: skip
    return render(request, "disputes/parties.html", context)


@require_safe
def owed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each obligation of the agreement by itself, where its page shows them by their dates."""
    shown, user = visible_dispute(request, pk), person(request)
    permissions.know_relations(user, shown)
    drafts = Agreement.objects.filter(dispute=shown, volume=shown.volume)
    agreement = drafts.order_by(F("effective_on").asc(nulls_last=True), "-version").first()
    of_it = Obligation.objects.filter(agreement=agreement)
    number = _page_number(request)
    first = (number - 1) * MOST_OWED
    # What is still to be performed stands first.
    rows = list(
        of_it.select_related("debtor", "creditor").order_by(
            F("fulfilled_on").desc(nulls_first=True), "due_on", "position"
        )[first : first + MOST_OWED + 1]
    )
    links = links_of(shown, user, "obligation", rows)
    stands = agreement is not None and agreement.has_effect
    done = Q(fulfilled_on__isnull=False)
    context = {
        "case": shown, "back": page_of(shown), "agreement": agreement,
        "rows": [
            {
                "row": row, "debtor": row.debtor.name, "creditor": row.creditor.name,
                "lamp": _obligation_lamp(row, stands=stands), "links": links[row.pk],
            }
            for row in rows[:MOST_OWED]
        ],
        **of_it.aggregate(count=Count("pk"), done=Count("pk", filter=done), paid=Sum("amount", filter=done)),
        "previous_url": f"{request.path}?page={number - 1}" if number > 1 else "",
        "next_url": f"{request.path}?page={number + 1}" if len(rows) > MOST_OWED else "",
    }  # fmt: skip
    return render(request, "disputes/owed.html", context)


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def case_context(request: HttpRequest, shown: Dispute) -> dict[str, Any]:
    """All that the page shows."""
    user = person(request)
    whole = read_whole(shown, user)
    parties, agreements = whole.parties, whole.agreements
    permissions.know_relations(user, shown, [seat for seat in whole.seats if seat.user_id == user.pk])
    found = permissions.choices_for(permissions.facts_of(user, shown), get_language() or "")
    show = request.GET.get("show", "")
    lines = entries(whole.events)
    may_keep = not refusal(permissions.check_records, user, shown)
    return {
        "dispute": shown,
        "pen": pen_of(shown),
        "tags": _tags(shown, parties),
        "deadline": _deadline(shown),
        "explanation": explanation(shown.deadline) if shown.is_open and shown.deadline else None,
        # 调解仲裁法 14: whatever the profile of the case says.
        "exit": statutory_exit(shown) if shown.state in BEFORE_EFFECT else None,
        "stepper": _steps(shown, agreements),
        "verbs": verbs_of(shown, found),
        "refused": [
            {"label": choice.transition.label, "reason": choice.reason}
            for choice in found
            if not choice.is_allowed and shown.state in choice.transition.sources
        ],
        "waiting": _waiting(shown),
        "care": list(links_of_case(shown, user, whole.seats)),
        "owes_aid": _owes_aid(shown, user, whole),
        "may_reveal": not refusal(permissions.check_may_reveal, user, shown),
        "may_upload": may_keep,
        "is_watched": whole.is_watched,
        "sides": _sides(shown, user, parties),
        "team": _team(shown, user, whole),
        "meetings": _meetings(shown, user, whole),
        "sessions": _sessions(shown, user, whole),
        **_talks(shown, user, whole.offers),
        "agreement": _agreement(shown, user, agreements, parties),
        "windows": _windows(shown, user, whole),
        "calls": _calls(shown, user, whole.calls),
        "related": _related(user, shown, whole),
        "files": file_rows(shown, user, whole.files, may_remove=may_keep),
        "panels": panels_of(list(whole.panels), shown, user, whole.of_panels),
        **_lines(request, shown, lines, show),
    }  # fmt: skip


def _lines(request: HttpRequest, shown: Dispute, lines: Sequence[Entry], show: str) -> dict[str, Any]:
    """The newest lines of one kind, and the way to those before them."""
    wanted = [line for line in lines if not show or line.group == show]
    asked = request.GET.get("line", "")
    first = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    older = len(wanted) - first - MOST_LINES
    query = urlencode({"show": show, "line": first + MOST_LINES})
    return {
        "lines": wanted[first : first + MOST_LINES],
        "line_count": len(lines),
        "older": max(0, older),
        "older_url": f"{page_of(shown)}?{query}#events",
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
        elected = [party.name for party in parties if party.speaks_on(timezone.localdate())]
        words = [_("集体争议 %(n)d 人") % {"n": shown.people_count}]
        if elected:
            words.append(_("代表 %(names)s") % {"names": listed(elected[:3])})
        tags.append({"words": clauses(words), "glyph": "people-fill"})
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


def verbs_of(shown: Dispute, found: Sequence[Choice]) -> list[dict[str, Any]]:
    """A button for each allowed step that has its form; the first of the usual ones is the one to press."""
    rows: list[dict[str, Any]] = []
    for choice in found:
        transition = choice.transition
        if choice.is_allowed and (url := url_if("disputes:step", shown.pk, transition.verb)):
            usual = transition.usual and not any(row["usual"] for row in rows)
            rows.append(
                {
                    "verb": transition.verb, "label": transition.label, "glyph": transition.icon, "url": url,
                    "usual": usual,
                }
            )  # fmt: skip
    return rows


def _waiting(shown: Dispute) -> str:
    if not shown.is_open:
        return _("已经归档，没有下一步。")
    return _("现在由%(who)s办理，没有要您做的动作。") % {
        "who": shown.holder_user.name if shown.holder_user else _short(shown.holder_organisation)
    }


def _owes_aid(shown: Dispute, user: User, whole: Whole) -> bool:
    """A collective case in which nobody has asked a legal-aid body or another partner yet (浙江条例 41)."""
    waits = shown.is_collective and shown.state in BEFORE_EFFECT and not whole.shares
    return waits and not refusal(permissions.check_books, user, shown)


# --- who


def _validity(party: Party, today: datetime.date) -> dict[str, Any]:
    """Since when and until when somebody is a party, and speaks for the others."""
    return {
        "is_over": not party.takes_part_on(today),
        "since": _span(party.valid_from, party.valid_to),
        "speaks": party.speaks_on(today),
        "term": _span(party.elected_from, party.elected_to) if party.is_elected else "",
    }


def _span(first: datetime.date | None, last: datetime.date | None) -> str:
    """«自 03-02 到 06-01», as far as either is known."""
    words = [
        _("自 %(day)s") % {"day": short_day(first)} if first else "",
        _("到 %(day)s") % {"day": short_day(last)} if last else "",
    ]
    return " ".join(filter(None, words))


def _sides(shown: Dispute, user: User, parties: Sequence[Party]) -> list[dict[str, Any]]:
    """Each side with its people, their claims and who speaks for them."""
    today = timezone.localdate()
    links = links_of(shown, user, "party", parties)
    agents = [agent for party in parties for agent in party.agents.all()]
    agent_links = links_of(shown, user, "agent", agents)
    found = []
    for side in Side:
        of_side = sorted(
            (party for party in parties if party.side == side),
            key=lambda party: (party.valid_to is not None, not party.is_elected),
        )
        if not of_side:
            continue
        rows = [
            {
                "party": party,
                "consent": _consent(party),
                **_validity(party, today),
                "agents": [
                    {
                        "agent": agent,
                        "is_over": not agent.speaks_on(today),
                        "links": agent_links[agent.pk],
                    }
                    for agent in party.agents.all()
                ],
                "links": links[party.pk],
            }
            for party in (of_side if len(of_side) <= MOST_PARTIES else of_side[:SHOWN_OF_MANY])
        ]
        found.append(
            {
                "key": side.value, "label": side.label, "rows": rows, "count": sum(party.takes_part_on(today) for party in of_side),
                "more": len(of_side) - len(rows),
                "amount": sum((party.amount for party in of_side if party.takes_part_on(today)), Decimal(0)),
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


def _team(shown: Dispute, user: User, whole: Whole) -> dict[str, Any]:
    today = timezone.localdate()
    seats, shares = whole.seats, whole.shares
    seat_links = links_of(shown, user, "member", seats)
    share_links = links_of(shown, user, "share", shares)
    return {
        "seats": [
            {
                "name": seat.user.name,
                "seat": clauses([seat.get_seat_display(), pgettext("调解员", "首席") if seat.is_lead else ""]),
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


def _meetings(shown: Dispute, user: User, whole: Whole) -> dict[str, Any]:
    """When they meet next, and the way to the book for whoever may book."""
    may = shown.organisation_id in user.scope.departments and not refusal(permissions.check_books, user, shown)
    return {
        "rows": whole.meetings,
        "book_url": f"{reverse('disputes:book')}?dispute={shown.pk}" if may and shown.state in BOOKED_IN else "",
    }


def _sessions(shown: Dispute, user: User, whole: Whole) -> list[dict[str, Any]]:
    """That each session took place is seen by whoever sees the case; what was said, by whom `visible_to` names."""
    held, notes = whole.sessions, whole.notes
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


def _talks(shown: Dispute, user: User, offers: Sequence[Offer]) -> dict[str, Any]:
    """Offers and the gap, of what this person may see."""
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
        "rows": [] if len(rows) > MOST_OBLIGATIONS else [
            {
                "row": row,
                "debtor": names.get(row.debtor_id, ""),
                "creditor": names.get(row.creditor_id, ""),
                "lamp": _obligation_lamp(row, stands=current.has_effect),
                "links": links[row.pk],
            }
            for row in rows
        ],
        "groups": _by_date(rows, links, names, stands=current.has_effect) if len(rows) > MOST_OBLIGATIONS else [],
        "owed_url": reverse("disputes:owed", args=[shown.pk]),
        "paid": money(paid),
        "is_paid": any(row.amount for row in rows),
    }  # fmt: skip


def _by_date(
    rows: Sequence[Obligation], links: Mapping[Any, Sequence[dict[str, Any]]], names: Mapping[Any, str], *, stands: bool
) -> list[dict[str, Any]]:
    """What is owed on one date for one thing, to however many: how much, how many performed it, and the worst light."""
    groups: dict[tuple[Any, ...], list[Obligation]] = {}
    for row in rows:
        groups.setdefault((row.due_on, row.kind, row.what, row.debtor_id), []).append(row)
    found = []
    for (due_on, _kind, what, debtor), group in sorted(groups.items(), key=lambda item: item[0][0]):
        waiting = [row for row in group if row.fulfilled_on is None]
        speaks = waiting[0] if waiting else max(group, key=lambda row: row.fulfilled_on or row.due_on)
        creditors = listed(dict.fromkeys(names.get(row.creditor_id, "") for row in group[:2]))
        found.append(
            {
                "what": what, "due_on": due_on, "debtor": names.get(debtor, ""),
                "creditors": creditors + (_("等 %(n)s 人") % {"n": len(group)} if len(group) > 2 else ""),
                "amount": sum((row.amount or Decimal(0) for row in group), Decimal(0)),
                "done": len(group) - len(waiting), "count": len(group),
                "lamp": _obligation_lamp(speaks, stands=stands), "links": links[speaks.pk] if waiting else [],
            }
        )  # fmt: skip
    return found


def _obligation_lamp(row: Any, *, stands: bool) -> dict[str, str]:
    if row.fulfilled_on is not None:
        words = _("%(day)s 已履行") % {"day": short_day(row.fulfilled_on)}
        return {"light": "late" if row.is_late else "done", "words": words}
    if not stands:
        return {"light": "hold", "words": _("未生效")}
    soon_on = row.due_on - datetime.timedelta(days=3)
    lamp = deadlines.lamp(row.due_on, soon_on, None, None)
    return {"light": lamp.light, "words": lamp.words}


def _windows(shown: Dispute, user: User, whole: Whole) -> dict[str, Any] | None:
    """仲裁审查 and 司法确认 counted down from the day of effect, and every application with what became of it."""
    effective = next((agreement for agreement in whole.agreements if agreement.has_effect), None)
    if effective is None:
        return None
    applied = list(effective.confirmations.all())
    links = links_of(shown, user, "confirmation", applied)
    clocks, decisions = by_window(whole.clocks), by_decision(whole.clocks)
    rows = []
    for kind in sorted(JOINT_KINDS, key=list(ConfirmationKind).index):
        clock, reason = clocks.get(kind), " ".join(reasons_against(shown, effective, kind, whole.centre))
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
        "applied": [
            {
                "row": row,
                "links": links[row.pk],
                "clock": _decision(decisions.get(row.kind)) if row.state in LIVE_CONFIRMATIONS else None,
            }
            for row in applied
        ],
        "is_open": shown.state in (DisputeState.EFFECTIVE, DisputeState.BREACHED),
    }


def _decision(clock: Any) -> dict[str, str] | None:
    """Until when the body has to take its next step."""
    if clock is None:
        return None
    lamp = deadlines.lamp_of(clock)
    return {"light": lamp.light, "words": f"{clock.rule_name} {lamp.words}", "note": _window_words(clock)}


def _window_words(clock: Any) -> str:
    return _("%(length)d 个%(unit)s，从 %(start)s 起，最晚 %(due)s") % {
        "length": clock.length, "unit": clock.get_unit_display(), "start": short_day(clock.started_on),
        "due": day(clock.due_on),
    }  # fmt: skip


def _calls(shown: Dispute, user: User, calls: Sequence[FollowUp]) -> list[dict[str, Any]]:
    """案后回访: what was asked and what is still to be asked, by somebody who did not mediate."""
    links = links_of(shown, user, "follow_up", calls)
    today = timezone.localdate()
    return [{"call": call, "light": "over" if call.due_on < today else "ok", "links": links[call.pk]} for call in calls]


# --- beside it


def _related(user: User, shown: Dispute, whole: Whole) -> list[dict[str, str]]:
    """The issue it came from, linked cases, earlier cases of the same people, and how many the employer has had."""
    beside = read_beside(shown, user, whole.links, whole.parties)
    rows = [
        {
            "glyph": "chat-square-text", "label": str(thing)[:40], "url": reverse(known.url_name, args=[thing.pk]),
            "note": link.get_sort_display(),
        }
        for link, known, thing in beside.linked
    ]  # fmt: skip
    rows += [
        {
            "glyph": "people", "label": f"{other.number} {other.get_cause_display()}", "url": page_of(other),
            "note": _("同一当事人"),
        }
        for other in beside.earlier
    ]  # fmt: skip
    if beside.firm is not None and beside.against_firm:
        rows.append(
            {
                "glyph": "building", "label": _("近一年同一单位 %(n)s 件") % {"n": beside.against_firm},
                "url": f"{reverse('disputes:disputes')}?{urlencode({'q': beside.firm.name})}", "note": "",
            }
        )  # fmt: skip
    return rows


def files_of(shown: Dispute, user: User, *, may_remove: bool) -> list[dict[str, Any]]:
    return file_rows(shown, user, list(attachments_of(shown)), may_remove=may_remove)


def file_rows(shown: Dispute, user: User, files: Sequence[Attachment], *, may_remove: bool) -> list[dict[str, Any]]:
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
        for file in files
    ]
