"""A ledger of a programme on two pages: the file, then what it holds and what stands against rows of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unionops.org.errors import ActionError, NotAllowed
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import data, person
from visits.enums import ImportState

from ..actions import imports as actions
from ..enums import Applicant
from ..forms.imports import ConfirmLedgerForm, LedgerForm
from ..ledger import Ledger, labels
from ..models import Programme
from .finding import visible_programme

MOST_ROWS, MOST_PROBLEMS = 20, 100


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the file; a file that cannot be read says why."""
    programme, user = visible_programme(request, code), person(request)
    actions.check_imports(user, programme)
    form = LedgerForm(data(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            record = actions.receive(programme, form.cleaned_data["file"], by=user)
        except NotAllowed:
            raise
        except ActionError as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(reverse("services:import_look", args=[code, record.pk]))
    context = {
        "form": form,
        "programme": programme,
        "labels": list(labels(programme)),
        "back": reverse("services:cases", args=[code]),
    }
    return _drawn(request, "services/import.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """What will be written and what will not; written when it is confirmed."""
    programme, user = visible_programme(request, code), person(request)
    record = get_object_or_404(actions.imports_of(user, programme), pk=pk)
    back = reverse("services:cases", args=[code])
    if record.state != ImportState.PREVIEW:
        return HttpResponseRedirect(back)
    form = ConfirmLedgerForm(data(request))
    if form.is_bound and form.is_valid():
        count = actions.write(programme, record, by=user, ended=form.cleaned_data["ended"])
        messages.success(request, _("已导入 %(n)d 件。") % {"n": count})
        return HttpResponseRedirect(f"{back}?state=closed" if form.cleaned_data["ended"] else back)
    ledger = actions.look_at(programme, record)
    context = {"form": form, "programme": programme, "record": record, "back": back, **_seen(programme, ledger)}
    return _drawn(request, "services/import_look.html", context, form)


def _seen(programme: Programme, ledger: Ledger) -> dict[str, Any]:
    """What the template prints, so that it computes nothing."""
    states = {row.state for row in ledger.rows}
    return {
        "count": len(ledger.rows),
        "refused": ledger.refused,
        "asks_state": "" in states,
        "columns": ledger.columns,
        "unused": ledger.unused,
        "rows": [
            {
                "number": row.number,
                "name": row.name or _("匿名"),
                "kind": Applicant(row.applicant_kind).label,
                "on": row.on,
                "amount": row.amount,
                "people": row.people or "",
            }
            for row in ledger.rows[:MOST_ROWS]
        ],
        "more": max(0, len(ledger.rows) - MOST_ROWS),
        "problems": ledger.problems[:MOST_PROBLEMS],
        "more_problems": max(0, len(ledger.problems) - MOST_PROBLEMS),
    }


def _drawn(request: HttpRequest, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    response = render(request, template, context, status=422 if form.errors else 200)
    response.is_refused_form = bool(form.errors)  # type: ignore[attr-defined]
    return response
