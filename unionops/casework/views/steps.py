"""The form of a step, wherever it opens: done when it can be done, shown again with all that was typed when it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from unionops.org.errors import ActionError, Conflict, NotAllowed, Text
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import told


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A step that is asked for: its words, where it leads, and the version that the person sees.

    ``stale`` tells that somebody else was quicker; what is in ``raises``
    gets a page of its own instead of a line in the form.
    """

    title: Text
    back: str
    # Where it leads when it is done, where that is not back.
    leads: str = ""
    name: str = ""
    version: int | None = None
    said: Text = ""
    stale: Text = ""
    raises: tuple[type[ActionError], ...] = (NotAllowed,)


# Draws the form as a part or in its page: the context of the open form and the status of the answer.
Draw = Callable[[dict[str, Any], int], HttpResponse]


def take(request: HttpRequest, form: BaseForm, asked: Asked, act: Callable[[], Any], draw: Draw) -> HttpResponse:
    """Show the form; do what it asks when it is sent and may be done."""
    if not form.is_bound:
        return shown(request, form, asked, draw)
    status, version, changes = 422, asked.version, []
    if form.is_valid():
        try:
            act()
        except asked.raises:
            raise
        except Conflict as conflict:
            # The form comes back with the version of now: whoever still wants it presses once more.
            version, changes, status = conflict.current_version, told(conflict), 409
            stale = asked.stale or _("您打开以后，别人也改了这里。看过下面的变化，仍要这样办就再按一次。")
            form.add_error(None, str(stale))
        except ActionError as error:
            refuse(form, error)
        else:
            said = asked.said or _("%(verb)s：已办好。") % {"verb": asked.title}
            return arrived(request, said, asked.leads or asked.back)
    return shown(request, form, asked, draw, status=status, version=version, changes=changes)


def shown(
    request: HttpRequest,
    form: BaseForm,
    asked: Asked,
    draw: Draw,
    *,
    status: int = 200,
    version: int | None = None,
    changes: Sequence[dict[str, str]] = (),
) -> HttpResponse:
    """The open form; a form that was sent and comes back did nothing, so its idempotency key is free again."""
    opened = {
        "form": form, "action": request.path, "title": str(asked.title), "name": asked.name,
        "version": asked.version if version is None else version, "changes": changes, "close_url": asked.back,
        "back": asked.back,
    }  # fmt: skip
    response = draw(opened, status)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def arrived(request: HttpRequest, said: Text, back: str) -> HttpResponse:
    """The step is done: go where it leads."""
    messages.success(request, str(said))
    leave = HttpResponseClientRedirect if request.htmx else HttpResponseRedirect  # type: ignore[attr-defined]
    return leave(back)
