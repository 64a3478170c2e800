/** Keeps the list fresh in the browser: new rows slide in, old ones stay the very elements the reader looks at. */

const REFRESH_MILLISECONDS = 3000;

/** Without it the page still works: a meta refresh in a noscript element takes its place. */
export const script = `
'use strict';
const rowsOf = (region) => region.querySelector('.mails');

function mergeRows(present, fresh) {
  const known = new Map([...present.children].map((row) => [row.dataset.id, row]));
  let place = present.firstElementChild;
  for (const row of [...fresh.children]) {
    const old = known.get(row.dataset.id);
    if (old) {
      known.delete(row.dataset.id);
      old.querySelector('time').textContent = row.querySelector('time').textContent;
      place = old.nextElementSibling;
    } else {
      row.classList.add('new');
      present.insertBefore(row, place);
    }
  }
  for (const row of known.values()) row.remove();
}

function merge(next) {
  document.title = next.querySelector('main').dataset.title;
  for (const region of document.querySelectorAll('[data-live]')) {
    const fresh = next.getElementById(region.id);
    if (!fresh || region.innerHTML === fresh.innerHTML) continue;
    if (rowsOf(region) && rowsOf(fresh)) {
      mergeRows(rowsOf(region), rowsOf(fresh));
      const [more, freshMore] = [region.querySelector('.more'), fresh.querySelector('.more')];
      if (more) more.remove();
      if (freshMore) region.append(freshMore);
    } else region.replaceChildren(...fresh.childNodes);
  }
}

async function refresh() {
  const answer = document.hidden ? undefined : await fetch(location.href).catch(() => null);
  if (answer !== undefined) document.documentElement.classList.toggle('lost', !answer?.ok);
  if (!answer?.ok) return;
  // Without the head: its style carries another nonce, which the policy of this page would report.
  const page = await answer.text();
  merge(new DOMParser().parseFromString(page.slice(page.indexOf('<body')), 'text/html'));
}

const again = () => refresh().catch(() => {}).finally(() => setTimeout(again, ${REFRESH_MILLISECONDS}));
setTimeout(again, ${REFRESH_MILLISECONDS});
document.addEventListener('visibilitychange', () => refresh().catch(() => {}));

const empty = document.getElementById('empty');
empty.hidden = false;
empty.addEventListener('click', async () => {
  if (!confirm('Delete every mail in this inbox?')) return;
  await fetch('/messages', { method: 'DELETE' });
  await refresh();
});
`;
