/** An api in the test's own process, on a port: as a process of its own has it, and what it logs and counts can be read. */
import { readApiConfig } from '../../services/api/config.ts';
import { type RunningApi, startApi } from '../../services/api/start.ts';
import { createLog } from '../../services/runtime/log.ts';
import { type Answer, apiEnvironment, call, type CallOptions } from './api.ts';
import type { TestDatabase } from './database.ts';

export type Line = Readonly<Record<string, unknown>>;

export type Served = Readonly<{
  api: RunningApi;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** What it logged. */
  lines(): readonly Line[];
  /** The metrics' samples as they stand: name with labels, and value. */
  metrics(): Promise<ReadonlyMap<string, number>>;
}>;

const NOWHERE = 'http://127.0.0.1:9';

/** The keys of rules.ts as a setting: an api has the codes that the test's own handlers recorded. */
export const TEST_KEYS = `k1:${'\u0007'.repeat(32)}`;

/** Where no mail service is named there is none: what is asked for waits. */
export async function serve(
  db: Pick<TestDatabase, 'url'>,
  env: Record<string, string> = {},
  sesUrl = NOWHERE,
): Promise<Served> {
  const written: string[] = [];
  const config = readApiConfig(apiEnvironment({ databaseUrl: db.url, sesUrl, env }));
  const stream = { write: (line: string) => void written.push(line) };
  const api = await startApi(config, createLog({ service: 'api', ...config.log, stream }));
  return {
    api,
    call: (method, path, options) => call(api.url, method, path, options),
    lines: () => written.map((line) => JSON.parse(line) as Line),
    metrics: () => samplesOf(`http://127.0.0.1:${api.metricsPort}/metrics`),
  };
}

async function samplesOf(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}
