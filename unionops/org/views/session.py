"""Coming, going, and what a person sets for themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ..actions import accounts
from ..errors import ActionError
from ..forms.accounts import PasswordForm, PreferencesForm, SignInForm
from ..forms.fields import refuse
from ..models import Posting, User
from ..sessions import NEXT, begin_session, path_of
from .answers import again, done, person, tried

DEMO_ACCOUNTS = (
    "cadre", "chief", "leader", "handler", "handler05", "town", "clerk", "mediator", "head", "desk", "court", "labour", "justice",
    "officer", "auditor", "admin",
)  # fmt: skip
DEMO_PASSWORD = "unionops-demo"  # noqa: S105 -- public; the accounts exist in demo mode only


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    back = path_of(request, request.POST.get(NEXT) or request.GET.get(NEXT) or "")
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(back)
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        user, status = _check(request, form)
        if user is not None:
            return _let_in(request, user, back)
    elif form.is_bound:
        status = 422
    context = {"form": form, "next": back, **_demo()}
    return render(request, "org/sign_in.html", context, status=status)


def _check(request: HttpRequest, form: SignInForm) -> tuple[User | None, int]:
    """Who it is, or the status of the refusal: nobody learns whether the name or the password was wrong."""
    username = form.cleaned_data["username"]
    user = authenticate(request, username=username, password=form.cleaned_data["password"])
    if getattr(request, "axes_locked_out", False):
        # django-axes would answer in its own words.
        request.axes_locked_out = False  # type: ignore[attr-defined]
        if account := User.objects.filter(username=username, is_active=True).first():
            accounts.record_lock(account, by=User.objects.system())
        form.add_error(None, _("输错次数太多，暂时锁定。请 15 分钟后再试，或请管理员解锁。"))
        return None, 429
    if not isinstance(user, User):
        form.add_error(None, _("登录名或密码不对。"))
        return None, 422
    return user, 200


def _let_in(request: HttpRequest, user: User, back: str) -> HttpResponse:
    login(request, user)
    begin_session(request)
    accounts.record_session(user, "sign_in", by=user)
    return _speak(HttpResponseRedirect(back), user.language)


def _demo() -> dict[str, Any]:
    if not settings.UNIONOPS_DEMO:
        return {}
    names = dict(User.objects.filter(username__in=DEMO_ACCOUNTS, is_active=True).values_list("username", "name"))
    posts: dict[str, str] = {}
    postings = Posting.objects.on(timezone.localdate()).filter(user__username__in=names).order_by("-pk")
    for posting in postings.select_related("user"):
        posts[posting.user.username] = posting.get_role_display()
    shown = [
        {"username": name, "name": names[name], "post": posts.get(name, "")} for name in DEMO_ACCOUNTS if name in names
    ]
    return {"demo_accounts": shown, "demo_password": DEMO_PASSWORD}


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        accounts.record_session(request.user, "sign_out", by=request.user)
    logout(request)
    messages.info(request, _("您已退出。"))
    return HttpResponseRedirect(reverse("org:sign_in"))


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language for this browser, and for the person when somebody is signed in."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(path_of(request, request.POST.get(NEXT, "")))
    if chosen not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, User):
        accounts.edit_preferences(request.user, language=chosen, by=request.user)
    return _speak(response, chosen)


def _speak(response: HttpResponse, chosen: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]
    )
    return response


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = person(request)
    back = path_of(request, request.POST.get(NEXT) or request.GET.get(NEXT) or reverse("org:me"))
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            old, new = form.cleaned_data["old"], form.cleaned_data["new"]
            changed = accounts.change_password(user, old=old, new=new, by=user)
        except ActionError as error:
            refuse(form, error)
        else:
            update_session_auth_hash(request, changed)
            return done(request, _("密码已改，别处的登录都已退出。"), back)
    return again(request, "org/password.html", {"form": form, "next": back, "must": user.must_change_password})


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    user = person(request)
    kept = {"language": user.language, "email": user.email, "digest": user.digest}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_bound and form.is_valid():
        ok, changed = tried(form, lambda: accounts.edit_preferences(user, by=user, **form.cleaned_data))
        if ok:
            with translation.override(changed.language):
                words = _("设置已保存。")
            return _speak(done(request, words, reverse("org:me")), changed.language)
    postings = user.postings.select_related("organisation").order_by("-valid_from", "organisation__path")
    leaves = user.leaves.filter(ends_on__gte=timezone.localdate())
    return again(request, "org/me.html", {"form": form, "postings": postings, "leaves": leaves})
