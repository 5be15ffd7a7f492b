"""The phones, tablets and desks of a journey: each person has one, and what is wrong on its pages fails the test."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Self

from django.test import Client
from playwright.sync_api import expect

from unionops.org.models import User

# No test is timed: what a page will say may take a while beside other work.
expect.set_options(timeout=15_000)

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1024, "height": 768}
DESK = {"width": 1440, "height": 900}
# A refused form, a page that is not there, no network: the product says so on purpose, and Chromium and htmx repeat it.
EXPECTED = re.compile(r"status of 4\d\d|ERR_INTERNET_DISCONNECTED|htmx:(afterRequest|sendError)")


class Devices:
    """Opens browsers for people; ``with`` closes them and looks at what went wrong in them."""

    def __init__(self, browser: Any, base: str) -> None:
        self.browser, self.base = browser, base
        self.faults: list[str] = []
        self._contexts: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        self.leave()
        if kind is None:
            assert self.faults == [], self.faults

    def open(self, person: User | None = None, size: dict[str, int] = DESK, **more: Any) -> Any:
        """Return an empty page of a person who is signed in, or of a visitor without an account.

        What the device keeps for places without a network is left out, unless ``service_workers="allow"`` asks for it:
        it fetches the visit form and every script once more.
        """
        settings = {
            "viewport": size, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "base_url": self.base,
            "service_workers": "block", "has_touch": size == PHONE, "is_mobile": size == PHONE,
        } | more  # fmt: skip
        context = self.browser.new_context(**settings)
        self._contexts.append(context)
        context.set_default_timeout(15_000)
        who = "somebody" if person is None else person.username
        context.on("page", lambda page: self._listen(page, who))
        if person is not None:
            client = Client()
            client.force_login(person)
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.base}])
        return context.new_page()

    def tell(self) -> str:
        """What everybody looks at, as a screen reader would say it, and what went wrong."""
        pages = [page for context in self._contexts for page in context.pages]
        shown = [f"--- {page.url}\n{page.locator('body').aria_snapshot()[:6000]}" for page in pages]
        return "\n".join([*shown, *self.faults])

    def leave(self) -> None:
        """Everybody goes home; the next page of a person is opened on a device of its own."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _listen(self, page: Any, who: str) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"{who}: {error}"))
        page.on("console", lambda line: self._hear(who, line))

    def _hear(self, who: str, line: Any) -> None:
        if line.type == "error" and not EXPECTED.search(line.text):
            self.faults.append(f"{who}: {line.text}")


def send(button: Any) -> None:
    """Press what sends a form, and wait for the page that follows: what comes next may be on another person's device.

    Raises:
        playwright.sync_api.TimeoutError: if the form was refused, for then its page stays.
    """
    page = button.page
    page.evaluate("() => { document.documentElement.dataset.sent = 'yes'; }")
    button.click()
    page.wait_for_function("() => document.readyState === 'complete' && !document.documentElement.dataset.sent")


# The page on which something was sent last, until a form is opened on it: it shows the case as it is.
_newest: list[Any] = [None]


def look_at(page: Any, url: str) -> None:
    """Open a case, unless this very page shows what it has just changed: that of anybody else is opened anew."""
    if page is not _newest[0] or not page.url.partition("#")[0].endswith(url):
        page.goto(url)


def nobody_sees_it() -> None:
    """The case has changed behind its pages, or a form was opened on one: whoever looks next opens it anew."""
    _newest[0] = None


def send_step(page: Any, fill: Callable[[Any], object] | None, said: str = "已办好") -> None:
    """Fill the form that a verb has opened and send it; where nothing is said the form comes back."""
    nobody_sees_it()
    form = page.locator("form.inform")
    form.wait_for()
    if fill is not None:
        fill(form)
    # What the step before has said is not the answer to this one.
    page.locator("#said").evaluate("(said) => said.replaceChildren()")
    form.locator("button[type=submit]:not([name])").last.click()
    if said:
        # An expectation that is not true at once draws the whole page as a screen reader hears it, at each look.
        page.locator("#said", has_text=said).wait_for(state="attached")
        _newest[0] = page


def sign_in_by_hand(page: Any, person: User, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(person.username)
    page.get_by_label("密码", exact=True).fill(password)
    send(page.get_by_role("button", name="登录", exact=True))
