"""The components in real Chromium: how they look to axe, and what they do when the network, the session or the tab is gone."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import override_settings
from django.test.testcases import LiveServerThread
from django.urls import clear_url_caches
from playwright.sync_api import expect

from tests.sampling import WHOLE, taken

from . import sample_site
from .axe import violations
from .waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PAGES = ["/gallery/", "/visits/new/", "/sign-in/", "/trouble/404/", "/trouble/403/", "/trouble/409/", "/trouble/500/",
         "/trouble/503/"]  # fmt: skip
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360606000000004000127"
    "34270a0000000049454e44ae426082"
)
# What the sample site answers on purpose, and what Chromium says of a form field that the server has refused.
EXPECTED_NOISE = (
    "status of 4",
    "status of 5",
    "net::ERR_INTERNET_DISCONNECTED",
    "does not conform to the required format",
)


@pytest.fixture(scope="module")
def site():
    with override_settings(ROOT_URLCONF="tests.browser.sample_site", STORAGES=STORAGES):
        clear_url_caches()
        server = LiveServerThread("127.0.0.1", StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        assert server.error is None
        yield f"http://127.0.0.1:{server.port}"
        server.terminate()
    clear_url_caches()


@pytest.fixture(autouse=True)
def clean_site():
    sample_site.received.clear()
    sample_site.answers.clear()


@pytest.fixture
def open_browser(browser, site):
    """Return a function that opens a device: a browser of its own, at a size, with its noise collected."""
    contexts, noise = [], []

    def open_device(viewport=PHONE, **options):
        context = browser.new_context(
            base_url=site, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=viewport is PHONE,
            service_workers=options.pop("service_workers", "block"), **options,
        )  # fmt: skip
        context.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: noise.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_device
    for context in contexts:
        context.close()
    assert [text for text in noise if not any(known in text for known in EXPECTED_NOISE)] == []


@pytest.fixture
def phone(open_browser):
    return open_browser(PHONE)


@pytest.fixture
def desk(open_browser):
    return open_browser(DESK)


def visit(context, path="/visits/new/"):
    page = context.new_page()
    page.goto(path)
    page.wait_for_function("document.documentElement.dataset.js !== undefined")
    return page


def choose_enterprise(page, query="hr"):
    page.get_by_role("combobox", name="走访哪家").press_sequentially(query)
    page.get_by_role("option", name="恒润纺织有限公司").click()


def add_issue(page, number, text, category="工资"):
    page.get_by_role("button", name="记一件问题").click()
    page.locator(f"#id_issues-{number}-title").fill(text)
    page.locator(f"#id_issues-{number}-category-first").select_option(label=category)


def stored(page, store):
    """How many records a store of the device holds."""
    return page.evaluate(
        """store => new Promise((resolve, reject) => {
            const open = indexedDB.open("unionops");
            open.onerror = reject;
            open.onsuccess = () => {
                const database = open.result;
                if (!database.objectStoreNames.contains(store)) { database.close(); resolve(0); return; }
                const count = database.transaction(store).objectStore(store).count();
                count.onsuccess = () => { database.close(); resolve(count.result); };
            };
        })""",
        store,
    )


def wait_for_draft(page):
    page.get_by_text("草稿已存本机").wait_for()


def photo(name="车间.png"):
    return {"name": name, "mimeType": "image/png", "buffer": PNG}


# ---------------------------------------------------------------- looks


def axe(page):
    """What axe has against a page, light and dark."""
    found = []
    for scheme in ("light", "dark"):
        # Colours that are still on their way from one theme to the other are nobody's colours.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme}: {fault}" for fault in violations(page)]
    return found


# Each run judges a page at one of the two sizes, always the same; both when every row is taken.
LOOKS = [
    pytest.param(path, size, id=f"{path}-{name}")
    for path in PAGES
    for name, size in (("phone", PHONE), ("desk", DESK))
    if WHOLE or taken(path, of=2) == (size is PHONE)
]


@pytest.mark.parametrize(("path", "viewport"), LOOKS)
def test_page_has_no_axe_violation(open_browser, path, viewport):
    page = visit(open_browser(viewport), path)

    assert axe(page) == []


def test_filled_visit_form_has_no_axe_violation(open_browser):
    page = visit(open_browser(PHONE))
    page.get_by_role("combobox", name="走访哪家").press_sequentially("hr")
    page.get_by_role("option", name="恒润纺织有限公司").wait_for()
    with_list = axe(page)
    page.get_by_role("option", name="恒润纺织有限公司").click()
    add_issue(page, 0, "包装车间计件工资没发")
    page.get_by_text("可能是同一件").wait_for()
    page.get_by_role("group", name="劳动用工").get_by_role("radio", name="问题").check()
    page.get_by_role("button", name="提交走访").click()
    page.get_by_role("alert").first.wait_for()

    with_errors = axe(page)

    assert with_list + with_errors == []


@pytest.mark.parametrize("path", ["/gallery/", "/visits/new/", "/sign-in/", "/trouble/403/", "/trouble/409/"])
def test_nothing_sticks_out_sideways(desk, path):
    page = visit(desk, path)
    beyond = {}

    for width in (360, 390, 430, 768, 1024, 1280, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        beyond[width] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert {width: pixels for width, pixels in beyond.items() if pixels} == {}


def test_targets_of_the_phone_are_large_enough(phone):
    page = visit(phone)
    add_issue(page, 0, "包装车间计件工资没发")

    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a[href], select, input:not([type=hidden]), textarea, summary, label")]
            .filter((element) => element.offsetParent && !element.closest(".visually-hidden, .skip, p, .iss__same"))
            .filter((element) => !element.matches(".visually-hidden, .f > label, .f > legend, .checkline input"))
            .map((element) => [element.outerHTML.slice(0, 120), element.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < 40 || box.width < 40))
            .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
    )

    assert small == []


def test_no_cell_breaks_into_single_characters(phone):
    page = visit(phone, "/gallery/")

    narrow = page.evaluate(
        """() => [...document.querySelectorAll("td, th, dd, dt, .prow b, .due, .urg, h1, h2, h3, button, .btn")]
            .filter((element) => element.offsetParent && element.innerText.trim().length > 3)
            .filter((element) => element.getBoundingClientRect().width > 2 && element.getBoundingClientRect().width < 30)
            .map((element) => element.outerHTML.slice(0, 120))"""
    )

    assert narrow == []


def test_theme_is_kept(desk):
    page = visit(desk, "/gallery/")
    page.locator(".top__me summary").click()
    page.get_by_role("button", name="深色").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"


def test_css_has_the_same_dark_values_twice():
    css = (STATIC / "css" / "unionops.css").read_text()

    by_system = re.search(r":root:not\(\[data-theme\]\) \{(.*?)\}", css, re.DOTALL)[1]
    by_choice = re.search(r'^\[data-theme="dark"\] \{(.*?)\}', css, re.DOTALL | re.MULTILINE)[1]

    assert by_system.split() == by_choice.split()


def test_css_has_no_dead_class():
    css = re.sub(
        r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", (STATIC / "css" / "unionops.css").read_text(), flags=re.DOTALL
    )
    classes = set(re.findall(r"\.([a-z][a-z0-9_-]*)", re.sub(r"\{[^{}]*\}", "{}", css)))
    sources = "\n".join(
        path.read_text()
        for folder in ("templates", "static/js")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    )
    words = set(re.findall(r"[a-z][a-z0-9_-]*", sources))
    # Classes whose end is a value: due--{{ state }}, urg--{{ level }}, f--{{ span }} and the like.
    built = tuple(set(re.findall(r"([a-z][a-z0-9_]*--)(?=[\"'{$ ])", sources)))

    assert sorted(name for name in classes - words if not name.startswith(built)) == []


def test_scripts_and_words_agree():
    scripts = "\n".join(path.read_text() for path in (STATIC / "js").glob("*.js"))
    words = set(
        re.findall(r'^  "([a-z._-]+)":', (ROOT / "templates" / "components" / "words.html").read_text(), re.MULTILINE)
    )
    groups = {word.split(".")[0] for word in words}
    strings = set(re.findall(r'"([a-z_.-]+)"', scripts))
    # The state of an unsent visit is a word of its own: outbox.waiting and its like.
    strings |= {
        f"outbox.{state}" for state in re.findall(r'^export const [A-Z_]+ = "([a-z-]+)";', scripts, re.MULTILINE)
    }

    said = {string for string in strings if "." in string and string.split(".")[0] in groups}
    assert said - words == {"outbox.sent"}
    assert words - said - strings == set()


# ---------------------------------------------------------------- the enterprise


def test_enterprise_is_found_with_two_keys(phone):
    page = visit(phone)
    field = page.get_by_role("combobox", name="走访哪家")

    field.press_sequentially("hr")
    page.get_by_role("option", name="恒润纺织有限公司").wait_for()
    field.press("ArrowDown")
    active = page.locator(f"#{field.get_attribute('aria-activedescendant')}").inner_text()
    field.press("Enter")

    assert active.startswith("华瑞纺织印染有限公司")
    expect(page.locator("[name=enterprise]")).to_have_value("2")
    assert page.locator(".chosen").inner_text().splitlines()[:2] == [
        "华瑞纺织印染有限公司",
        "马山街道·88 人·上次走访 3 天前",
    ]
    expect(page.locator("mark")).to_have_count(0)


def test_enterprise_list_pushes_and_marks(phone):
    page = visit(phone)
    below = page.get_by_role("heading", name="怎么走访")
    before = below.bounding_box()["y"]

    page.get_by_role("combobox", name="走访哪家").press_sequentially("hrfz")
    page.get_by_role("option", name="恒润纺织有限公司").wait_for()

    assert below.bounding_box()["y"] > before + 150
    expect(page.locator("mark").first).to_have_text("恒润纺织", use_inner_text=True)
    assert page.get_by_role("option").first.inner_text().splitlines() == [
        "恒润纺织有限公司",
        "重点企业",
        "斗门街道·236 人·上次走访 63 天前",
    ]


def test_unknown_enterprise_is_noted_by_name(phone):
    page = visit(phone)

    page.get_by_role("combobox", name="走访哪家").fill("新开的豆腐坊")
    page.get_by_role("option", name="名录里没有，先记下名字").click()

    expect(page.locator("[name=enterprise]")).to_have_value("")
    expect(page.locator("[name=target_name]")).to_have_value("新开的豆腐坊")
    expect(page.locator(".chosen")).to_contain_text("待核实", use_inner_text=True)


def test_recent_enterprises_are_found_without_network(phone):
    page = visit(phone)
    phone.set_offline(True)

    page.get_by_role("combobox", name="走访哪家").press_sequentially("hrfz")
    page.get_by_text("没有网络，只找了").wait_for()
    page.get_by_role("option", name="华瑞纺织印染有限公司").click()

    expect(page.locator("[name=enterprise]")).to_have_value("2")


# ---------------------------------------------------------------- the issues


def test_issue_cards_are_numbered_for_the_server(phone):
    page = visit(phone)
    for number, text in enumerate(["工资没发", "食堂油烟大", "想办小微返还"]):
        add_issue(page, number, text)

    page.locator("[data-unionops-issue]").nth(1).get_by_role("button", name="删去").click()

    names = page.eval_on_selector_all(
        "[data-unionops-issue] textarea[name$=-title]", "all => all.map((one) => [one.name, one.value])"
    )
    assert names == [["issues-0-title", "工资没发"], ["issues-1-title", "想办小微返还"]]
    expect(page.locator("[name=issues-TOTAL_FORMS]")).to_have_value("2")
    expect(page.get_by_role("button", name="提交走访（2 件问题）")).to_be_visible()

    page.get_by_role("button", name="撤销").click()
    names = page.eval_on_selector_all(
        "[data-unionops-issue] textarea[name$=-title]", "all => all.map((one) => [one.name, one.value])"
    )
    assert names == [
        ["issues-0-title", "工资没发"],
        ["issues-1-title", "食堂油烟大"],
        ["issues-2-title", "想办小微返还"],
    ]


def test_category_is_proposed_from_the_text(phone):
    page = visit(phone)
    page.get_by_role("button", name="记一件问题").click()
    page.locator("#id_issues-0-title").press_sequentially("食堂油烟大")

    page.get_by_role("group", name="可能的类别").get_by_role("button", name="食堂").click()

    expect(page.locator("[name=issues-0-category]")).to_have_value("9")
    assert (
        page.locator("#id_issues-0-category-first").evaluate("select => select.selectedOptions[0].textContent")
        == "生产生活条件"
    )


def test_promise_and_likeness_are_shown(phone):
    page = visit(phone)
    add_issue(page, 0, "包装车间计件工资没发")
    page.locator("[name=issues-0-category]").select_option(label="欠薪")

    page.get_by_text("可能是同一件").wait_for()
    page.locator("[data-part=promise]", has_text="权保部").wait_for()

    expect(page.get_by_role("link", name="S26-0859")).to_have_attribute("href", "/issues/S26-0859/")
    assert page.locator("[data-part=promise] b").all_inner_texts() == ["权保部", "11-27 周五"]
    expect(page.locator("[name=issues-0-department]")).to_have_value("11")


def test_finished_issue_folds_to_what_will_be_done(phone):
    page = visit(phone)
    add_issue(page, 0, "不清楚小微返还怎么申请", "经费返还")
    page.locator("[name=issues-0-category]").select_option(label="小微返还")
    page.locator("#id_issues-0-handling_explain").check()
    page.get_by_role("button", name="记好这一件").click()
    still_open = page.locator("#id_issues-0-title").is_visible()

    page.locator("#id_issues-0-explanation").fill("已讲明条件、材料和时间。")
    page.locator("#id_issues-0-understood_True").check()
    page.get_by_role("button", name="记好这一件").click()
    open_without_basis = page.locator("#id_issues-0-title").is_visible()
    page.get_by_role("button", name="《工会法》第四十三条").click()
    page.get_by_role("button", name="记好这一件").click()

    card = page.locator("[data-unionops-issue]")
    assert still_open
    assert open_without_basis
    expect(page.locator("#id_issues-0-title")).to_be_hidden()
    expect(card).to_contain_text("经费返还·小微返还", use_inner_text=True)
    expect(card).to_contain_text("已讲明条件、材料和时间。 表示明白，当场办结，记 0 天。", use_inner_text=True)


def test_notes_are_asked_where_something_is_wrong(phone):
    page = visit(phone)
    heading = page.get_by_role("group", name="劳动用工")

    heading.get_by_role("radio", name="良好").check()
    quiet = heading.get_by_role("textbox").is_visible()
    heading.get_by_role("radio", name="问题").check()

    assert not quiet
    expect(heading.get_by_role("textbox", name="劳动用工备注")).to_be_visible()
    expect(page.get_by_text("已看 1/5")).to_be_visible()


# ---------------------------------------------------------------- drafts


def fill_visit(page, name="hr"):
    choose_enterprise(page, name)
    add_issue(page, 0, "包装车间计件工资没发")
    page.locator("[name=issues-0-category]").select_option(label="欠薪")
    page.locator("#id_issues-0-urgency_2").check()
    page.locator("#id_summary").fill("订单足，旺季加班多。")
    page.locator("[data-unionops-photos-from]").nth(1).set_input_files([photo()])
    page.locator("[data-unionops-photo]").wait_for()
    wait_for_draft(page)
    page.wait_for_timeout(600)


def test_draft_survives_a_closed_tab(phone):
    page = visit(phone)
    client = page.locator("[name=client_id]").input_value()
    fill_visit(page)
    page.close()

    again = visit(phone)
    again.get_by_text("没写完的草稿").wait_for()

    expect(again.locator("[name=client_id]")).to_have_value(client)
    assert again.locator(".chosen").inner_text().startswith("恒润纺织有限公司")
    expect(again.locator("[name=issues-0-title]")).to_have_value("包装车间计件工资没发")
    expect(again.locator("[name=issues-0-category]")).to_have_value("1")
    expect(again.locator("#id_issues-0-urgency_2")).to_be_checked()
    expect(again.locator("#id_summary")).to_have_value("订单足，旺季加班多。")
    expect(again.locator("[data-unionops-photo]")).to_have_count(1)
    assert again.locator("#id_photos").evaluate("input => [...input.files].map((file) => [file.name, file.size])") == [
        ["车间.png", len(PNG)]
    ]


def test_draft_is_not_shown_to_another_person(phone, site):
    page = visit(phone)
    fill_visit(page)
    page.close()
    phone.add_cookies([{"name": "person", "value": "8", "url": site}])

    again = visit(phone)
    again.wait_for_timeout(400)

    expect(again.get_by_text("没写完的草稿")).to_have_count(0)
    expect(again.locator("#id_summary")).to_have_value("")
    assert stored(again, "drafts") == 1


def test_several_drafts_live_side_by_side(phone):
    page = visit(phone)
    fill_visit(page)
    page.goto("/home/")
    page.goto("/visits/new/")
    page.get_by_role("button", name="另写一份").click()
    page.wait_for_url("**fresh=1")
    page.get_by_role("combobox", name="走访哪家").fill("第二家")
    wait_for_draft(page)
    page.wait_for_timeout(600)

    page.goto("/visits/new/")
    page.get_by_text("还有一份草稿：恒润纺织有限公司").wait_for()

    assert stored(page, "drafts") == 2
    expect(page.locator("[name=target_name]")).to_have_value("第二家")
    page.get_by_role("button", name="接着写").click()
    page.locator(".chosen", has_text="恒润纺织有限公司").wait_for()
    expect(page.locator("#id_summary")).to_have_value("订单足，旺季加班多。")


def test_emptied_form_leaves_no_draft(phone):
    page = visit(phone)
    page.locator("#id_summary").fill("写错了")
    wait_for_draft(page)
    page.locator("#id_summary").fill("")
    page.get_by_text("草稿已存本机").wait_for(state="hidden")

    assert stored(page, "drafts") == 0


def test_draft_of_a_verb_goes_when_the_server_has_it(desk):
    page = visit(desk, "/gallery/")
    as_given = page.locator("#id_text").first.input_value()
    page.locator("#id_text").first.fill("企业补发了工资。")
    wait_for_draft(page)
    page.reload()
    page.get_by_text("没写完的草稿").wait_for()
    kept = page.locator("#id_text").first.input_value()

    # The page that comes next was left before its scripts ran.
    desk.request.get("/home/?done=~gallery~")
    page.goto("/gallery/")
    page.locator("#id_text").first.wait_for()
    until(page, "document.cookie.includes('drafts_done') === false")

    assert kept == "企业补发了工资。"
    assert stored(page, "drafts") == 0
    expect(page.locator("#id_text").first).to_have_value(as_given)


# ---------------------------------------------------------------- sending


def send(page):
    page.get_by_role("button", name="提交走访").click()


def test_visit_is_sent_once_with_its_key(phone):
    page = visit(phone)
    client = page.locator("[name=client_id]").input_value()
    fill_visit(page)

    page.get_by_role("button", name="提交走访").dblclick()
    page.wait_for_url("**/visits/V26-1774/")

    (sent,) = sample_site.received
    assert sent["key"] == client
    assert sent["photos"] == [("车间.png", len(PNG))]
    assert sent["fields"]["issues-TOTAL_FORMS"] == ["1"]
    assert sent["fields"]["issues-0-title"] == ["包装车间计件工资没发"]
    assert (stored(page, "drafts"), stored(page, "outbox")) == (0, 0)


def test_faults_are_told_before_anything_is_sent(phone):
    page = visit(phone)
    page.get_by_role("button", name="记一件问题").click()

    send(page)

    summary = page.locator("[data-unionops-errors]")
    assert summary.locator("li").all_inner_texts() == [
        "走访哪家：请写明走访的是哪家",
        "问题是什么：请写问题是什么",
        "类别：请选类别",
    ]
    assert summary.evaluate("box => box === document.activeElement")
    summary.get_by_role("link", name="走访哪家").click()
    assert page.get_by_role("combobox", name="走访哪家").evaluate("input => input === document.activeElement")
    assert sample_site.received == []


def test_visit_waits_for_the_network(phone):
    page = visit(phone)
    fill_visit(page)
    phone.set_offline(True)

    send(page)
    page.get_by_text("走访已存本机").wait_for()
    waiting = (stored(page, "drafts"), stored(page, "outbox"), len(sample_site.received))
    phone.set_offline(False)
    page.get_by_role("button", name="回工作台").click()
    page.wait_for_url("**/home/")
    page.locator("[data-unionops-outbox]").wait_for(state="hidden")

    assert waiting == (0, 1, 0)
    assert len(sample_site.received) == 1
    assert stored(page, "outbox") == 0


def test_waiting_visit_is_listed_on_every_page(phone):
    sample_site.answers["visit"] = "broken"
    page = visit(phone)
    fill_visit(page)
    send(page)
    page.get_by_role("button", name="回工作台").click()

    outbox = page.get_by_role("region", name="待送出")
    outbox.get_by_text("恒润纺织有限公司").wait_for()

    expect(outbox).to_contain_text("待送出 1 件", use_inner_text=True)
    expect(outbox).to_contain_text("等网络", use_inner_text=True)
    sample_site.answers.clear()
    outbox.get_by_role("button", name="现在送出").click()
    outbox.wait_for(state="hidden")
    assert len({sent["key"] for sent in sample_site.received}) == 1


def test_signed_out_visit_is_kept_until_sign_in(phone):
    sample_site.answers["visit"] = "signed out"
    page = visit(phone)
    fill_visit(page)

    send(page)
    page.get_by_text("登录已过期").first.wait_for()
    page.get_by_role("button", name="去登录").click()
    page.wait_for_url("**/sign-in/**")
    page.get_by_text("这台设备上有 1 份").wait_for()
    kept = stored(page, "outbox")
    sample_site.answers.clear()
    sample_site.received.clear()
    page.goto("/home/")
    page.locator("[data-unionops-outbox]").wait_for(state="hidden")
    page.wait_for_timeout(400)

    assert kept == 1
    assert [sent["fields"]["summary"] for sent in sample_site.received] == [["订单足，旺季加班多。"]]
    assert sample_site.received[0]["photos"] == [("车间.png", len(PNG))]


def test_refused_visit_comes_back_with_its_errors(phone):
    sample_site.answers["visit"] = "refused"
    page = visit(phone)
    fill_visit(page)

    send(page)
    page.get_by_text("这句话太短，请写清楚。").first.wait_for()

    expect(page.locator("[name=issues-0-title]")).to_have_attribute("aria-invalid", "true")
    assert (stored(page, "drafts"), stored(page, "outbox")) == (1, 0)
    sample_site.answers.clear()
    page.locator("[name=issues-0-title]").fill("包装车间 6 人 10 月计件工资没发")
    send(page)
    page.wait_for_url("**/visits/V26-1774/")
    assert len({sent["key"] for sent in sample_site.received}) == 1


def test_visit_refused_later_is_mended_on_its_page(phone):
    page = visit(phone)
    fill_visit(page)
    phone.set_offline(True)
    send(page)
    page.get_by_text("走访已存本机").wait_for()
    sample_site.answers["visit"] = "refused"
    phone.set_offline(False)
    page.get_by_role("button", name="回工作台").click()

    page.get_by_role("button", name="改一改").click()
    page.get_by_text("名录里有两家同名。").first.wait_for()

    expect(page.locator("[name=issues-0-title]")).to_have_value("包装车间计件工资没发")
    expect(page.locator("[data-unionops-photo]")).to_have_count(1)


def test_two_tabs_send_a_visit_once(phone):
    page = visit(phone)
    fill_visit(page)
    phone.set_offline(True)
    send(page)
    page.get_by_text("走访已存本机").wait_for()
    page.close()
    phone.set_offline(False)

    tabs = [phone.new_page() for _ in range(3)]
    for tab in tabs:
        tab.goto("/home/", wait_until="commit")
    tabs[0].wait_for_timeout(1500)

    assert len(sample_site.received) == 1


def test_signing_out_asks_and_wipes(desk):
    page = visit(desk)
    page.locator("#id_summary").fill("没写完")
    wait_for_draft(page)

    page.locator(".top__me summary").click()
    page.get_by_role("button", name="退出").click()
    page.get_by_text("草稿 1 份").wait_for()
    page.get_by_role("button", name="先不退出").click()
    still_here = (stored(page, "drafts"), len(sample_site.received))
    page.locator(".top__me summary").click()
    page.get_by_role("button", name="退出").click()
    page.get_by_role("button", name="删除并退出").click()
    page.wait_for_url("**/sign-in/")

    assert still_here == (1, 0)
    assert sample_site.received == [{"signed_out": True}]
    assert stored(page, "drafts") == 0


# ---------------------------------------------------------------- without network


def test_form_opens_without_network_and_nothing_else_does(open_browser):
    phone = open_browser(PHONE, service_workers="allow")
    page = visit(phone)
    page.evaluate("navigator.serviceWorker.ready")
    until(page, "caches.keys().then((keys) => keys.some((key) => key.startsWith('unionops-of-7')))")
    until(page, "caches.match('/visits/new/', {ignoreVary: true}).then(Boolean)")
    fill_visit(page)
    phone.set_offline(True)
    send(page)
    page.get_by_text("走访已存本机").wait_for()

    page.goto("/visits/new/?plan=1")
    page.locator("html[data-js]").wait_for(state="attached")
    title = page.title()
    page.get_by_role("button", name="记一件问题").click()
    cards = page.locator("[data-unionops-issue]").count()
    page.goto("/issues/S26-0871/", wait_until="commit")

    assert (title, cards) == ("记走访 · UnionOps", 1)
    page.get_by_role("heading", name="现在没有网络").wait_for()
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor") == "rgb(179, 25, 31)"
    page.get_by_role("region", name="待送出").get_by_text("恒润纺织有限公司").wait_for()


def test_form_of_another_person_is_dropped(open_browser, site):
    phone = open_browser(PHONE, service_workers="allow")
    page = visit(phone)
    until(page, "caches.keys().then((keys) => keys.includes('unionops-of-7'))")
    phone.add_cookies([{"name": "person", "value": "8", "url": site}])

    page.goto("/home/")
    until(page, "caches.keys().then((keys) => keys.includes('unionops-of-8'))")

    assert "unionops-of-7" not in page.evaluate("caches.keys()")


# ---------------------------------------------------------------- search, lists, dialogs, files, forms


def test_what_the_gallery_answers_at_a_desk(desk):
    """One page, for it is the largest of all; what leads away from it comes last."""
    page = visit(desk, "/gallery/")
    errors_take_the_focus_and_lead_to_their_fields(page)
    deadline_explains_itself(page)
    verb_folds_away_and_refusals_are_one_click_away(page)
    empty_file_is_refused_before_it_is_sent(page)
    file_is_uploaded_in_place(page)
    rows_are_walked_and_picked_by_keys(page)
    bulk_bar_counts(page)
    search_says_when_nothing_is_found(page)
    dialog_gives_the_focus_back(page)
    masked_value_is_shown_after_a_reason(page)
    visit_prints_on_a5(page)
    slash_searches_from_anywhere(page)


def slash_searches_from_anywhere(page):
    page.keyboard.press("/")
    page.keyboard.type("hr")
    page.get_by_role("option", name="恒润纺织有限公司").wait_for()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/found/2/")


def search_says_when_nothing_is_found(page):
    page.keyboard.press("/")
    page.keyboard.type("zzz")

    page.get_by_text("没有找到“zzz”").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_text("没有找到“zzz”")).to_be_hidden()


def rows_are_walked_and_picked_by_keys(page):
    page.locator("h1").first.click()
    for key in ("j", "j", "x", "k"):
        page.keyboard.press(key)

    expect(page.locator("tr.is-on .ttl")).to_have_text("劳务派遣工 10 月工资未足额发放", use_inner_text=True)
    expect(page.locator("[data-unionops-picked]")).to_have_text("1", use_inner_text=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**#a")
    page.get_by_role("button", name="取消选择").click()


def bulk_bar_counts(page):
    hidden = page.locator("[data-unionops-bulk]").is_hidden()
    page.get_by_role("checkbox", name="选中 S26-0859").check()
    page.get_by_role("checkbox", name="选中 S26-0876").click(modifiers=["Shift"])

    assert hidden
    expect(page.locator("[data-unionops-picked]")).to_have_text("3", use_inner_text=True)
    page.get_by_role("button", name="取消选择").click()
    expect(page.locator("[data-unionops-bulk]")).to_be_hidden()


def masked_value_is_shown_after_a_reason(page):
    page.get_by_role("link", name="查看完整内容").click()
    page.get_by_role("textbox", name="为什么要看").fill("核对本人卡号后四位")

    page.get_by_role("dialog").get_by_role("button", name="查看").click()
    page.locator("#claimant", has_text="13800002047").wait_for()

    assert sample_site.received == [{"reason": "核对本人卡号后四位"}]
    expect(page.get_by_role("dialog")).to_have_count(0)


def dialog_gives_the_focus_back(page):
    opener = page.get_by_role("button", name="打开窗口")
    opener.click()
    page.get_by_text("窗口里的内容").wait_for()
    page.keyboard.press("Escape")

    assert opener.evaluate("button => button === document.activeElement")


def file_is_uploaded_in_place(page):
    page.get_by_label("上传材料").set_input_files([photo("回单.png")])
    page.get_by_role("button", name="上传", exact=True).click()
    page.get_by_role("link", name="回单.png").wait_for()

    expect(page.get_by_role("link", name="补发明细表.xlsx")).to_have_count(0)


def empty_file_is_refused_before_it_is_sent(page):
    page.get_by_label("上传材料").set_input_files([{"name": "空.png", "mimeType": "image/png", "buffer": b""}])

    page.get_by_text("“空.png”是空文件").wait_for()
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("link", name="补发明细表.xlsx", exact=True)).to_have_count(1)


def verb_folds_away_and_refusals_are_one_click_away(page):
    page.get_by_role("button", name="还有 3 个动作现在不能做").click()
    page.get_by_role("link", name="收起").click()

    expect(page.get_by_text("这一步由分管领导来做。")).to_be_visible()
    expect(page.locator("#inform")).to_have_text("", use_inner_text=True)
    expect(page.get_by_role("link", name="反馈结果")).to_have_attribute("aria-expanded", "false")


def deadline_explains_itself(page):
    chip = page.get_by_role("button", name="余 3 天，11-23 周一到期")
    chip.click()

    expect(chip).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_text("这个期限怎么算出来的")).to_be_hidden()


def errors_take_the_focus_and_lead_to_their_fields(page):
    page.locator("main [data-unionops-errors]").get_by_role("link", name="追回（元）").click()

    assert page.evaluate("document.activeElement.value") == "四千"
    assert page.locator(":focus").get_attribute("aria-describedby").endswith("-err")


def test_demo_account_signs_in_at_one_press(phone):
    page = visit(phone, "/sign-in/")
    page.get_by_role("button", name="陆知行").click()
    page.get_by_text("登录名或密码不对").wait_for()

    assert sample_site.received == [{"username": "cadre"}]


def visit_prints_on_a5(page):
    page.emulate_media(media="print")

    expect(page.locator(".side")).to_be_hidden()
    assert page.locator(".sheet--a5").evaluate("sheet => getComputedStyle(sheet).page") == "visit"
    page.emulate_media(media="screen")
