// All of it optional: keys, marking without leaving the page, older stories as one scrolls, and word of new ones.
'use strict';

const stories = () => [...document.querySelectorAll('#stories .story')];
let current = null;

function choose(story) {
  if (!story) return;
  current = story;
  story.querySelector('.title').focus({ preventScroll: true });
  story.scrollIntoView({ block: 'nearest' });
}

function step(by) {
  const all = stories();
  const at = all.indexOf(document.activeElement.closest?.('.story') ?? current);
  choose(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

const chosen = () => document.activeElement.closest?.('.story') ?? current ?? document.querySelector('.story.full');

const opposite = { read: 'unread', unread: 'read', starred: 'unstarred', unstarred: 'starred' };

async function mark(form, button) {
  const members = new URLSearchParams(new FormData(form));
  members.set('mark', button.value);
  members.set('quiet', '1');
  const answer = await fetch(form.action, { method: 'POST', body: members });
  if (answer.status !== 204) throw new Error('refused');
  const on = button.value === 'read' || button.value === 'starred';
  if (button.dataset.key === 'm') form.closest('.story').classList.toggle('read', on);
  button.value = opposite[button.value];
  button.setAttribute('aria-pressed', String(on));
}

document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (!event.target.matches('.marks:not([data-plain])') || !button) return;
  event.preventDefault();
  mark(event.target, button).catch(() => {
    // The page that answers the form says why.
    event.target.dataset.plain = 'yes';
    event.target.requestSubmit(button);
  });
});

function press(key) {
  const story = chosen();
  if (!story) return;
  const button = story.querySelector(`.marks [data-key="${key}"]`);
  if (button) button.click();
  else if (!story.querySelector('.marks')) location.assign('/sign-in?return=' + encodeURIComponent(location.pathname + location.search));
}

function help() {
  let dialog = document.querySelector('dialog');
  if (!dialog) {
    dialog = document.createElement('dialog');
    const keys = [['j k', 'next story, the one before'], ['o', 'open the story here'], ['v', 'read it at its outlet'],
      ['m', 'read or unread'], ['s', 'star or not'], ['/', 'search'], ['u', 'back'], ['?', 'these keys']];
    const heading = document.createElement('h2');
    heading.textContent = 'Keys';
    const list = document.createElement('dl');
    for (const [key, what] of keys) {
      const name = document.createElement('dt');
      const shown = document.createElement('kbd');
      shown.textContent = key;
      name.append(shown);
      const words = document.createElement('dd');
      words.textContent = what;
      list.append(name, words);
    }
    const form = document.createElement('form');
    form.method = 'dialog';
    const close = document.createElement('button');
    close.textContent = 'Close';
    form.append(close);
    dialog.append(heading, list, form);
    dialog.setAttribute('aria-label', 'Keys');
    document.body.append(dialog);
  }
  dialog.showModal();
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea, dialog')) return;
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    o: () => chosen()?.querySelector('.title')?.click(),
    v: () => chosen()?.querySelector('a.original')?.click(),
    m: () => press('m'),
    s: () => press('s'),
    u: () => history.back(),
    '/': () => document.querySelector('[type=search]')?.focus(),
    '?': help,
  };
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// Older stories in the place of the link to them, when it comes into view.
let loading = false;
async function append(link) {
  if (loading) return;
  loading = true;
  const answer = await fetch(link.href, { headers: { Accept: 'text/html' } }).finally(() => { loading = false; });
  if (!answer.ok || !link.isConnected) return;
  const more = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (!link.isConnected) return;
  const here = document.querySelector('#stories');
  for (const day of more.querySelectorAll('#stories .day')) {
    const last = here.querySelector('.day:last-of-type');
    if (last && last.dataset.day === day.dataset.day) last.append(...day.querySelectorAll('.story'));
    else here.append(day);
  }
  const next = more.querySelector('#older');
  if (next) link.href = next.getAttribute('href');
  else link.remove();
  if (next) watcher.unobserve(link), watcher.observe(link);
}
const watcher = new IntersectionObserver((seen) => {
  for (const each of seen) if (each.isIntersecting) append(each.target).catch(() => {});
}, { rootMargin: '600px' });
function watch() {
  watcher.disconnect();
  const older = document.querySelector('#older');
  if (older) watcher.observe(older);
}

// Word of new stories: a line to click, so that nothing moves under the reader's eyes.
let source = null;
let last = '';
let count = 0;
function tell(event) {
  const news = document.querySelector('#news');
  last = event.lastEventId || last;
  count += 1;
  let link = news.querySelector('a');
  if (!link) {
    link = document.createElement('a');
    link.href = news.dataset.address;
    news.append(link);
  }
  link.textContent = count === 1 ? '1 new story' : `${count} new stories`;
}
// Only while it is looked at: a browser keeps few connections to one server, and other tabs need them.
function listen() {
  source?.close();
  source = null;
  const events = document.querySelector('#news')?.dataset.events;
  if (!events || document.hidden) return;
  const address = new URL(events, location.href);
  if (last) address.searchParams.set('last_event_id', last);
  source = new EventSource(address);
  source.onmessage = tell;
}
document.addEventListener('visibilitychange', listen);
addEventListener('pagehide', () => source?.close());
watch();
listen();

// Stories as one types or chooses: the same page as the form leads to, its parts put into this one.
const filters = document.querySelector('.filters');
const here = () => location.pathname + location.search;
let shown = here(); // null: not what the form asks for
let asked = null;
async function show(address, remember) {
  asked?.abort();
  asked = new AbortController();
  const answer = await fetch(address, { headers: { Accept: 'text/html' }, signal: asked.signal });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (answer.redirected || !page.querySelector('#outcome')) return location.assign(address);
  // A query that is not finished leaves the stories of the one before.
  const parts = answer.ok ? ['outcome', 'stories', 'paging', 'news', 'images'] : ['outcome'];
  for (const part of parts) document.getElementById(part).replaceChildren(...page.getElementById(part).childNodes);
  filters.elements.q.toggleAttribute('aria-invalid', !answer.ok);
  if (!answer.ok) return void (shown = null);
  document.title = page.title;
  document.querySelector('h1').replaceWith(page.querySelector('h1'));
  Object.assign(document.querySelector('#news').dataset, page.querySelector('#news').dataset);
  if (!page.querySelector('#news').dataset.events) delete document.querySelector('#news').dataset.events;
  if (remember === 'push') history.pushState(null, '', address);
  if (remember === 'replace') history.replaceState(null, '', address);
  if (remember === 'as it was') for (const field of page.querySelector('.filters').elements) if (field.name) filters.elements[field.name].value = field.value;
  shown = here();
  current = null;
  count = 0;
  last = '';
  watch();
  listen();
}

if (filters) {
  filters.classList.add('live');
  let timer = 0;
  let typing = false; // what one types in one go is one step of the history
  // The word that is being typed may go on, and so may its phrase; a space ends it.
  const open_ended = (query) => query.split('"').length % 2 === 0 ? query + '"'
    : /(?:^|[\s(-])(?!OR$)[\p{L}\p{N}]{3,}$/u.test(query) ? query + '*' : query;
  const ask = (is_typed) => {
    clearTimeout(timer);
    asked?.abort();
    const members = new URLSearchParams();
    for (const [name, value] of new FormData(filters)) if (value.trim()) members.append(name, name === 'q' ? open_ended(value.trimStart()).trim() : value);
    const text = members.toString();
    const address = text ? '/?' + text : '/';
    if (address !== shown) show(address, typing ? 'replace' : 'push').then(() => { typing = is_typed; }, (problem) => {
      if (problem.name !== 'AbortError') location.assign(address);
    });
    else typing = is_typed;
  };
  filters.addEventListener('input', (event) => {
    if (event.target.type !== 'search') return;
    clearTimeout(timer);
    timer = setTimeout(ask, 200, true);
  });
  filters.addEventListener('change', (event) => {
    if (event.target.type === 'search') typing = false;
    else ask(false);
  });
  filters.addEventListener('submit', (event) => {
    event.preventDefault();
    ask(false);
  });
  // Not at a link to a place on this page.
  addEventListener('popstate', () => {
    if (here() !== shown) show(location.href, 'as it was').catch((problem) => {
      if (problem.name !== 'AbortError') location.reload();
    });
  });
}
