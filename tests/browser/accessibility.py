"""What WCAG 2.2 AA asks of a page, as far as a program can see it. Each check returns what is wrong, in words."""

# The worst contrast of any text with what stands behind it (1.4.3), and the text; letters in pictures count, too.
CONTRAST = """(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ratio = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = numbers(getComputedStyle(each).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const problems = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
    if (!text || element.closest('script, option, title')) continue;
    const style = getComputedStyle(element);
    const found = ratio(numbers(element.closest('svg') ? style.fill : style.color), behind(element));
    if (found < 4.5) problems.push(`contrast ${found.toFixed(2)} of "${text.slice(0, 60)}"`);
  }
  for (const field of document.querySelectorAll('input:not([type=hidden]), select')) {
    const found = ratio(numbers(getComputedStyle(field).borderTopColor), behind(field.parentElement));
    if (found < 3) problems.push(`contrast ${found.toFixed(2)} of the edge of ${field.name}`);
  }
  for (const [look, part] of [['fill', '.bar, .bar2, .well, .ill'], ['stroke', '.axis, .level']])
    for (const each of document.querySelectorAll(part)) {
      const found = ratio(numbers(getComputedStyle(each)[look]), behind(each.closest('svg')));
      if (found < 3) problems.push(`contrast ${found.toFixed(2)} of ${each.getAttribute('class')} in a picture`);
    }
  return [...new Set(problems)];
})()"""

STRUCTURE = """(() => {
  const problems = [], all = (what) => [...document.querySelectorAll(what)];
  for (const [what, count] of [['main', 1], ['h1', 1], ['body > header', 1], ['body > footer', 1], ['nav[aria-label]', 1]])
    if (all(what).length !== count) problems.push(`${all(what).length} of ${what}`);
  if (!document.documentElement.lang) problems.push('the document has no language');
  if (!document.title.trim()) problems.push('the document has no title');
  // What a feed brings has headings of its own.
  let level = 0;
  for (const heading of all(':is(h1, h2, h3, h4, h5, h6)').filter((each) => !each.closest('.body'))) {
    const its = Number(heading.tagName[1]);
    if (its > level + 1) problems.push(`${heading.tagName} after H${level}: ${heading.textContent}`);
    if (!heading.textContent.trim()) problems.push('an empty heading');
    level = its;
  }
  const ids = all('[id]').map((each) => each.id);
  for (const id of ids.filter((each, at) => ids.indexOf(each) !== at)) problems.push(`two elements are ${id}`);
  for (const name of ['aria-labelledby', 'aria-describedby'])
    for (const each of all(`[${name}]`))
      if (!document.getElementById(each.getAttribute(name))) problems.push(`${name} leads nowhere: ${each.getAttribute(name)}`);
  for (const each of all('th:not([scope])').filter((each) => !each.closest('.body'))) problems.push(`a heading of a table without scope: ${each.textContent}`);
  for (const each of all('.scroll:not([tabindex])')) problems.push('a part that scrolls cannot be reached with the keyboard');
  return problems;
})()"""

# 2.5.8: 24 by 24, but for a link in a line of text.
TARGETS = """[...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
  .filter((each) => {
    if (each.closest('.skip, .body') || !each.getClientRects().length) return false;
    const { width, height, right } = each.getBoundingClientRect();
    if (right < 0) return false;
    const in_text = getComputedStyle(each).display === 'inline' && each.parentElement.textContent.trim() !== each.textContent.trim();
    return !in_text && (width < 24 || height < 24);
  }).map((each) => `too small: ${each.outerHTML.slice(0, 100)}`)"""

# What has the focus: whether one sees that, and that it is not behind something else (2.4.7, 2.4.11).
FOCUSED = """(() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  // Older stories that arrive meanwhile push the link to them out of sight, which is not behind something.
  element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const first = element.getClientRects()[0] ?? box;
  const there = document.elementFromPoint(first.left + first.width / 2, first.top + Math.min(first.height / 2, 12));
  const free = there && (element.contains(there) || there.contains(element));
  const name = `${element.tagName} ${(element.textContent || element.name || '').trim().slice(0, 40)}`;
  element.dataset.reached = 'yes';
  return { name, problem: shown ? free ? '' : 'is hidden behind something' : 'does not show that it has the focus' };
})()"""

NEED_NAMES = {"link", "button", "textbox", "searchbox", "combobox", "image", "dialog", "navigation", "region", "figure"}


def names(tab):
    """Whatever a screen reader stops at has a name."""
    nodes = tab.send("Accessibility.getFullAXTree")["nodes"]
    return [f"a {node['role']['value']} without a name" for node in nodes
            if not node["ignored"] and node["role"]["value"] in NEED_NAMES and not node.get("name", {}).get("value", "").strip()]


def hold_still(tab, wanted):
    features = [{"name": "prefers-reduced-motion", "value": "reduce"}] if wanted else []
    tab.send("Emulation.setEmulatedMedia", {"features": features})


def motion(tab):
    """Nothing moves for who asks for that (2.3.3)."""
    hold_still(tab, True)
    moving = tab.value("""[...document.querySelectorAll('*')].filter((each) => {
      const style = getComputedStyle(each);
      return style.scrollBehavior !== 'auto' || /[1-9]/.test(style.transitionDuration + style.animationDuration);
    }).map((each) => each.tagName + ' moves')""")
    hold_still(tab, False)
    return moving


def keyboard(tab):
    """Tab reaches everything, once, in the order of the document; and one sees where one is."""
    hold_still(tab, True)  # where it is is seen at once
    tab.value("document.activeElement.blur(), window.scrollTo(0, 0)")
    # What is out of reach on purpose is not asked for: parts that are folded up.
    everything = tab.value("""[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
      .filter((each) => each.checkVisibility()).length""")
    problems = []
    for _ in range(everything + 5):
        tab.press("Tab")
        found = tab.value(FOCUSED)
        if found is None:
            break
        if found["problem"]:
            problems.append(f"{found['name']} {found['problem']}")
    reached = tab.value("document.querySelectorAll('[data-reached]').length")
    if reached < everything:
        problems.append(f"the keyboard reaches {reached} of {everything}")
    hold_still(tab, False)
    return problems


def problems_of(tab):
    return tab.value(STRUCTURE) + tab.value(TARGETS) + tab.value(CONTRAST) + names(tab)
