/** `npm run docs`: writes what the documents have from the code, in place: settings, error codes, metrics, .env.example. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusals } from '../../services/api/http/refusals.ts';
import { settingsAsEnvironmentFile, settingsAsMarkdown } from '../../services/config/all.ts';
import { metricTable } from '../../services/runtime/metrics.ts';
import type { Defined } from '../../services/runtime/metrics/define.ts';

const root = join(import.meta.dirname, '../..');

/** What stands between `<!-- NAME -->` and `<!-- end of NAME -->`, by file and NAME. */
const tables = {
  'docs/settings.md': ['settings', settingsAsMarkdown],
  'docs/metrics.md': ['metrics', metricsAsMarkdown],
  'docs/api.md': ['errors', errorsAsMarkdown],
} as const;

/** Every error code, by status. */
function errorsAsMarkdown(): string {
  const rows = Object.entries(refusals)
    .toSorted(([, a], [, b]) => a.status - b.status)
    .map(([code, { status, detail }]) => `| \`${code}\` | ${status} | ${detail.replaceAll('<', '&lt;')} |`);
  return ['| `error` | status | `detail` |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Every metric, by name. */
function metricsAsMarkdown(): string {
  const rows = Object.values<Defined<unknown>>(metricTable)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, kind, labelNames, of, help }) => {
      const labels = labelNames.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${kind} | ${labels} | ${of.join(', ')} | ${help} |`;
    });
  return ['| metric | kind | labels | of | what it says |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** Each file that is made from the code, or has a part that is, as it must be. Throws where a marker is missing. */
export function generated(): Readonly<Record<string, string>> {
  const pages = Object.entries(tables).map(([file, [name, make]]) => {
    const text = readFileSync(join(root, file), 'utf8');
    const between = new RegExp(`(?<=<!-- ${name} -->\n)[^]*?(?=<!-- end of ${name} -->)`);
    if (!between.test(text)) throw new Error(`${file} lacks the markers of ${name}.`);
    return [file, text.replace(between, () => `\n${make()}\n\n`)];
  });
  return { ...Object.fromEntries(pages), '.env.example': settingsAsEnvironmentFile() };
}

if (process.argv[1] === import.meta.filename) {
  for (const [file, text] of Object.entries(generated())) writeFileSync(join(root, file), text);
}
