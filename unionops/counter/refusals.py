"""What is said at the public counter when something cannot be done: plain words, and where to go."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from unionops.casework import refusals
from unionops.org.errors import ActionError

PUBLIC = "/public/"


def told(request: HttpRequest, status: int, title: str, text: str, next_step: str = "") -> HttpResponse:
    context = {"title": title, "text": text, "next_step": next_step, "home": reverse("counter:home")}
    response = render(request, "counter/told.html", context, status=status)
    response.is_refused_form = True  # type: ignore[attr-defined]
    return response


def refused(request: HttpRequest, error: ActionError) -> HttpResponse:
    return told(request, error.status, _("没有办成"), str(error.reason), str(error.next_step))


def not_here(request: HttpRequest) -> HttpResponse:
    return told(
        request, 404, _("没有这一页"), _("地址可能抄漏了，或者这一页已经没有了。"), _("请回到首页，从那里进入。")
    )


def already_sent(request: HttpRequest) -> HttpResponse:
    return told(
        request, 409, _("刚才已经交过一次"), _("这次写的和那次不一样，所以没有再办。"), _("要再办一件，请回到首页重新填写。")
    )  # fmt: skip


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if not request.path.startswith(PUBLIC):
        return refusals.csrf_failure(request, reason)
    return told(
        request, 403, _("这一页开得太久"), _("为了您的安全，请重新打开再填。"), _("如果一直这样，请允许浏览器使用 Cookie。")
    )  # fmt: skip
