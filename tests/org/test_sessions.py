"""Coming, staying away, locking oneself out; language and theme."""

from __future__ import annotations

import datetime
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import PASSWORD
from unionops.org.actions.accounts import unlock_account
from unionops.org.models import Event
from unionops.org.sessions import SEEN

SIGN_IN = "/sign-in/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: str):
    return client.post(SIGN_IN, {"username": username, "password": password}, **extra)


def test_session_ends_when_nobody_is_there(world, client):
    sign_in(client, "cadre")
    session = client.session
    away = timezone.now() - datetime.timedelta(seconds=settings.UNIONOPS_IDLE_SECONDS + 5)
    session[SEEN] = away.isoformat()
    session.save()

    answer = client.get(reverse("visits:visits"))

    assert answer.status_code == 302
    assert unquote(answer["Location"]) == f"{SIGN_IN}?next=/visits/"
    assert "请重新登录" in client.get(answer["Location"]).content.decode()


def test_session_stays_while_somebody_works(world, client):
    sign_in(client, "cadre")
    session = client.session
    session[SEEN] = (timezone.now() - datetime.timedelta(seconds=settings.UNIONOPS_IDLE_SECONDS - 60)).isoformat()
    session.save()

    assert client.get(reverse("visits:visits")).status_code == 200
    assert client.session[SEEN] > (timezone.now() - datetime.timedelta(minutes=1)).isoformat()


def test_sign_in_leads_back_but_never_elsewhere(world):
    for wanted, reached in (("/visits/", "/visits/"), ("https://evil.example/", "/"), ("//evil.example", "/")):
        answer = Client().post(SIGN_IN, {"username": "cadre", "password": PASSWORD, "next": wanted})
        assert answer["Location"] == reached


def test_wrong_name_and_wrong_password_are_told_alike(world):
    told = [sign_in(Client(), name, "nothing-like-it").content.decode() for name in ("cadre", "nobody")]

    assert all("登录名或密码不对" in page for page in told)


def test_many_wrong_passwords_lock_the_account_from_that_address_only(world):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(Client(), "cadre", "wrong", REMOTE_ADDR="10.0.0.7")

    assert sign_in(Client(), "cadre", REMOTE_ADDR="10.0.0.7").status_code == 429
    assert sign_in(Client(), "cadre", REMOTE_ADDR="10.0.0.8").status_code == 302
    assert sign_in(Client(), "leader", REMOTE_ADDR="10.0.0.7").status_code == 302
    assert Event.objects.filter(verb="user.lock").count() == 1

    unlock_account(world["cadre"], by=world["admin"])
    assert sign_in(Client(), "cadre", REMOTE_ADDR="10.0.0.7").status_code == 302


@pytest.mark.parametrize(("language", "word"), [("en", "Sign out"), ("zh-hans", "退出")])
def test_language_is_kept_with_the_person(world, as_person, language, word):
    browser = as_person("cadre")
    browser.post(reverse("org:language"), {"language": language, "next": reverse("org:me")})

    assert world["cadre"].language == language
    assert word in browser.get(reverse("org:me")).content.decode()


def test_what_a_person_sets_is_kept(world, as_person):
    fields = {"language": "en", "email": "lu@example.cn", "digest": ""}

    assert as_person("cadre").post(reverse("org:me"), fields).status_code == 302

    kept = world["cadre"]
    assert (kept.language, kept.email, kept.digest) == ("en", "lu@example.cn", False)
    answer = as_person("cadre").post(reverse("org:me"), fields | {"email": "no address"})
    assert answer.status_code == 422
    assert "no address" in answer.content.decode()


def test_password_is_changed_and_other_devices_are_out(world, client):
    other = Client()
    sign_in(client, "cadre")
    sign_in(other, "cadre")
    new = "hongcha luobo shanshui 9"
    wrong = client.post(reverse("org:password"), {"old": "no", "new": new, "again": new})
    assert wrong.status_code == 422

    assert client.post(reverse("org:password"), {"old": PASSWORD, "new": new, "again": new}).status_code == 302

    assert client.get(reverse("org:me")).status_code == 200
    assert other.get(reverse("org:me")).status_code == 302


def test_own_leave_is_entered_once_and_cancelled(world, as_person):
    browser = as_person("cadre")
    fields = {"starts_on": "2030-05-06", "ends_on": "2030-05-10", "reason": "年休假"}

    assert browser.post(reverse("org:my_leave"), fields).status_code == 302
    assert browser.post(reverse("org:my_leave"), fields).status_code == 422
    leave = world["cadre"].leaves.get()
    assert as_person("other_cadre").post(reverse("org:leave_cancel", args=[leave.pk])).status_code == 404
    assert browser.post(reverse("org:leave_cancel", args=[leave.pk])).status_code == 302
    assert not world["cadre"].leaves.exists()


def test_theme_of_the_browser_is_drawn_from_the_first_byte(world, as_person):
    browser = as_person("cadre")
    for theme in ("dark", "light"):
        browser.cookies["unionops_theme"] = theme
        assert f'data-theme="{theme}"' in browser.get(reverse("org:me")).content.decode()
    browser.cookies["unionops_theme"] = '"><script>'
    assert "data-theme" not in browser.get(reverse("org:me")).content.decode().split("<head>")[0]


def test_sign_out_is_only_sent_and_ends_everything(world, as_person):
    browser = as_person("cadre")
    assert browser.get(reverse("org:sign_out")).status_code == 405
    browser.post(reverse("org:sign_out"))

    assert browser.get(reverse("org:me")).status_code == 302
    assert Event.objects.filter(verb="user.sign_out", by=world.people["cadre"]).exists()
