"""The dialog that asks why before a number is shown in full, and the number that takes its place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..actions.reveal import reveal
from ..errors import ActionError, NotAllowed, Text
from ..forms.accounts import RevealForm
from ..forms.fields import refuse
from ..models import Contact, Person, User
from ..permissions import check_reveals
from .answers import data, person, secret


def place_of(thing: Person | Contact | User, name: str) -> str:
    """The id of the element on the page that holds the masked value."""
    return f"{thing._meta.model_name}-{name}-{thing.pk}"


def reveal_number(
    request: HttpRequest, thing: Person | Contact | User, name: str, *, what: Text, back: str
) -> HttpResponse:
    user = person(request)
    check_reveals(user, thing)
    form = RevealForm(data(request))
    context = {"form": form, "what": what, "place": place_of(thing, name), "action": request.path, "back": back}
    if form.is_bound and form.is_valid():
        try:
            context["value"] = reveal(thing, name, reason=form.cleaned_data["reason"], by=user)
        except NotAllowed:
            raise
        except ActionError as error:
            refuse(form, error)
        else:
            return secret(request, _template(request, "revealed"), context)
    response = render(request, _template(request, "reveal"), context, status=422 if form.errors else 200)
    response.is_refused_form = bool(form.errors)  # type: ignore[attr-defined]
    if form.errors and request.htmx:  # type: ignore[attr-defined]
        # The form belongs back into the dialog, not in the place of the number.
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def _template(request: HttpRequest, name: str) -> str:
    return f"org/_{name}.html" if request.htmx else f"org/{name}.html"  # type: ignore[attr-defined]
