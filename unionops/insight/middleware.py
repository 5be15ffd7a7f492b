"""After a write the rollups are woken at once; whatever is missed waits for the next beat."""

from __future__ import annotations

import logging
from collections.abc import Callable

from celery import current_app
from django.http import HttpRequest, HttpResponse
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# A wake-up that nobody took by then has been made up for by the beat.
EXPIRES_SECONDS = 15


def waking(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in SAFE and response.status_code < 400 and request.user.is_authenticated:
            wake()
        return response

    return answer


def wake() -> None:
    """Ask a worker to flush what is marked; without a broker nothing is lost, it is only later."""
    try:
        current_app.send_task("insight.flush", expires=EXPIRES_SECONDS, retry=False, ignore_result=True)
    except OperationalError as error:
        log.warning("the rollups were not woken: %s", error)
