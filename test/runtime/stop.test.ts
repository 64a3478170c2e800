/** The end of a process on a signal: every step once and in order, also after one that failed; impatience ends it with 1. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** A process with these steps: gets the first signal once it is up, and the second as soon as it stops. */
async function stopped(steps: string, first: NodeJS.Signals, second?: NodeJS.Signals) {
  const program = `
    import { writeSync } from 'node:fs';
    import { createLog } from '${root}/services/runtime/log.ts';
    import { stopOnSignals } from '${root}/services/runtime/stop.ts';
    const log = createLog({ service: 'api', level: 'info' });
    const say = (word) => writeSync(1, JSON.stringify({ event: word }) + '\\n');
    const long = () => new Promise((resolve) => setTimeout(resolve, 8000));
    stopOnSignals(log, [${steps}]);
    setInterval(() => {}, 1000);
    say('up');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { event, reason } = JSON.parse(line) as { event: string; reason?: string };
    events.push(reason === undefined ? event : `${event} ${reason}`);
    if (event === 'up') child.kill(first);
    if (event === 'stopping' && second) child.kill(second);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, events };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: the steps in order, one that fails told and not the last, and 0',
  async (signal) => {
    // The first takes a moment: what comes after it waits for it.
    const steps = `async () => { await new Promise((done) => setTimeout(done, 100)); say('one'); }, async () => { throw new Error('zebra'); }, async () => say('three')`;
    const { code, events } = await stopped(steps, signal);
    // The log's own lines are written beside them, in no order.
    expect(events.filter((event) => /^(?:up|one|three)$/.test(event))).toEqual(['up', 'one', 'three']);
    const told = events.filter((event) => !/^(?:up|one|three)$/.test(event));
    expect(told.toSorted()).toEqual(['stop_step_failed', 'stopped', `stopping ${signal}`]);
    expect(code).toBe(0);
  },
);

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a second signal, %s, ends it with 1 in the middle of a step',
  async (signal) => {
    const { code, events } = await stopped(`long, async () => say('after')`, 'SIGTERM', signal);
    expect(events).toEqual(['up', 'stopping SIGTERM', 'stop_forced']);
    expect(code).toBe(1);
  },
);
