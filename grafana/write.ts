/** `npm run dashboards`: writes what Grafana reads, a file of grafana/dashboards for each dashboard. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from './all.ts';
import { buildDashboard } from './build-dashboard.ts';

/** By file name, its text. */
export const written: Readonly<Record<string, string>> = Object.fromEntries(
  dashboards.map((one) => [`${one.uid}.json`, `${JSON.stringify(buildDashboard(one, dashboards), null, 2)}\n`]),
);

if (process.argv[1] === import.meta.filename) {
  for (const [name, text] of Object.entries(written))
    writeFileSync(join(import.meta.dirname, 'dashboards', name), text);
}
