/** What a run of a fault's test says of the fault. */
import type { Result } from './bench.ts';
import type { Mutant } from './mutant.ts';

/** `survived`: its test passed. `late`: no end within the time, which counts as noticed. `unfit`: it says nothing of the test. */
export type Verdict = Readonly<{ kind: 'killed' | 'late' | 'survived' | 'unfit'; detail: string }>;

export function judge(results: readonly Result[] | 'late', { named }: Mutant): Verdict {
  if (results === 'late') return { kind: 'late', detail: '' };
  const own = results.filter(({ name }) => name.includes(named));
  const ran = own.filter(({ state }) => state === 'passed' || state === 'failed');
  const failed = ran.find(({ state }) => state === 'failed');
  if (failed) return { kind: 'killed', detail: firstLine(failed.message) };
  if (ran.length > 0) return { kind: 'survived', detail: '' };
  const whole = results.find(({ name, state }) => name === '' && state === 'failed');
  return { kind: 'unfit', detail: whole ? `no test ran: ${firstLine(whole.message)}` : 'no test of that name ran' };
}

const firstLine = (text: string): string => text.split('\n')[0]?.slice(0, 200) ?? '';
