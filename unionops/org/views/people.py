"""Workers: found before they are entered, shown masked."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..actions import people as actions
from ..errors import ActionError, Conflict
from ..forms.directory import PersonFilter, PersonForm
from ..forms.fields import refuse
from ..models import Event, Person
from ..permissions import check_edits_person, check_reveals, may, may_add_people
from ..queries import directory
from ..queries.log import sentences
from ..queries.people import person_page
from .answers import again, data, done, pages, person, told, tried, version
from .revealing import reveal_number


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """A search by number is posted, so that no number stands in an address, a history or a log (trust 53)."""
    user = person(request)
    form = PersonFilter(request.POST if request.method == "POST" else request.GET, towns=directory.towns(user))
    wanted = dict(form.cleaned_data) if form.is_valid() else {}
    if request.method != "POST":
        wanted.pop("number", None)
    page = person_page(user, wanted, request.GET.get("after", ""))
    context = {"filter": form, "page": page, "may_add": may_add_people(user), **pages(request, page)}
    response = render(request, "org/people.html", context)
    # A search changes nothing: there is nothing to replay.
    response.is_refused_form = request.method == "POST"  # type: ignore[attr-defined]
    return response


def _visible(request: HttpRequest, pk: UUID) -> Person:
    found = Person.objects.visible_to(person(request)).select_related("town", "enterprise", "district")
    return get_object_or_404(found, pk=pk)


def _page(shown: Person) -> str:
    return reverse("org:person", args=[shown.pk])


@require_safe
def one_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    shown = _visible(request, pk)
    context = {
        "person": shown,
        "issues": directory.issues_about(shown, user),
        "events": sentences(Event.objects.about("person", shown.pk).order_by("-at", "-pk")[:20]),
        "may_edit": may(check_edits_person, user, town_id=shown.town_id, district_id=shown.district_id),
        "may_reveal": may(check_reveals, user, shown),
    }
    return render(request, "org/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = PersonForm(data(request), user=user)
    if form.is_bound and form.is_valid():
        town = form.cleaned_data["town"]
        ok, made = tried(form, lambda: actions.create_person(district=town.district, by=user, **form.cleaned_data))
        if ok:
            return done(request, _("%(name)s已登记。") % {"name": made.name}, _page(made))
    return again(request, "org/person_form.html", {"form": form, "person": None, "back": reverse("org:people")})


@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, shown = person(request), _visible(request, pk)
    check_edits_person(user, town_id=shown.town_id, district_id=shown.district_id)
    form = PersonForm(data(request), user=user, person=shown, initial=_facts(shown))
    context = {"form": form, "person": shown, "back": _page(shown), "version": shown.version, "changes": []}
    if form.is_bound and form.is_valid():
        try:
            actions.edit_person(shown, by=user, version=version(request), **form.cleaned_data)
        except Conflict as conflict:
            # What was typed stays in the form; what the other one changed is listed above it.
            context |= {"version": conflict.current_version, "changes": told(conflict)}
            return render(request, "org/person_form.html", context, status=409)
        except ActionError as error:
            if error.status == 403:
                raise
            refuse(form, error)
        else:
            return done(request, _("已保存。"), _page(shown))
    return again(request, "org/person_form.html", context)


def _facts(shown: Person) -> dict[str, object]:
    return {
        "name": shown.name,
        "town": shown.town_id,
        "enterprise": shown.enterprise_id,
        "enterprise_name": shown.enterprise.name if shown.enterprise else "",
        "new_employment": shown.new_employment,
        "note": shown.note,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def person_reveal(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    if name not in Person.SEALED:
        raise Http404
    shown = _visible(request, pk)
    what = {"identity": _("%(name)s的身份证号"), "phone": _("%(name)s的手机号")}[name] % {"name": shown.name}
    return reveal_number(request, shown, name, what=what, back=_page(shown))
