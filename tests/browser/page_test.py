#!/usr/bin/env python3
"""The page in a real browser: page_test.py AGGD AGGCTL SOURCE [PICTURES]. Ends with 77 when there is no Chromium.

With PICTURES it leaves screenshots in that folder.
"""

import os
import shutil
import sys

import accessibility
from browser import Browser, Tab
from house import House, attacks

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AGGD, AGGCTL, SOURCE = sys.argv[1:4]
PICTURES = sys.argv[4] if len(sys.argv) > 4 else None

def item(number, title, text, outlet, hour, language=""):
    day = 18 - number % 6 if 5 <= number < 100 else 19
    return {"id": str(number), "url": f"https://{outlet}.example/{number}", "title": title,
            "content_html": f"<p>{text}</p>", "language": language,
            "date_published": f"2026-11-{day:02}T{hour:02}:15:00Z"}


def news():
    ferry = ("The ferry Aurora ran aground off the north quay at dawn and all forty two passengers were taken ashore by the pilot "
             "boats before the tide turned, the harbour master told reporters on Thursday morning while divers looked at the hull.")
    quay = [item(1, "Ferry runs aground off the north quay", ferry, "quay", 8),
            item(2, "Ледокол «Северянка» вышел в первый рейс", "Судно провело через лёд семь барж.", "quay", 9, "ru"),
            item(3, "灯塔重新点亮，三十年来首次", "港口的居民在夜里聚集在码头上。", "quay", 10, "zh"),
            item(4, "الميناء يفتح أبوابه من جديد", "وصلت أول سفينة عند الفجر.", "quay", 11, "ar")]
    quay += [item(number, f"Report {number} from the harbour office", f"Paragraph of report {number}.", "quay", number % 24)
             for number in range(5, 60)]
    courier = [item(106, "All saved as Aurora grounds", ferry, "courier", 9),
               item(102, "Bridge closed until Friday", 'One lane stays open. <img src="https://tracker.example/big.png" '
                    'alt="The bridge" width="600" height="300">', "courier", 12)]
    bao = [item(205, "冬季航线下周恢复", "港口管理局周四宣布，冬季航线将于下周恢复，首班渡轮清晨六时半启航，沿途停靠三座岛屿。" * 3, "gang-bao", 5, "zh"),
           item(206, "三座岛屿重新通航，居民期待已久的渡轮将在清晨六时半启航", "船票可在码头购买，老人与学生半价。", "gang-bao", 6, "zh"),
           item(207, "潮汐表已更新", "新的潮汐表贴在灯塔门口，也可向值班员索取。", "gang-bao", 7, "zh")]
    mina = [item(305, "الخط الشتوي يعود في الأسبوع المقبل", "أعلنت هيئة الميناء أن أول عبّارة (Aurora) ستنطلق عند الساعة 6:30 صباحًا. " * 3, "al-mina", 5, "ar"),
            item(306, "عبّارة Aurora تنطلق عند الفجر", "تباع التذاكر على الرصيف قبل الإبحار بساعة واحدة.", "al-mina", 6, "ar"),
            item(307, "جدول المد والجزر", "عُلّق الجدول الجديد على باب المنارة.", "al-mina", 7, "ar")]
    return {"quay-notes": (quay, "Quay Notes", ["port"]), "steppe-courier": (courier, "Steppe Courier", ["world"]),
            "gang-bao": (bao, "港口日报", ["world"]), "al-mina": (mina, "صحيفة الميناء", ["world"])}


# Two tell of the ferry.
ITEMS = sum(len(items) for items, _, _ in news().values())
STORIES = ITEMS - 1
RULES = '[rule.sevens]\nmatch = \'title:"report 7"\'\naction = "tag"\nadd_tags = ["lucky"]\n'


def picture(tab, name):
    if PICTURES:
        tab.picture(os.path.join(PICTURES, name + ".png"))


def titles(tab):
    return tab.value("[...document.querySelectorAll('.story .title')].map((each) => each.textContent)")


def test_first_view(tab, house):
    tab.look(1200)
    tab.open("/")
    tab.value("new Promise((done) => setTimeout(done, 300))")
    assert tab.bytes < 60_000, f"the first view took {tab.bytes} bytes"
    assert tab.value("document.querySelectorAll('main, h1, nav[aria-label], header, footer').length") == 5
    assert tab.value("[...document.querySelectorAll('.day > h2')].length") >= 3
    assert tab.value("document.querySelector('.also a:last-of-type').textContent") in (
        "All saved as Aurora grounds", "Ferry runs aground off the north quay")
    # Arabic stands at the right.
    assert tab.value("getComputedStyle([...document.querySelectorAll('h3')].find((h) => h.textContent.includes('الميناء')))"
                     ".direction") == "rtl"
    tab.press("Tab")
    assert tab.value("document.activeElement.textContent") == "Skip to the content"
    assert tab.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"


OUTCOME = "document.querySelector('#outcome').textContent"


def test_search_as_you_type(tab, house):
    tab.open("/")
    everything = titles(tab)
    steps = tab.value("history.length")
    tab.press("/")
    tab.type("аврора")
    tab.wait("document.querySelector('.nothing') !== null")
    tab.value("document.activeElement.select()")
    tab.type("север")  # a word that may go on
    tab.wait(f"{OUTCOME} === '1 story'")
    assert titles(tab) == ["Ледокол «Северянка» вышел в первый рейс"]
    assert tab.value("document.activeElement.name") == "q"
    assert tab.value("new URLSearchParams(location.search).get('q')") == "север*"
    assert tab.value("document.title").startswith("Search")
    # A query that is wrong says where, and leaves the stories.
    tab.type(" tga:port")
    tab.wait("document.querySelector('#outcome pre')?.textContent === 'север tga:port\\n      ^'")
    assert tab.value("document.querySelector('[name=q]').matches('[aria-invalid]')")
    assert len(titles(tab)) == 1
    # What was typed in one go is one step back.
    assert tab.value("history.length") == steps + 1
    tab.value("history.back()")
    tab.wait("location.search === ''")
    tab.wait("document.querySelector('[name=q]').value === ''")
    tab.wait(f"document.querySelectorAll('.story').length >= {len(everything)}")
    assert titles(tab)[:len(everything)] == everything
    tab.value("document.querySelector('[name=source]').value = 'steppe-courier'")
    tab.value("document.querySelector('[name=source]').dispatchEvent(new Event('change', {bubbles: true}))")
    tab.wait(f"{OUTCOME} === '2 stories'")
    assert "source=steppe-courier" in tab.value("location.search")
    assert len(titles(tab)) == 2
    # Reloaded, the address shows the same.
    tab.open(tab.value("location.pathname + location.search"))
    assert len(titles(tab)) == 2


def test_keys(tab, house):
    tab.open("/")
    names = titles(tab)
    for key, wanted in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        tab.press(key)
        assert tab.value("document.activeElement.textContent") == names[wanted], key
    tab.press("?")
    assert tab.value("document.querySelector('dialog').open")
    picture(tab, "keys")
    tab.press("Escape")
    tab.wait("!document.querySelector('dialog').open")
    tab.loaded_by(lambda: tab.press("o"))
    assert tab.value("document.querySelector('h1').textContent") == names[1]
    tab.press("u")
    tab.wait("location.pathname === '/'")


def test_paging(tab, house):
    tab.open("/")
    first = len(titles(tab))
    tab.value("window.scrollTo(0, document.body.scrollHeight)")
    tab.wait(f"document.querySelectorAll('.story').length > {first}")
    tab.wait("window.scrollTo(0, document.body.scrollHeight), !document.querySelector('#older')")
    days = tab.value("[...document.querySelectorAll('.day')].map((each) => each.dataset.day)")
    assert len(days) == len(set(days)), days
    everything = titles(tab)
    assert len(everything) == len(set(everything)) == STORIES, len(everything)


def test_news(tab, house):
    tab.open("/")
    items, _, _ = house.feeds["steppe-courier"]
    items.insert(0, item(150, "Late: the bridge opens early", "Both lanes.", "courier", 13))
    house.write("steppe-courier")
    house.aggctl("refresh", "--wait", "--force")
    tab.wait("document.querySelector('#news a')?.textContent === '1 new story'")
    tab.loaded_by(lambda: tab.value("document.querySelector('#news a').click()"))
    assert "Late: the bridge opens early" in titles(tab)


def test_item(tab, house):
    tab.open("/?q=aground")
    tab.loaded_by(lambda: tab.value("document.querySelector('.story .title').click()"))
    assert tab.value("document.querySelectorAll('.tellings > li').length") == 2
    tab.value("document.querySelector('.tellings details').open = true")
    assert "aggctl split" in tab.value("document.querySelector('.tellings details').textContent")
    tab.look(1200, height=1000)
    picture(tab, "item")
    tab.open("/?q=lane")
    tab.loaded_by(lambda: tab.value("document.querySelector('.story .title').click()"))
    assert not tab.foreign, tab.foreign


def test_versions_and_rules(tab, house):
    items, _, _ = house.feeds["quay-notes"]
    report = next(each for each in items if each["title"].startswith("Report 7 "))
    report["content_html"] = "<p>Paragraph of report seven, corrected on Friday.</p>"
    house.write("quay-notes")
    house.aggctl("refresh", "--wait", "--force", "quay-notes")
    tab.open("/?q=title%3A%22report+7%22")
    tab.loaded_by(lambda: tab.value("document.querySelector('.story .title').click()"))
    marked = tab.value("[...document.querySelectorAll('.version del, .version ins')].map((each) => each.tagName + each.textContent)")
    assert marked == ["DEL7.", "INSseven, corrected on Friday."], marked
    left, right = "document.querySelector('.sides > :first-child')", "document.querySelector('.sides > :last-child')"
    tab.look(1200)
    assert tab.value(f"{left}.getBoundingClientRect().right <= {right}.getBoundingClientRect().left")
    tab.look(360)
    assert tab.value(f"{left}.getBoundingClientRect().bottom <= {right}.getBoundingClientRect().top")
    assert tab.value("document.querySelector('.rulings').textContent") == "Tagged lucky by [rule.sevens]"
    picture(tab, "versions-360")
    tab.look(1200)
    picture(tab, "versions-1200")


def test_marks(tab, house):
    # Nobody marks over TCP before there is a password.
    tab.open("/")
    assert tab.value("document.querySelectorAll('.marks').length") == 0
    house.aggctl("passwd", "me", words="secret\n")
    tab.open("/?state=unread")
    assert tab.value("location.pathname") == "/sign-in"
    picture(tab, "sign-in")
    for name, text in (("user", "me"), ("password", "wrong")):
        tab.value(f"document.querySelector('[name={name}]').focus()")
        tab.type(text)
    tab.loaded_by(lambda: tab.press("Enter"))
    assert "wrong" in tab.value("document.querySelector('[role=alert]').textContent")
    for name, text in (("user", "me"), ("password", "secret")):
        tab.value(f"document.querySelector('[name={name}]').focus()")
        tab.type(text)
    tab.loaded_by(lambda: tab.press("Enter"))
    assert tab.value("location.pathname + location.search") == "/?state=unread"
    assert tab.value("document.cookie") == ""
    first = titles(tab)[0]
    tab.press("j")
    tab.press("m")
    tab.wait("document.querySelector('.story.read [data-key=m]')?.getAttribute('aria-pressed') === 'true'")
    tab.press("s")
    tab.wait("document.querySelector('.story.read [data-key=s]')?.getAttribute('aria-pressed') === 'true'")
    tab.open("/?state=unread")
    assert first not in titles(tab)
    tab.open("/?state=starred")
    assert titles(tab) == [first]


def test_without_scripts(tab, house):
    tab.scripts(False)
    try:
        tab.open("/")
        tab.loaded_by(lambda: tab.value("document.querySelector('.story:not(.read) [data-key=m]').click()"))
        assert tab.value("location.hash").startswith("#s")
        assert tab.value("document.querySelectorAll('.story.read').length") == 2
        seen = set(titles(tab))
        while tab.value("!!document.querySelector('#older')"):
            tab.loaded_by(lambda: tab.value("document.querySelector('#older').click()"))
            more = titles(tab)
            assert not seen & set(more)
            seen |= set(more)
        assert len(seen) == STORIES + 1, len(seen)
        tab.open("/?q=aurora&state=unread&tag=world")
        assert len(titles(tab)) >= 1
        tab.value("document.querySelector('[name=q]').value = 'северянка'")
        tab.value("document.querySelector('[name=tag]').value = ''")
        tab.value("document.querySelector('[name=state]').value = ''")
        tab.loaded_by(lambda: tab.value("document.querySelector('.filters button').click()"))
        assert titles(tab) == ["Ледокол «Северянка» вышел в первый рейс"]
        tab.open("/?q=ferry+tga%3Aport")
        assert tab.value("document.querySelector('#outcome pre').textContent") == "ferry tga:port\n      ^"
        for path in ("/health", "/stats", "/item/1"):
            tab.open(path)
            assert tab.value("document.querySelectorAll('h2').length") >= 1
    finally:
        tab.scripts(True)


def test_health_and_stats(tab, house):
    tab.open("/health")
    text = tab.value("document.querySelector('main').textContent")
    assert "aggctl why quay-notes" in text and "Hosts" in text
    assert tab.value("document.querySelectorAll('svg.spark[role=img][aria-label]').length") == 2 * len(house.feeds)
    assert "polls in 30 days, all answered well" in tab.value("document.querySelector('svg.spark:has(.well)').getAttribute('aria-label')")
    tab.open("/stats")
    assert tab.value("[...document.querySelectorAll('svg')].every((each) => each.getAttribute('aria-label'))")
    assert tab.value("document.querySelectorAll('svg .cell').length") == 1
    assert tab.value("[...document.querySelectorAll('#who-tells ~ details td')].map((each) => each.textContent)")[1:] in (
        ["1", "1", "0"], ["1", "0", "1"])
    numbers = tab.value("fetch('/stats.json').then((answer) => answer.json())")
    assert sum(day["tellings"] for day in numbers["days"]) == ITEMS + 1
    today = numbers["days"][-1]
    assert today["polls"] == today["answers"] >= len(house.feeds) and today["failures"] == 0, today
    assert today["bytes_received"] > 1000 and today["longest_ms"] >= today["mean_ms"] and today["database_bytes"] > 10_000, today


PAGES = ("/", "/item/1", "/health", "/stats", "/?q=tga%3Aport", "/?q=%E6%B8%AF%E5%8F%A3", "/sign-in")


def name_of(path):
    name = path.strip("/").split("?")[0].replace("/", "-") or "river"
    return name + ("-problem" if "tga" in path else "-cjk" if "?" in path else "")


def test_looks(tab, house):
    """Nothing is cut off, from phone to wide screen; a person with any eyes and hands gets along, by day and by night."""
    tab.send("Accessibility.enable")
    for path in PAGES:
        for width in (360, 768, 1600):
            for scheme in ("light", "dark"):
                tab.look(width, scheme)
                tab.open(path)
                wide = tab.value("document.scrollingElement.scrollWidth")
                assert wide <= width, f"{path} is {wide} wide on {width}"
                if width != 768:
                    problems = accessibility.problems_of(tab)
                    assert not problems, f"{path} at {width}, {scheme}: " + "; ".join(problems)
                    picture(tab, f"{name_of(path)}-{width}-{scheme}")
    tab.send("Accessibility.disable")
    tab.look(1200)


def test_keyboard_alone(tab, house):
    for path in PAGES:
        tab.open(path)
        problems = accessibility.keyboard(tab) + accessibility.motion(tab)
        assert not problems, f"{path}: " + "; ".join(problems)
    # From the front door to a story marked as read, without a mouse.
    tab.open("/")
    tab.press("Tab")
    tab.press("Enter")
    assert tab.value("document.activeElement.id") == "content"
    while not tab.value("document.activeElement.matches('.story:not(.read) .marks [data-key=m]')"):
        tab.press("Tab")
        assert tab.value("document.activeElement !== document.body"), "there is no button"
    name = tab.value("document.activeElement.closest('.story').id")
    tab.press("Enter")
    tab.wait(f"document.querySelector('#{name}').matches('.read')")


def test_right_to_left(tab, house):
    tab.open("/?source=al-mina")
    for what in (".story h3", ".story .summary"):
        assert tab.value(f"getComputedStyle(document.querySelector('{what}')).direction") == "rtl", what
    assert tab.value("document.querySelector('.story').lang") == "ar"
    tab.look(360)
    picture(tab, "rtl-360")
    tab.loaded_by(lambda: tab.value("document.querySelector('.story .title').click()"))
    assert tab.value("getComputedStyle(document.querySelector('.body')).direction") == "rtl"
    tab.look(1200)


def test_attacks(browser):
    """Every trick shows as harmless text: no script runs, with the policy and without it, and nothing is asked for."""
    vectors = attacks(SOURCE)
    assert len(vectors) > 100, len(vectors)
    items = [{"id": str(at), "url": f"https://evil.example/{at}", "title": vector, "summary": vector,
              "content_html": f"<p>Number {at}.</p>{vector}", "authors": [{"name": vector}],
              "date_published": f"2026-11-{at % 20 + 1:02}T08:00:00Z"} for at, vector in enumerate(vectors)]
    house = House(AGGD, AGGCTL, {"evil": (items, "<script>go()</script>", ["<b onclick=go()>"])})
    try:
        for bypass in (False, True):
            tab = Tab(browser, house.base)
            tab.send("Page.setBypassCSP", {"enabled": bypass})
            tab.send("Page.addScriptToEvaluateOnNewDocument",
                     {"source": "window.go = window.alert = () => { sessionStorage.setItem('ran', location.href); }"})
            tab.open("/")
            shown = 0
            while True:
                shown += len(titles(tab))
                if not tab.value("!!document.querySelector('#older')"):
                    break
                following = tab.value("document.querySelector('#older').getAttribute('href')")
                tab.open(following)
            assert shown > 100, shown
            for number in range(1, len(vectors) + 1):
                tab.open(f"/item/{number}")
                # What waits for a hand: every place of the body is touched.
                tab.value("""document.querySelectorAll('.body *').forEach((each) => {
                    for (const kind of ['mouseover', 'focus', 'toggle', 'error']) each.dispatchEvent(new Event(kind)); })""")
                assert tab.value("document.querySelectorAll('main').length") >= 1
                ran = tab.value("sessionStorage.getItem('ran')")
                assert not ran, f"{ran} ran a script: {vectors}"
            for path in ("/health", "/stats"):
                tab.open(path)
                assert not tab.value("sessionStorage.getItem('ran')")
            if bypass:
                # What would be noticed.
                tab.value("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=go()>')")
                tab.wait("sessionStorage.getItem('ran')")
            else:
                assert not tab.foreign, tab.foreign
    finally:
        house.close()


def test_empty(browser):
    house = House(AGGD, AGGCTL, {})
    try:
        tab = Tab(browser, house.base)
        tab.look(1200)
        tab.open("/")
        assert "aggctl add" in tab.value("document.querySelector('main').textContent")
        picture(tab, "empty")
    finally:
        house.close()


def main():
    if not CHROMIUM:
        print("skipped: there is no Chromium here; apt-get install chromium")
        return 77
    browser = Browser(CHROMIUM)
    house = House(AGGD, AGGCTL, news(), RULES)
    try:
        tab = Tab(browser, house.base)
        for test in (test_first_view, test_search_as_you_type, test_keys, test_paging, test_news, test_item,
                     test_versions_and_rules, test_marks, test_without_scripts, test_health_and_stats, test_right_to_left,
                     test_looks, test_keyboard_alone):
            test(tab, house)
            print("ok", test.__name__, flush=True)
        assert not tab.foreign, tab.foreign
        for test in (test_empty, test_attacks):
            test(browser)
            print("ok", test.__name__, flush=True)
    finally:
        house.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
