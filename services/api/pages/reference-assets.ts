/** The reference page's style and script, both allowed by their hash. */

export const style = `
:root { color-scheme: light dark; --ink: #1d2129; --soft: #5b6472; --line: #d9d5cc; --page: #f6f4ef; --card: #fffefb; --seal: #0f625c; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f1f3; --soft: #a5aebb; --line: #343a44; --page: #14171c; --card: #1d2229; --seal: #6fc7bf; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 0; }
h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: .95rem; margin: 1rem 0 0; color: var(--soft); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem 1.25rem; margin: 1rem 0; }
section p, .group { margin: .25rem 0 .5rem; color: var(--soft); }
section:target, dt:target { outline: 2px solid var(--seal); outline-offset: 4px; }
nav ul { margin: 0 0 .5rem; padding-left: 1.25rem; }
nav li a { display: inline-block; min-height: 28px; }
.method { color: var(--seal); }
a { color: var(--seal); }
h2 a, h3 a { color: inherit; text-decoration: none; }
h2 a:hover, h3 a:hover, h2 a:focus-visible, h3 a:focus-visible { text-decoration: underline; }
label { display: block; margin: .75rem 0 0; color: var(--soft); }
input, textarea { display: block; width: 100%; padding: .6rem; border: 1px solid var(--line); border-radius: 8px; background: var(--page); color: var(--ink); font: 14px/1.4 ui-monospace, monospace; }
button { margin: .75rem 0 0; min-height: 44px; padding: 0 1.25rem; border: 0; border-radius: 8px; background: var(--seal); color: var(--page); font: inherit; font-weight: 600; cursor: pointer; }
summary { cursor: pointer; min-height: 28px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem; border-radius: 8px; background: var(--page); }
dt { margin-top: .75rem; }
dd { margin: 0; color: var(--soft); }
`;

/** Trying needs it, so what tries is hidden until it runs. */
export const script = `
for (const one of document.querySelectorAll('.try')) one.hidden = false;
for (const one of document.querySelectorAll('.origin')) one.textContent = location.origin;
for (const form of document.forms) form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const out = form.querySelector('pre');
  const token = document.getElementById('bearer').value.trim();
  const headers = token ? { Authorization: 'Bearer ' + token } : {};
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.elements) {
    const [where, name] = (field.name || '').split(':');
    if (!field.value || !name) continue;
    if (where === 'path') path = path.replace('{' + name + '}', encodeURIComponent(field.value));
    if (where === 'query') query.set(name, field.value);
    if (where === 'header') headers[name] = field.value;
  }
  const body = form.elements.body && form.elements.body.value;
  if (body) headers['Content-Type'] = 'application/json';
  if (form.dataset.asks && !confirm(form.dataset.asks + (body ? '\\n\\n' + body : ''))) return;
  out.hidden = false;
  try {
    const answer = await fetch(path + (query.size ? '?' + query : ''), { method: form.dataset.method.toUpperCase(), headers, body: body || undefined });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch {}
    out.textContent = answer.status + ' ' + answer.statusText + '\\n\\n' + shown;
  } catch (error) {
    out.textContent = 'No answer: ' + error.message;
  }
});
`;
