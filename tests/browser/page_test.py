#!/usr/bin/env python3
"""The page in a real browser: page_test.py AGGD AGGCTL SOURCE [PICTURES]. Ends with 77 when there is no Chromium.

With PICTURES it leaves screenshots in that folder.
"""

import os
import shutil
import sys

from browser import Browser, Tab
from house import House, attacks

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AGGD, AGGCTL, SOURCE = sys.argv[1:4]
PICTURES = sys.argv[4] if len(sys.argv) > 4 else None

# The worst contrast of any text on the page with what stands behind it (WCAG 2.2, 1.4.3), and the text.
CONTRAST = """(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = numbers(getComputedStyle(each).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  let worst = [21, ''];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
    if (!text || element.closest('svg, script, option, title')) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst[0]) worst = [ratio, text];
  }
  return worst;
})()"""


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
    return {"quay-notes": (quay, "Quay Notes", ["port"]), "steppe-courier": (courier, "Steppe Courier", ["world"])}


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


def test_filter_and_search(tab, house):
    tab.open("/")
    tab.value("document.querySelector('[name=source]').value = 'steppe-courier'")
    tab.loaded_by(lambda: tab.value("document.querySelector('.filters').requestSubmit()"))
    assert "source=steppe-courier" in tab.value("location.search")
    assert len(titles(tab)) == 2
    tab.open("/")
    tab.press("/")
    tab.type("северянка")
    tab.loaded_by(lambda: tab.press("Enter"))
    assert titles(tab) == ["Ледокол «Северянка» вышел в первый рейс"]
    tab.open("/?q=ferry+tga%3Aport")
    assert tab.value("document.querySelector('[role=alert] pre').textContent") == "ferry tga:port\n      ^"


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
    tab.wait("!document.querySelector('#older')")
    days = tab.value("[...document.querySelectorAll('.day')].map((each) => each.dataset.day)")
    assert len(days) == len(set(days)), days
    everything = titles(tab)
    assert len(everything) == len(set(everything)) == 60, len(everything)


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
        assert len(seen) == 61, len(seen)
        tab.open("/?q=aurora&state=unread&tag=world")
        assert len(titles(tab)) >= 1
        for path in ("/health", "/stats", "/item/1"):
            tab.open(path)
            assert tab.value("document.querySelectorAll('h2').length") >= 1
    finally:
        tab.scripts(True)


def test_health_and_stats(tab, house):
    tab.open("/health")
    text = tab.value("document.querySelector('main').textContent")
    assert "aggctl why quay-notes" in text and "Hosts" in text
    assert tab.value("document.querySelectorAll('svg.spark[role=img][aria-label]').length") == 2
    tab.open("/stats")
    assert tab.value("[...document.querySelectorAll('svg')].every((each) => each.getAttribute('aria-label'))")
    assert tab.value("document.querySelectorAll('svg .cell').length") == 1
    assert tab.value("[...document.querySelectorAll('#who-tells ~ details td')].map((each) => each.textContent)")[1:] in (
        ["1", "1", "0"], ["1", "0", "1"])
    numbers = tab.value("fetch('/stats.json').then((answer) => answer.json())")
    assert sum(day["tellings"] for day in numbers["days"]) == 62


def test_looks(tab, house):
    """Nothing is cut off, from phone to wide screen, and all text can be read, by day and by night."""
    for path in ("/", "/item/1", "/health", "/stats", "/?q=tga%3Aport", "/sign-in"):
        for width in (360, 768, 1600):
            for scheme in ("light", "dark"):
                tab.look(width, scheme)
                tab.open(path)
                wide = tab.value("document.scrollingElement.scrollWidth")
                assert wide <= width, f"{path} is {wide} wide on {width}"
                ratio, words = tab.value(CONTRAST)
                assert ratio >= 4.5, f"{path} {scheme}: contrast {ratio:.2f} of {words!r}"
                if width != 768:
                    picture(tab, f"{path.strip('/').split('?')[0].replace('/', '-') or 'river'}"
                                 f"{'-problem' if '?' in path else ''}-{width}-{scheme}")
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
    house = House(AGGD, AGGCTL, news())
    try:
        tab = Tab(browser, house.base)
        for test in (test_first_view, test_filter_and_search, test_keys, test_paging, test_news, test_item, test_marks,
                     test_without_scripts, test_health_and_stats, test_looks):
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
