"""The service worker: it keeps the visit form and the files of the pages for a phone without a network."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Nothing in it is about a person; it is asked for again with each visit, so that a release reaches everybody."""
    # A worker is fetched without the language of the page that asks for it.
    wanted = request.GET.get("language", "").lower()
    with override(wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        text = render_to_string("sw.js", {"shell": reverse("visits:log")})
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
