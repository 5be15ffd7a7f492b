"""What the views of this room share: a form shown again, a page told once, a step done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, ChoiceField, HiddenInput, ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from unionops.jinja import moment
from unionops.joining import clauses, labelled, listed

from ..errors import ActionError, Conflict, NotAllowed, Text, TooMany
from ..forms.fields import refuse
from ..models import User
from ..paging import Page
from ..queries.log import FIELD_NAMES


def person(request: HttpRequest) -> User:
    """The person signed in: the door let nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def again(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page with its form; a form that comes back, with errors or with what would follow from it, did nothing."""
    form = context.get("form")
    sent = form if isinstance(form, BaseForm) and form.is_bound else None
    response = render(request, template, context, status=422 if sent and not sent.is_valid() else 200)
    response.is_refused_form = sent is not None  # type: ignore[attr-defined]
    return response


def done(request: HttpRequest, words: Text, url: str) -> HttpResponse:
    messages.success(request, str(words))
    return HttpResponseRedirect(url)


def secret(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Something that is told once: kept by no cache and by no idempotency key."""
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    response.is_secret = True  # type: ignore[attr-defined]
    return response


def tried(form: BaseForm, action: Callable[[], Any]) -> tuple[bool, Any]:
    """Do the action; what can be mended in the form is shown in the form, the rest has a page of its own."""
    try:
        return True, action()
    except (NotAllowed, TooMany):
        raise
    except Conflict as conflict:
        if "version" not in form.fields:
            raise
        _ask_again(form, conflict)
        return False, None
    except ActionError as error:
        refuse(form, error)
        return False, None


def _ask_again(form: BaseForm, conflict: Conflict) -> None:
    """Somebody was faster: the form comes back with what stands there now, and whoever sends it once more means it."""
    typed: Any = form.data
    sent = typed.copy()
    sent["version"] = str(conflict.current_version)
    form.data = sent
    now = clauses(_stands_now(form))
    reason = str(conflict.reason)
    form.add_error(None, _("%(reason)s现在是：%(now)s。") % {"reason": reason, "now": now} if now else reason)


def _stands_now(form: BaseForm) -> Iterator[str]:
    """What is stored where the person has typed something else; numbers of people are not told."""
    for name in form.changed_data:
        field, value = form.fields[name], form.initial.get(name)
        if isinstance(field.widget, HiddenInput) or value is None:
            continue
        if isinstance(field, ModelChoiceField):
            value = field.queryset.filter(pk=value).first()  # type: ignore[union-attr]
        elif isinstance(field, ChoiceField):
            value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
        elif isinstance(value, bool):
            value = _("是") if value else _("否")
        elif isinstance(value, list):
            value = listed(value)
        yield labelled(field.label, value or "—")


@dataclass(frozen=True)
class Step:
    """A step that is asked for before it is done: what it is, what follows from it, where it leads back to."""

    title: Text
    submit: Text
    back: str
    text: Text = ""
    # (label, number or words) of what follows.
    effects: Sequence[tuple[Text, object]] = ()
    warning: Text = ""
    danger: bool = False


def step(request: HttpRequest, form: BaseForm, asked: Step, act: Callable[[], Any], said: Text) -> HttpResponse:
    """Ask in a dialog or on a page of its own; do it when it is sent; a refusal comes back in the form."""
    if request.method == "POST" and form.is_valid():
        ok, _result = tried(form, act)
        if ok:
            return done(request, said, asked.back)
    template = "org/_step.html" if request.htmx else "org/step.html"  # type: ignore[attr-defined]
    return again(request, template, {"form": form, "step": asked})


def data(request: HttpRequest) -> QueryDict | None:
    """What was sent, else None: an unbound form."""
    return request.POST if request.method == "POST" else None


def version(request: HttpRequest) -> int | None:
    """The version that the person saw; a form without one is checked against nothing."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def pages(request: HttpRequest, page: Page) -> dict[str, str]:
    """The addresses of the next and of the first page of a list, with its filter."""
    query = request.GET.copy()
    query.pop("after", None)
    first = f"{request.path}?{query.urlencode()}" if query else request.path
    query["after"] = page.next
    following = f"{request.path}?{query.urlencode()}" if page.next else ""
    return {"next_url": following, "first_url": "" if page.is_first else first}


def told(conflict: Conflict) -> list[dict[str, str]]:
    """What others changed meanwhile, one sentence each."""
    return [
        {
            "when": moment(change["at"]),  # type: ignore[arg-type]
            "who": str(change["by"]),
            "what": _("改了%(fields)s") % {"fields": _fields(change["data"])},
        }
        for change in conflict.changes
    ]


def _fields(data: object) -> str:
    changes = data.get("changes", {}) if isinstance(data, dict) else {}
    return listed(FIELD_NAMES.get(name, name) for name in changes) or _("这里")
