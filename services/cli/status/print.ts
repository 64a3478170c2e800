/** The status for people and for programs: the verdict in a sentence, the command that comes next, and a line for each part. */
import { firstWrong } from '../doctor/print.ts';
import type { Result } from '../doctor/run.ts';
import { inColumns } from '../columns.ts';
import type { Part } from './part.ts';

export function statusAsText(results: readonly Result[], parts: readonly Part[]): string {
  const next = nextOf(results, parts);
  const lines = results.map(({ status, name, what, todo }) => [
    status,
    name,
    // What could not be asked says why, and the first line says what to do.
    todo && !what.startsWith('Not checked') ? `${what} -> ${todo}` : what,
  ]);
  return [verdictOf(results), ...(next === null ? [] : [`Next: ${next}`]), '', inColumns(lines)].join('\n');
}

export function statusAsJson(results: readonly Result[], parts: readonly Part[]): string {
  const healthy = firstWrong(results) === undefined;
  return JSON.stringify({ healthy, verdict: verdictOf(results), next: nextOf(results, parts), parts: results });
}

function verdictOf(results: readonly Result[]): string {
  const named = (status: Result['status']): readonly string[] =>
    results.filter((one) => one.status === status).map(({ name }) => name);
  const [first, ...others] = named('wrong');
  if (first) {
    const more = others.length === 0 ? '' : ` (${others.join(', ')} as well)`;
    return `Something is wrong: ${first}${more}. ${firstWrong(results)?.what ?? ''}`;
  }
  const warnings = named('warning');
  return warnings.length === 0 ? 'All is well.' : `All is well, but look at ${warnings.join(', ')}.`;
}

/** The command of the first that is wrong, else of the first that is a warning. */
function nextOf([first]: readonly Result[], parts: readonly Part[]): string | null {
  if (!first || first.status === 'ok' || first.status === 'skipped') return null;
  return parts.find(({ name }) => name === first.name)?.next ?? null;
}
