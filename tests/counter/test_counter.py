"""The public counter: telephones and codes, receipts, what may be asked how often, and that nothing can be found out by asking."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import http.server
import json
import re
import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.counter.telephones import MOBILE, ask, asked_of, messages, verified
from unionops.counter import jobs, numbers, senders
from unionops.counter.actions import codes
from unionops.counter.actions.receipts import code_of, find_receipt, make_receipt, receipt_url
from unionops.counter.models import MOST_TRIES, OneTimeCode, Receipt, VisitorKey
from unionops.counter.visitors import LASTS, MOST, Visitor
from unionops.org.errors import TooMany
from unionops.org.sealed import blind_index
from visits.enums import IssueState

pytestmark = pytest.mark.django_db
CODE, PHONE, CHECK = "/public/code/", "/public/phone/", "/public/check/"
SECRET = "a-secret-of-two-houses"


def send(client: Client, asked: str, code: str, **extra: Any) -> Any:
    return client.post(CODE, {"asked": asked, "code": code}, **extra)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_numbers_are_random_and_find_their_own_faults() -> None:
    number = numbers.new_number("MD")
    typed = numbers.spell_number(number).lower().replace("-", " ")
    slips = {
        number[:place] + sign + number[place + 1 :]
        for place in range(len(number))
        for sign in numbers.ALPHABET
        if sign != number[place]
    }

    assert numbers.read_number(typed) == number
    assert {numbers.read_number(slip) for slip in slips} == {""}
    assert numbers.read_number("MD00000000") == numbers.read_number("单号") == numbers.read_number("") == ""
    assert len({numbers.new_number("MD") for _ in range(200)}) == 200
    # The letters that people write for digits.
    zeros = "0A" + "10" * 4
    whole = zeros + numbers.check_sign(zeros)
    assert numbers.read_number(whole.replace("0", "O").replace("1", "l")) == whole


def test_code_lets_the_telephone_in_once_on_its_own_device() -> None:
    client, stranger = Client(), Client()
    answer = ask(client, "138 1234 0001")
    (message,) = messages()
    row = OneTimeCode.objects.get()
    asked = asked_of(answer)

    assert message["phone"] == MOBILE
    assert message["code"] in message["text"]
    # Neither number nor code stands in the row, and the page shows neither.
    assert MOBILE not in repr(OneTimeCode.objects.values().get())
    assert message["code"] not in row.code_hash
    assert row.open("phone") == MOBILE
    assert row.phone_hash == blind_index(MOBILE)
    page = answer.content.decode()
    assert MOBILE not in page
    assert message["code"] not in page
    assert "138****0001" in page
    # Another device with the same note and the right code.
    assert send(stranger, asked, message["code"]).status_code == 422
    assert send(client, asked, wrong(message["code"])).status_code == 422
    done = send(client, asked, message["code"])
    assert (done.status_code, done["Location"]) == (302, "/public/")
    assert "138****0001" in client.get("/public/").content.decode()
    # Used once.
    client.cookies.pop("visitor")
    assert send(client, asked, message["code"]).status_code == 422
    assert "visitor" not in client.cookies


def test_code_ends_after_five_tries_and_five_minutes() -> None:
    client = Client()
    asked = asked_of(ask(client))
    (message,) = messages()
    # With a key that rolls back what a refused form has done: tries stay counted.
    answers = [send(client, asked, wrong(message["code"])).status_code for _ in range(MOST_TRIES)]
    assert set(answers) == {422}
    assert OneTimeCode.objects.get().tries == MOST_TRIES
    cache.clear()
    assert send(client, asked, message["code"]).status_code == 422

    asked = asked_of(ask(client))
    (message,) = messages()
    late = timezone.now() - datetime.timedelta(minutes=6)
    OneTimeCode.objects.filter(used_at=None).update(made_at=late, expires_at=late + codes.LASTS)
    assert send(client, asked, message["code"]).status_code == 422
    assert not OneTimeCode.objects.exclude(used_at=None).exists()


def test_keyed_tries_of_an_account_are_counted_as_well(world: Any, as_person: Any) -> None:
    """A person with an account may send a key with it: what comes back as an error would be rolled back."""
    client = as_person("cadre")
    asked = asked_of(ask(client))
    (message,) = messages()
    for number in range(MOST_TRIES):
        send(client, asked, wrong(message["code"]), headers={"idempotency-key": f"k{number}"})
    cache.clear()

    assert OneTimeCode.objects.get().tries == MOST_TRIES
    assert send(client, asked, message["code"]).status_code == 422


def test_codes_are_sent_so_often_by_number_and_by_address(settings: Any) -> None:
    for _ in range(codes.PER_PHONE.most):
        assert ask(Client()).status_code == 200
    refused = ask(Client())
    assert refused.status_code == 429
    assert "60" in refused.content.decode()
    assert len(messages()) == codes.PER_PHONE.most
    settings.UNIONOPS_CODES_PER_ADDRESS = 2
    cache.clear()
    said = [ask(Client(), f"1391234000{n}").status_code for n in range(4)]
    assert said == [200, 200, 429, 429]
    assert ask(Client(), "13912340009", REMOTE_ADDR="10.0.0.9").status_code == 200
    messages()


def test_known_and_unknown_numbers_are_answered_alike(world: Any) -> None:
    """A number of the directory, of an account, and of nobody: the same page but for the mask."""
    world.people["cadre"].put("phone", "13812340001", "138****0001")
    world.people["cadre"].save()
    pages = []
    for phone in (MOBILE, "13912349999"):
        client = Client()
        client.get(PHONE)
        text = ask(client, phone).content.decode()
        token = asked_of(ask(client, phone))
        pages.append(text.replace(f"{phone[:3]}****{phone[-4:]}", "*")[:400] + str(len(token)))
    messages()

    assert pages[0] == pages[1]
    assert [ask(Client(), typed).status_code for typed in ("0575-85123456", "123", "")] == [422] * 3
    assert messages() == []


def test_where_one_comes_back_to_is_always_here() -> None:
    for back, expected in (
        ("/public/check/", "/public/check/"), ("https://evil.example/", "/public/"), ("//evil.example/public/", "/public/"),
        ("/issues/", "/public/"), ("/public/\\evil.example", "/public/"), ("", "/public/"),
    ):  # fmt: skip
        cache.clear()
        assert verified(Client(), back=back)["Location"] == expected, back


def test_visit_ends_by_time_by_leaving_and_with_a_copied_cookie() -> None:
    client, thief = Client(), Client()
    verified(client)
    thief.cookies["visitor"] = client.cookies["visitor"].value
    assert "138****" in client.get("/public/").content.decode()
    assert "138****" not in thief.get("/public/").content.decode()
    thief.cookies["device"] = client.cookies["device"].value
    assert client.post("/public/leave/").status_code == 302
    assert "138****" not in thief.get("/public/").content.decode()
    verified(client)
    OneTimeCode.objects.update(used_at=timezone.now() - MOST, made_at=timezone.now() - MOST * 2)
    assert "138****" not in client.get("/public/").content.decode()
    # A forged one.
    client.cookies["visitor"] = "0193b3c5-0000-7000-8000-000000000000:1:x"
    assert client.get("/public/").status_code == 200


def test_visit_goes_on_while_somebody_is_there(time_machine: Any) -> None:
    client, minute = Client(), datetime.timedelta(minutes=1)
    began = timezone.now()
    time_machine.move_to(began, tick=False)
    verified(client)

    # Each page, and each sign of life of a page, is half an hour more.
    time_machine.move_to(began + LASTS - minute, tick=False)
    assert "138****" in client.get("/public/").content.decode()
    time_machine.move_to(began + 2 * (LASTS - minute), tick=False)
    assert client.post("/public/stay/").json() == {"left": LASTS.total_seconds()}
    time_machine.move_to(began + 3 * LASTS, tick=False)
    assert client.post("/public/stay/").json() == {"left": 0}
    assert "138****" not in client.get("/public/").content.decode()

    # Not beyond half a day.
    verified(client)
    OneTimeCode.objects.update(used_at=timezone.now() - MOST + minute, made_at=timezone.now() - MOST)
    assert client.post("/public/stay/").json() == {"left": minute.total_seconds()}


def made(world: Any, client: Client) -> Receipt:
    """A receipt of something, for the visitor of this client."""
    return make_receipt(
        world.issue(IssueState.REGISTERED), prefix="XX", visitor=Visitor(OneTimeCode.objects.order_by("-made_at").first())  # type: ignore[arg-type]
    )  # fmt: skip


def test_receipt_is_read_by_whoever_made_it_only(world: Any) -> None:
    client = Client()
    verified(client)
    receipt = made(world, client)
    page = client.get(receipt_url(receipt)).content.decode()
    assert numbers.spell_number(receipt.number) in page
    assert code_of(receipt) in page
    assert Client().get(receipt_url(receipt)).status_code == 302
    other = Client()
    verified(other, "13912349999")
    strange = other.get(receipt_url(receipt))
    missing = other.get(f"/public/receipts/{numbers.new_number('XX')}/")
    assert strange.status_code == missing.status_code == 404
    assert bodies(strange) == bodies(missing)


def bodies(answer: Any) -> str:
    """The page without what is made anew for each answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode().split("<main")[1])


def test_wrong_number_and_wrong_code_are_answered_alike_and_not_for_ever(world: Any) -> None:
    receipt = make_receipt(world.issue(IssueState.REGISTERED), prefix="XX")
    right, unknown = str(receipt), numbers.spell_number(numbers.new_number("XX"))
    client = Client()
    pages = set()
    for number, code in ((right, wrong(code_of(receipt))), (unknown, code_of(receipt)), ("not a number", "123456")):
        answer = client.post(CHECK, {"number": number, "code": code})
        assert answer.status_code == 422
        pages.add(bodies(answer).replace(number, "").replace(code, ""))
    assert len({page.split("csrfmiddlewaretoken")[0] for page in pages}) == 1
    counts = []
    for number in (right, unknown):
        cache.clear()
        answers = [Client().post(CHECK, {"number": number, "code": "000000"}).status_code for _ in range(7)]
        counts.append(answers)
    assert counts[0] == counts[1] == [422] * 5 + [429] * 2
    cache.clear()
    many = [Client().post(CHECK, {"number": numbers.new_number("XX"), "code": "000000"}).status_code for _ in range(32)]
    assert many == [422] * 30 + [429] * 2
    cache.clear()
    # Whoever knows both is never held up.
    for _ in range(40):
        assert find_receipt(right.lower(), code_of(receipt), address="10.0.0.1") == receipt
    for _ in range(5):
        assert find_receipt(right, "000000", address="10.0.0.1") is None
    with pytest.raises(TooMany):
        find_receipt(right, code_of(receipt), address="10.0.0.1")


def test_form_is_sent_with_its_token_and_answers_are_kept_nowhere() -> None:
    client = Client(enforce_csrf_checks=True)
    for page in (PHONE, CODE, CHECK, "/public/leave/"):
        refused = client.post(page, {"phone": MOBILE})
        assert refused.status_code == 403, page
        assert "/public/" in refused.content.decode()
        assert "回工作台" not in refused.content.decode()
    assert messages() == []
    for page in ("/public/", PHONE, CHECK):
        answer = client.get(page)
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


def test_repeated_sending_of_a_visitor_has_one_effect(world: Any) -> None:
    """Leaving is the writing form of the counter itself; the rooms' own forms are tested with the rooms."""
    client = Client()
    verified(client)
    first = client.post("/public/leave/", {"_key": "k1"})
    again = client.post("/public/leave/", {"_key": "k1"})
    assert (first["Location"], again["Location"], again["Idempotent-Replay"]) == ("/public/", "/public/", "true")
    assert client.post("/public/leave/", {"_key": "k1", "other": "1"}).status_code == 409
    assert VisitorKey.objects.count() == 1
    jobs.clean_up(timezone.now() + datetime.timedelta(days=31))
    assert not VisitorKey.objects.exists()
    assert not OneTimeCode.objects.exists()


class Gateway(http.server.BaseHTTPRequestHandler):
    """An operator's gateway that keeps what it was given."""

    got: list[tuple[dict[str, str], bytes]] = []
    status = 204

    def do_POST(self) -> None:
        self.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


def test_gateway_gets_signed_messages_and_its_failure_is_told(settings: Any) -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.UNIONOPS_CODE_SENDER = "unionops.counter.senders.gateway"
    settings.UNIONOPS_CODE_SECRET = SECRET
    settings.UNIONOPS_CODE_GATEWAY = f"http://127.0.0.1:{server.server_port}/send"
    try:
        client = Client()
        asked = asked_of(ask(client))
        headers, body = Gateway.got[-1]
        signed = hmac.new(SECRET.encode(), f"{headers['X-Unionops-Time']}.".encode() + body, hashlib.sha256)
        assert headers["X-Unionops-Signature"] == signed.hexdigest()
        assert send(client, asked, json.loads(body)["code"]).status_code == 302
        for status in (500, 302):
            Gateway.status = status
            refused = ask(Client())
            assert refused.status_code == 503
            assert "窗口" in refused.content.decode()
        assert OneTimeCode.objects.count() == 1
    finally:
        server.shutdown()
        server.server_close()
    settings.UNIONOPS_CODE_GATEWAY = "http://gateway.example/send"
    with pytest.raises(ImproperlyConfigured):
        senders.gateway(MOBILE, "123456", "x")
    settings.UNIONOPS_CODE_SENDER = ""
    assert ask(Client()).status_code == Client().get(PHONE).status_code == 503


def test_code_stands_on_the_page_in_the_demo_only(settings: Any) -> None:
    settings.UNIONOPS_CODE_SENDER = "unionops.counter.senders.on_page"
    with pytest.raises(ImproperlyConfigured):
        ask(Client())
    settings.UNIONOPS_DEMO = True
    client = Client()
    page = ask(client)
    code = next(
        word for word in page.content.decode().replace("。", " ").split() if len(word) == 6 and word.isdecimal()
    )
    assert send(client, asked_of(page), code).status_code == 302


def test_every_public_address_needs_no_account_and_no_other_one_is_public() -> None:
    client = Client()
    for included in get_resolver().url_patterns:
        if getattr(included, "app_name", "") != "counter":
            continue
        for pattern in included.url_patterns:
            values = {"number": numbers.new_number("XX"), "secret": "none"}
            url = reverse(f"counter:{pattern.name}", kwargs={key: values[key] for key in pattern.pattern.converters})
            for answer in (client.get(url), client.post(url)):
                assert answer.status_code in (200, 302, 404, 405, 422), url
                assert "/sign-in" not in answer.get("Location", ""), url
