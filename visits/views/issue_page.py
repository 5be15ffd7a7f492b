"""One issue: what it is, who holds the pen, what may be done next, what happened."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from unionops.casework import deadlines
from unionops.casework.attachments import attachments_of
from unionops.casework.models import CaseLink, FollowUp, Supervision, Task, Watch
from unionops.casework.permissions import refusal
from unionops.casework.subjects import subject
from unionops.jinja import day, moment, short_day
from unionops.joining import clauses, listed
from unionops.org.enums import Role
from unionops.org.events import kind_of
from unionops.org.models import Event, User
from unionops.org.views.answers import person

from .. import permissions
from ..enums import END_STATES, STEPS, IssueState, Verb
from ..explaining import explanation
from ..models import Issue
from ..permissions import choices
from ..timeline import FILES, MOVES, READS, entries
from ..ways import ways_of

FILE_GLYPHS = {
    "image": "file-earmark-image", "pdf": "file-earmark-pdf", "word": "file-earmark-word", "sheet": "file-earmark-excel",
    "audio": "file-earmark-music",
}  # fmt: skip
# What may be done around an issue: name in the address, words, icon, who may.
CARE = (
    ("note", gettext_lazy("记进展"), "chat-dots", permissions.check_takes_part),
    ("assign", gettext_lazy("指定经办人"), "person-check", permissions.check_may_assign),
    ("attempt", gettext_lazy("登记未联系上"), "telephone", permissions.check_may_record_attempt),
    ("set_urgency", gettext_lazy("调整轻重缓急"), "flag", permissions.check_may_set_urgency),
    ("extend", gettext_lazy("延期"), "calendar-week", permissions.check_may_extend),
    ("supervise", gettext_lazy("催办、督办"), "megaphone", permissions.check_may_supervise),
    ("link", gettext_lazy("关联另一件"), "link-45deg", permissions.check_takes_part),
)


def visible_issue(request: HttpRequest, pk: UUID) -> Issue:
    """The issue if it exists for this person, with what its page names."""
    issues = Issue.objects.visible_to(person(request)).select_related(
        "enterprise", "town", "visit", "category__parent", "deadline", "lead_department", "suggested_department",
        "handler", "liaison", "registered_by", "answered_by", "holder_user", "holder_organisation", "merged_into",
    )  # fmt: skip
    return get_object_or_404(issues, pk=pk)


def page_of(issue: Issue) -> str:
    return reverse("visits:issue", args=[issue.pk])


@require_safe
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "visits/issue.html", issue_context(request, visible_issue(request, pk)))


@require_safe
def issue_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """交办单, on A4."""
    shown = visible_issue(request, pk)
    context = {
        "issue": shown,
        "helping": listed(shown.helping_departments.all()),
        "entries": entries(_events(shown)[:30]),
        "back": page_of(shown),
    }
    return render(request, "visits/issue_print.html", context)


def issue_context(request: HttpRequest, shown: Issue, **extra: Any) -> dict[str, Any]:
    """All that the page shows; ``extra`` brings an open form."""
    user = person(request)
    found = choices(user, shown)
    show = request.GET.get("show", "")
    events = list(_events(shown)[:200])
    lines = entries(events)
    return {
        "issue": shown,
        "pen": pen_of(shown),
        "tags": _tags(shown),
        "deadline": _deadline(shown),
        "explanation": explanation(shown.deadline) if shown.is_open else None,
        "stepper": _steps(shown, events),
        "verbs": [_verb(shown, choice) for choice in found if choice.is_allowed],
        "refused": [
            {"label": choice.transition.label, "reason": choice.reason}
            for choice in found
            if not choice.is_allowed and shown.state in choice.transition.sources
        ],
        "care": [
            {"name": name, "label": label, "glyph": glyph, "url": reverse("visits:do", args=[shown.pk, name])}
            for name, label, glyph, check in CARE
            if not refusal(check, user, shown)
        ],
        "ways": ways_of(user, shown),
        "waiting": _waiting(shown),
        "may_correct": not refusal(permissions.check_may_correct, user, shown),
        "may_reveal": not refusal(permissions.check_may_reveal, user, shown),
        "may_upload": not refusal(permissions.check_takes_part, user, shown),
        "is_watched": Watch.objects.filter(user=user, kind="issue", case_id=shown.pk).exists(),
        "people_rows": _people(shown),
        "related": _related(user, shown),
        "files": files_of(shown, user),
        "lines": [line for line in lines if not show or line.group == show],
        "line_count": len(lines),
        "line_tabs": [
            {"label": label, "url": f"{page_of(shown)}?show={key}#events" if key else page_of(shown), "current": key == show}
            for key, label in (("", _("全部")), (MOVES, _("动作")), (FILES, _("材料")), (READS, _("查看记录")))
        ],
        **_work(user, shown),
        "active": "",
        "form": None,
        **extra,
    }  # fmt: skip


def _events(shown: Issue) -> Any:
    return Event.objects.about("issue", shown.pk).select_related("by").order_by("-at", "-pk")


def pen_of(shown: Issue) -> dict[str, str]:
    """«权保部 办理中»: who holds the pen and where the issue stands."""
    state = shown.get_state_display()
    if shown.state in END_STATES:
        return {"words": state, "tone": "done" if shown.state == IssueState.CLOSED else "off"}
    where = holder_words(
        (shown.holder_organisation.short_name or shown.holder_organisation.name) if shown.holder_organisation else "",
        shown.holder_user.name if shown.holder_user else "",
        shown.holder_role,
    )
    return {"words": f"{where} {state}", "tone": ""}


def holder_words(organisation: str | None, user: str | None, role: str) -> str:
    return organisation or user or (str(Role(role).label) if role else "")


def _tags(shown: Issue) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = [{"words": shown.category.path_label}]
    if shown.hide_from_firm and shown.claimant_kind == "person":
        tags.append({"words": _("反映人对企业保密"), "glyph": "eye-slash"})
    if shown.is_sensitive:
        tags.append({"words": _("敏感"), "lock": True})
    if shown.is_collective:
        tags.append({"words": _("集体诉求"), "glyph": "people-fill"})
    if shown.reopen_count:
        tags.append({"words": _("第 %(n)d 次重办") % {"n": shown.reopen_count}, "glyph": "arrow-counterclockwise"})
    return tags


def _deadline(shown: Issue) -> dict[str, str] | None:
    if shown.deadline is None:
        return None
    lamp = deadlines.lamp_of(shown.deadline)
    words = lamp.words
    if shown.is_open and shown.deadline.paused_on is None:
        words = _("%(left)s，%(day)s到期") % {"left": lamp.words, "day": day(shown.deadline.due_on)}
    return {"state": lamp.light, "words": words}


def _steps(shown: Issue, events: Sequence[Event]) -> list[dict[str, Any]]:
    """The way of an issue with what is known of each step; past steps are those before the present one."""
    here = next((at for at, (_key, _label, states) in enumerate(STEPS) if shown.state in states), 0)
    ended = shown.state in END_STATES
    # The newest of each verb: what was done again counts from then.
    last = {event.verb.partition(".")[2]: event.at for event in reversed(events)}
    notes = {
        "register": short_day(shown.registered_at),
        "submit": moment(last.get(Verb.SUBMIT)),
        "dispatch": moment(shown.dispatched_at),
        "sign_for": moment(shown.signed_at),
        "answer": moment(shown.answered_at),
        "confirm": moment(last.get(Verb.CONFIRM)),
        "close": moment(shown.closed_at),
    }
    found = []
    for at, (key, label, _states) in enumerate(STEPS):
        state = "done" if at < here or (ended and at == here) else "here" if at == here else ""
        note = notes.get(key, "")
        if state == "here":
            began = shown.signed_at if key == "handle" and shown.signed_at else shown.state_since
            since = (timezone.localdate() - timezone.localtime(began).date()).days
            note = _("第 %(n)d 天") % {"n": since + 1}
        if state == "done" and shown.state == IssueState.CLOSED and not note and not shown.dispatched_at:
            # Explained on the spot: these steps were never needed.
            note = "—"
        found.append({"label": str(label), "note": note, "state": state})
    return found


def _verb(shown: Issue, choice: Any) -> dict[str, Any]:
    transition = choice.transition
    return {
        "verb": transition.verb,
        "label": transition.label,
        "glyph": transition.icon,
        "url": reverse("visits:step", args=[shown.pk, transition.verb]),
        "usual": transition.usual,
    }


def _waiting(shown: Issue) -> str:
    if not shown.is_open:
        return _("已经结束，没有下一步。")
    return _("现在由%(who)s办理，没有要您做的动作。") % {"who": pen_of(shown)["words"].rpartition(" ")[0]}


def _people(shown: Issue) -> list[dict[str, str]]:
    found: dict[int, tuple[str, dict[str, None]]] = {}

    def add(who: User | None, part: str) -> None:
        if who is not None:
            # Who asked twice is named once.
            found.setdefault(who.pk, (who.name, {}))[1][part] = None

    department = shown.lead_department
    add(shown.handler, clauses([_("经办"), (department.short_name or department.name) if department else ""]))
    add(shown.liaison, _("跟进人"))
    add(shown.registered_by, _("登记人"))
    add(shown.answered_by, _("反馈人"))
    asked = FollowUp.objects.filter(kind="issue", case_id=shown.pk).exclude(done_by=None).select_related("done_by")
    for follow_up in asked:
        add(follow_up.done_by, _("回访人"))
    return [{"name": name, "part": listed(parts)} for name, parts in found.values()]


def _related(user: User, shown: Issue) -> list[dict[str, str]]:
    rows = []
    if shown.visit:
        rows.append(
            {
                "glyph": "journal-text",
                "label": _("走访 %(number)s") % {"number": shown.visit.number},
                "url": reverse("visits:visit", args=[shown.visit_id]),
                "note": short_day(shown.visit.visited_on),
            }
        )
    links = list(CaseLink.objects.filter(Q(from_kind="issue", from_id=shown.pk) | Q(to_kind="issue", to_id=shown.pk)))
    rows += _in_other_rooms(user, shown, links)
    other_of = {
        (link.to_id if link.from_id == shown.pk else link.from_id): link
        for link in links
        if link.from_kind == link.to_kind
    }
    rows += [
        {
            "glyph": "chat-square-text",
            "label": f"{other.number} {other.title[:16]}",
            "url": page_of(other),
            "note": other_of[other.pk].get_sort_display(),
        }
        for other in Issue.objects.visible_to(user).filter(pk__in=other_of)
    ]
    if shown.enterprise_id:
        since = timezone.now() - datetime.timedelta(days=365)
        same = (
            Issue.objects.visible_to(user)
            .counted()
            .filter(enterprise=shown.enterprise_id, category__parent=shown.category.parent_id, registered_at__gte=since)
            .exclude(pk=shown.pk)
            .count()
        )
        if same:
            rows.append(
                {
                    "glyph": "chat-square-text",
                    "label": _("近一年同类诉求 %(n)d 件") % {"n": same},
                    "url": f"{reverse('visits:issues')}?q={shown.enterprise.name if shown.enterprise else ''}",
                    "note": _("同一单位"),
                }
            )
    return rows


def _in_other_rooms(user: User, shown: Issue, links: list[CaseLink]) -> list[dict[str, str]]:
    """Cases of the rooms above that this issue became or belongs to, where this person sees them."""
    rows = []
    for link in links:
        if link.from_kind == link.to_kind:
            continue
        kind, key = (link.to_kind, link.to_id) if link.from_id == shown.pk else (link.from_kind, link.from_id)
        known = subject(kind)
        other: Any = known.get_for(user, key) if known else None
        if known and other is not None:
            rows.append(
                {"glyph": "folder-symlink", "label": str(other)[:40], "url": reverse(known.url_name, args=[key]),
                 "note": link.get_sort_display()}
            )  # fmt: skip
    return rows


def files_of(shown: Issue, user: User) -> list[dict[str, Any]]:
    may_remove = not refusal(permissions.check_takes_part, user, shown)
    return [
        {
            "name": file.caption or file.name,
            "url": reverse("casework:file", args=[file.pk]),
            "glyph": _file_glyph(file.content_type),
            "note": short_day(file.uploaded_at),
            "remove_url": reverse("visits:remove_file", args=[shown.pk, file.pk])
            if may_remove and file.uploaded_by_id == user.pk and shown.is_open
            else "",
        }
        for file in attachments_of(shown)
    ]


def _file_glyph(content_type: str) -> str:
    return next((glyph for word, glyph in FILE_GLYPHS.items() if word in content_type), "file-earmark-text")


def _work(user: User, shown: Issue) -> dict[str, Any]:
    """Consultations, rectification lists, letters, tasks, orders, calls and samples of the issue."""
    about = {"kind": kind_of(shown), "case_id": shown.pk}
    scope = user.scope
    tasks = list(Task.objects.filter(**about).select_related("organisation", "owner", "done_by"))
    return {
        "consultations": shown.consultations.select_related("convened_by").prefetch_related("participants"),
        "rectifications": shown.rectifications.select_related("approved_by"),
        "referrals": shown.referrals.all(),
        "tasks": tasks,
        "my_tasks": {
            task.pk
            for task in tasks
            if not task.done_at and (task.owner_id == user.pk or task.organisation_id in scope.departments | scope.towns)
        },
        "supervisions": Supervision.objects.filter(**about).select_related("by", "organisation", "answered_by"),
        "calls": FollowUp.objects.filter(**about).select_related("done_by"),
        "may_sample": not refusal(permissions.check_may_settle_sample, user, shown),
        "takes_part": not refusal(permissions.check_takes_part, user, shown),
    }  # fmt: skip
