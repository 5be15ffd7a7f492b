"""An agenda in words and addresses, for the page, the minutes and the paper."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from unionops.casework.deadlines import lamp, lamp_of
from unionops.insight import dimensions
from unionops.insight.frozen import Frozen, thaw
from unionops.jinja import money, short_day
from unionops.joining import labelled
from unionops.org.models import User
from visits.enums import IssueState, PauseReason
from visits.models import Category

from .enums import DecisionState, ExchangeState, Origin, Section
from .models import AgendaItem, Decision, Exchange
from .queries import agenda_of, seen_issues


def parts(user: User, exchange: Exchange, items: Sequence[AgendaItem] | None = None) -> list[dict[str, Any]]:
    """The nine parts with their items, for this reader: an issue that does not exist for them is named, not opened."""
    rows = agenda_of(exchange) if items is None else items
    seen = seen_issues(user, rows)
    names = _category_names(rows)
    found = []
    for number, section in enumerate(Section, start=1):
        mine = [_shown(user, exchange, row, seen, names) for row in rows if row.section == section]
        found.append({"number": number, "section": section.value, "label": section.label, "items": mine})
    return found


def told_parts(user: User, exchange: Exchange, items: Sequence[AgendaItem] | None = None) -> list[dict[str, Any]]:
    """The parts as a paper tells them: where the chair has picked from the proposals, only what was picked."""
    found = parts(user, exchange, items)
    for part in found:
        if any(item["chosen"] for item in part["items"]):
            part["items"] = [item for item in part["items"] if item["chosen"]]
    return found


def _shown(
    user: User, exchange: Exchange, item: AgendaItem, seen: set[object], names: Mapping[int, str]
) -> dict[str, Any]:
    about: dict[str, Any] = {
        "pk": item.pk, "section": item.section, "text": item.text, "note": item.note, "chosen": item.chosen,
        "dropped": item.dropped, "by_hand": item.origin == Origin.HAND, "number": "", "title": item.title, "url": "", "parts": [],
        "quote": "", "due": None, "figures": None, "state": "",
    }  # fmt: skip
    if item.section == Section.VISITS:
        about["figures"] = visit_tables(item.data, user)
    elif item.section == Section.NEW_ISSUES:
        about["figures"] = issue_tables(item.data, user)
    elif item.decision is not None:
        about |= _decision(exchange, item, item.decision)
    elif item.issue is not None:
        about |= _issue(item, is_seen=item.issue_id in seen)
    elif item.section == Section.QUESTIONS and item.origin == Origin.AUTO:
        about |= _question(item, names)
    elif item.section == Section.FOCUS and item.origin == Origin.AUTO:
        about["title"] = _("下月重点")
    about["label"] = about["title"] or str(Section(item.section).label)
    return about


def _decision(exchange: Exchange, item: AgendaItem, decision: Decision) -> dict[str, Any]:
    """As it stands today; in signed minutes as it stood when they were signed."""
    signed = exchange.state == ExchangeState.SIGNED
    state = item.data.get("state", decision.state) if signed else decision.state
    result = item.data.get("result", "") if signed else decision.result
    waits = state in (DecisionState.OPEN, DecisionState.REPORTED)
    light = lamp_of(decision.deadline) if state == DecisionState.OPEN and not signed else None
    return {
        "number": decision.number,
        "title": decision.text,
        "url": reverse("exchanges:decision", args=[decision.pk]),
        "parts": [decision.owner.name, _("限 %(day)s") % {"day": short_day(decision.due_on)}],
        "quote": result,
        "state": str(DecisionState(state).label),
        "tone": "" if waits else "done" if state == DecisionState.DONE else "off",
        "due": {"state": light.light, "words": light.words} if light and light.words else None,
    }


def _issue(item: AgendaItem, *, is_seen: bool) -> dict[str, Any]:
    issue, data = item.issue, item.data
    assert issue is not None
    hidden = issue.is_sensitive and not is_seen
    found: dict[str, Any] = {
        "number": issue.number,
        "title": item.title or (_("（敏感诉求）") if hidden else issue.title),
        "url": reverse("visits:issue", args=[issue.pk]) if is_seen else "",
        "parts": [str(issue.town)],
    }
    match item.section:
        case Section.TYPICAL:
            if data.get("workers"):
                found["parts"].append(_("受益 %(n)s 人") % {"n": data["workers"]})
            if Decimal(data.get("amount") or 0):
                found["parts"].append(_("追回 %(money)s 元") % {"money": money(Decimal(data["amount"]))})
            if data.get("department"):
                found["parts"].append(data["department"])
            found["quote"] = "" if hidden else data.get("result", "")
        case Section.ANSWERS:
            found["parts"] = [data.get("firm") or (issue.enterprise.name if issue.enterprise else ""), str(issue.town)]
            found["quote"] = "" if hidden else data.get("result", "")
        case _:
            found |= _standing(item, hidden=hidden)
    found["parts"] = [part for part in found["parts"] if part]
    return found


def _standing(item: AgendaItem, *, hidden: bool) -> dict[str, Any]:
    """The named department, how it stood when the agenda was filled, how it stands now where that differs, and why."""
    issue, data = item.issue, item.data
    assert issue is not None
    state = data.get("state") or issue.state
    words = str(IssueState(state).label)
    if issue.state != state:
        words = _("%(then)s，现在%(now)s") % {"then": words, "now": issue.get_state_display()}
    department = data.get("department") or str(issue.lead_department or issue.town)
    found: dict[str, Any] = {
        "department": department,
        "standing": words,
        "parts": [department, words, str(issue.get_urgency_display())],
    }
    if late := data.get("late_days"):
        found["due"] = {"state": "over", "words": ngettext("超 %(n)d 天", "超 %(n)d 天", late) % {"n": late}}
    reasons = []
    if data.get("suspended_for") in PauseReason:
        reasons.append(str(PauseReason(data["suspended_for"]).label))
    if data.get("reason") and not hidden:
        who = f"{data.get('reason_by', '')} {short_day(timezone.localtime(datetime.datetime.fromisoformat(data['reason_on'])))}"
        reasons.append(labelled(who, data["reason"]))
    found["quote"] = " ".join(reasons)
    return found


def _question(item: AgendaItem, names: Mapping[int, str]) -> dict[str, Any]:
    data = item.data
    return {
        "title": names.get(data.get("category", 0)) or data.get("name", ""),
        "parts": [
            _("本月解释 %(n)s 次") % {"n": data.get("times", 0)},
            *([data["basis"]] if data.get("basis") else []),
        ],
        "quote": data.get("explanation", ""),
    }


def _category_names(items: Iterable[AgendaItem]) -> dict[int, str]:
    wanted = {item.data["category"] for item in items if item.data.get("category")}
    return {category.pk: category.label for category in Category.objects.filter(pk__in=wanted)} if wanted else {}


# --- figures


def _thawed(kept: Sequence[Mapping[str, Any]], user: User) -> list[Frozen]:
    return [found for one in kept if (found := thaw(one, user)) is not None]


def _cell(found: Frozen | None, user: User) -> dict[str, Any]:
    """A figure with the way to its rows; a rate with its numerator and denominator. Nothing counted is 0."""
    if found is None:
        return {"words": "0", "url": "", "part": "", "whole": "", "found": None}
    part, whole = found.figure.numerator, found.figure.denominator
    return {
        "words": found.words + (" %" if whole else ""), "url": found.url if part else "", "found": found, "part": f"{part:,}",
        "whole": f"{whole:,}" if whole is not None else "", "whole_url": found.whole_url if whole else "",
    }  # fmt: skip


def _whole(kept: Sequence[Mapping[str, Any]], user: User) -> list[dict[str, Any]]:
    return [{"label": str(one.figure.indicator.name), **_cell(one, user)} for one in _thawed(kept, user)]


def _by(kept: Sequence[Mapping[str, Any]], dimension: str, user: User) -> dict[str, Frozen]:
    return {one.question.where[dimension]: one for one in _thawed(kept, user)}


def _table(
    label: str,
    names: Sequence[Sequence[str]],
    columns: Sequence[Sequence[Mapping[str, Any]]],
    dimension: str,
    user: User,
) -> dict[str, Any]:
    """One row for each of the names, also those of whom nothing was counted; a column without any figure is left out."""
    found = [by for kept in columns if (by := _by(kept, dimension, user))]
    return {
        "label": label,
        "heads": [str(next(iter(by.values())).figure.indicator.name) for by in found],
        "rows": [{"label": name, "cells": [_cell(by.get(key), user) for by in found]} for key, name in names]
        if found
        else [],
    }


def visit_tables(data: Mapping[str, Any], user: User) -> dict[str, Any]:
    if not data:
        return {"at": "", "whole": [], "tables": []}
    return {
        "at": data["at"],
        "whole": _whole(data["whole"], user),
        "tables": [
            _table(_("镇街"), data["towns"], data["by_town"], "town", user),
            _table(_("驻联干部"), data["officers"], data["by_officer"], "cadre", user),
        ],
    }


def issue_tables(data: Mapping[str, Any], user: User) -> dict[str, Any]:
    """Rows are categories, columns towns; the urgencies stand below in the same columns."""
    if not data or not data["by_town"]:
        return {"at": data.get("at", "") if data else "", "whole": [], "tables": []}
    towns = _by(data["by_town"], "town", user)
    cells: dict[tuple[str, str, str], Frozen] = {}
    names: dict[str, str] = {}
    totals: dict[str, int] = {}
    for one in _thawed(data["cells"], user):
        where = one.question.where
        by = "category" if "category" in where else "urgency"
        cells[by, where[by], where["town"]] = one
        if by == "category":
            names[where[by]] = one.label
            totals[where[by]] = totals.get(where[by], 0) + one.figure.numerator
    urgency = dimensions.find("urgency")
    levels = urgency.names(user, data["urgencies"]) if urgency else {}
    english = get_language() == "en"
    if english:
        kinds = dimensions.find("category")
        names |= kinds.names(user, names) if kinds else {}
    ordered = sorted(names, key=lambda key: (-totals[key], key))
    heard = {level: name for level, name in levels.items() if any(("urgency", level, town) in cells for town in towns)}

    def line(by: str, key: str, name: str) -> dict[str, Any]:
        return {"label": name, "cells": [_cell(cells.get((by, key, town)), user) for town in towns]}

    heads = [one.label for one in towns.values()]
    return {
        "at": data["at"],
        "whole": _whole(data["whole"], user),
        "tables": [
            {
                "label": _("类别"), "heads": heads,
                "rows": [line("category", key, names[key]) for key in ordered]
                + [{"label": _("合计"), "is_sum": True, "cells": [_cell(one, user) for one in towns.values()]}],
            },
            {"label": _("缓急"), "heads": heads, "rows": [line("urgency", level, name) for level, name in heard.items()]},
        ],
    }  # fmt: skip


def decision_rows(decisions: Iterable[Decision]) -> list[dict[str, Any]]:
    """The decisions of an exchange with how they stand today."""
    rows = []
    for decision in decisions:
        light = lamp_of(decision.deadline) if decision.state == DecisionState.OPEN else lamp(None, None, None, None)
        rows.append(
            {
                "number": decision.number, "text": decision.text, "url": reverse("exchanges:decision", args=[decision.pk]),
                "owner": decision.owner.name, "due_on": decision.due_on, "kind": decision.get_kind_display(),
                "issue": decision.issue, "state": decision.get_state_display(), "result": decision.result,
                "tone": {DecisionState.DONE: "done", DecisionState.WITHDRAWN: "off"}.get(DecisionState(decision.state), ""),
                "due": {"state": light.light, "words": light.words} if light.words else None, "pk": decision.pk,
            }
        )  # fmt: skip
    return rows
