/** The look of the inbox: system fonts, light and dark, from 320 px up. */

export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f4ef, #131619);
  --card: light-dark(#fffefb, #1b1f23);
  --hover: light-dark(#f9f7f1, #20252a);
  --ink: light-dark(#1d2327, #e9e7e2);
  --soft: light-dark(#5b636b, #9ea6ae);
  --line: light-dark(#e7e3d9, #2a3036);
  --accent: light-dark(#0f625c, #74cbc1);
  --tint: light-dark(#e2f0ee, #1a3532);
  --warn: light-dark(#7a4a00, #f4cf8a);
  --warn-ground: light-dark(#fdf1d8, #362a12);
  --shadow: light-dark(0 1px 2px #2a251a0d, 0 0 0 #0000), light-dark(0 8px 24px #2a251a0d, 0 0 0 #0000);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100%; }
a { color: inherit; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
.page { max-width: 48rem; margin: 0 auto; padding: clamp(1rem, 4vw, 3rem) clamp(.875rem, 4vw, 2rem) 4rem; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow); overflow: clip; }

.top { display: flex; align-items: center; gap: .875rem; margin-bottom: 1.75rem; }
.top svg { flex: none; width: 44px; height: 44px; }
.top h1 { margin: 0; font-size: 1.375rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; }
.top p { margin: .125rem 0 0; font-size: .875rem; color: var(--soft); }

.state { display: flex; gap: .75rem; align-items: baseline; margin: 0 0 1rem; padding: .75rem 1rem; border-radius: 12px;
  background: var(--tint); font-size: .9375rem; }
.state::before { content: ''; flex: none; width: .5625rem; height: .5625rem; border-radius: 50%; background: var(--accent); }
.state b { font-weight: 600; }
.state p { margin: 0; }
.state.odd { background: var(--warn-ground); color: var(--warn); }
.state.odd::before { background: var(--warn); }
.state .soft { color: inherit; opacity: .85; }
#lost { display: none; }
.lost #lost { display: flex; }

.bar { display: flex; gap: .625rem; margin-bottom: 1rem; }
.bar input { flex: 1; min-width: 0; }
input, .button { font: inherit; min-height: 44px; padding: .5rem .9375rem; border: 1px solid var(--line); border-radius: 12px;
  background: var(--card); color: inherit; }
input::placeholder { color: var(--soft); opacity: 1; }
.button { cursor: pointer; font-weight: 500; text-decoration: none; white-space: nowrap; }
.button:hover { background: var(--hover); }

.mails { list-style: none; margin: 0; padding: 0; }
.mails li + li { border-top: 1px solid var(--line); }
.mails a { display: grid; grid-template-columns: 1fr auto; gap: .125rem 1rem; padding: 1rem 1.25rem; text-decoration: none; }
.mails a:hover { background: var(--hover); }
.mails a:focus-visible { outline-offset: -3px; border-radius: 14px; }
.mails .to { font-size: .875rem; color: var(--soft); overflow-wrap: anywhere; }
.mails time { font-size: .8125rem; line-height: 1.75; color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
.mails .subject { grid-column: 1 / -1; font-weight: 600; overflow-wrap: anywhere; }
.mails .start { grid-column: 1 / -1; font-size: .9375rem; color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mails .new { animation: arrive 1.6s ease-out; }
@keyframes arrive { from { background: var(--tint); } }
.more { margin: 1rem 0 0; text-align: center; font-size: .875rem; }
.more a { display: inline-block; padding: .625rem; }
.none { padding: clamp(2rem, 8vw, 4rem) 1.5rem; text-align: center; }
.none h2 { margin: 0 0 .5rem; font-size: 1.125rem; font-weight: 600; }
.none p { margin: 0 auto; max-width: 26rem; color: var(--soft); overflow-wrap: anywhere; }

.back { display: inline-flex; align-items: center; min-height: 44px; margin: 0 0 .5rem; color: var(--accent); text-decoration: none; font-weight: 550; }
.back:hover, .more a:hover { text-decoration: underline; }
.mail h1 { margin: 0 0 1.25rem; font-size: clamp(1.375rem, 4vw, 1.75rem); line-height: 1.25; letter-spacing: -.02em; font-weight: 650; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1.25rem; margin: 0 0 1.75rem; font-size: .9375rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem; padding: .5rem; border-bottom: 1px solid var(--line); font-size: .9375rem; }
.tabs a { display: inline-flex; align-items: center; min-height: 40px; padding: 0 1rem; border-radius: 9px; color: var(--soft); text-decoration: none; font-weight: 550; }
.tabs a:hover { background: var(--hover); color: var(--ink); }
.tabs a[aria-current] { background: var(--tint); color: var(--accent); }
.tabs a[download] { margin-left: auto; font-weight: 400; }
iframe { display: block; width: 100%; height: max(24rem, 66vh); border: 0; }
pre { margin: 0; padding: 1.25rem; font: 1rem/1.65 inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
pre.text { font-family: inherit; }
pre.source { font: .8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media (max-width: 30rem) {
  .mails a { grid-template-columns: 1fr; padding: .875rem 1rem; }
  .mails time { grid-row: 4; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd + dt { margin-top: .5rem; }
  .tabs a { padding: 0 .5rem; }
  pre { padding: 1rem; }
}
@media (prefers-reduced-motion: reduce) { .mails .new { animation: none; } }
`;
