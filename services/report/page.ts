/** The report as one page that loads nothing: a picture of each day's codes, and tables. */
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { figuresOf, percent, type Report } from './report.ts';

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

const DAY_MILLISECONDS = 86_400_000;
const [WIDTH, HEIGHT, GAP] = [720, 180, 4];

export function asPage(report: Report): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sealpost, ${report.month}</title>
<style>${raw(style)}</style>
</head>
<body>
<h1>Sealpost, ${report.month}</h1>
${picture(report)}
<table>${figuresOf(report).map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</table>
<h2>By purpose</h2>
<table>
<tr><th scope="col">Purpose</th><th scope="col">Codes</th><th scope="col">Verified</th><th scope="col">Share</th></tr>
${report.purposes.map(
  ({ purpose, codes, verified }) =>
    html`<tr><th scope="row">${purpose}</th><td>${codes}</td><td>${verified}</td><td>${percent(verified, codes)}</td></tr>`,
)}
</table>
<p>Counted from the event log, days are UTC. Made at ${report.made_at}.</p>
</body>
</html>
`;
  return page.toString();
}

/** A bar for each day of the month: its codes, and in front of them those that were verified. */
function picture({ from, to, days }: Report): Markup {
  const counts = new Map(days.map((one) => [one.day, one]));
  const most = Math.max(1, ...days.map(({ codes }) => codes));
  const all = daysBetween(new Date(from), new Date(to));
  const step = WIDTH / all.length;
  const bar = (day: string, n: number, count: number, kind: string): Markup => {
    const height = (count / most) * HEIGHT;
    return html`<rect class="${kind}" x="${(n * step).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(step - GAP).toFixed(1)}" height="${height.toFixed(1)}"><title>${day}: ${count} ${kind}</title></rect>`;
  };
  return html`<figure>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Codes and verifications of each day">
${all.map((day, n) => html`${bar(day, n, counts.get(day)?.codes ?? 0, 'codes')}${bar(day, n, counts.get(day)?.verified ?? 0, 'verified')}`)}
</svg>
<figcaption>Codes of each day, and in colour those that were verified; the tallest bar is ${most}.</figcaption>
</figure>`;
}

const daysBetween = (from: Date, to: Date): readonly string[] =>
  Array.from({ length: Math.round((to.getTime() - from.getTime()) / DAY_MILLISECONDS) }, (_, n) =>
    new Date(from.getTime() + n * DAY_MILLISECONDS).toISOString().slice(0, 10),
  );

const style = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 45rem; padding: 0 1rem; }
figure { margin: 0 0 2rem; }
svg { width: 100%; border-bottom: 1px solid #8888; }
.codes { fill: #8886; }
.verified { fill: #0a7d5a; }
figcaption, p { color: #767676; font-size: .875rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; font-weight: normal; }
td { font-variant-numeric: tabular-nums; }`;
