/** The doctor's report for people: a line each, and which layer to look at first. */
import type { Result } from './run.ts';

export function reportAsText(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.map(({ status, name, what, todo }) =>
    [status.padEnd('warning'.length), name.padEnd(width), todo ? `${what} -> ${todo}` : what].join('  '),
  );
  return [...lines, '', summary(results)].join('\n');
}

/** `failing` is the lowest layer where something is wrong, null where nothing is. */
export function reportAsJson(results: readonly Result[]): string {
  const failing = firstWrong(results)?.name ?? null;
  return JSON.stringify({ healthy: failing === null, failing, checks: results });
}

export const firstWrong = (results: readonly Result[]): Result | undefined =>
  results.find(({ status }) => status === 'wrong');

function summary(results: readonly Result[]): string {
  const count = (status: Result['status']): number => results.filter((result) => result.status === status).length;
  const counts = `${count('wrong')} wrong, ${count('warning')} warnings, ${count('ok')} ok, ${count('skipped')} skipped`;
  const first = firstWrong(results);
  return first ? `Look at this first: ${first.name} (${counts}).` : `Nothing is wrong (${counts}).`;
}
