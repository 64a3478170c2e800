/** Steps as Prometheus sees them: from 0 on, by a purpose that is set, and with the times that people wait. */
import { expect, test } from 'vitest';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { createStepCounter } from '../../services/runtime/metrics/count-steps.ts';

const known = [
  ['requested', 'new', 'again'],
  ['sent', ''],
] as const;

type Step = ReturnType<Parameters<ReturnType<typeof createStepCounter>>[0]>[number];

const unheard = { succeeded: () => {}, failed: () => {} };

async function told(purposes: readonly string[], work: (count: (steps: readonly Step[]) => void) => void) {
  const metrics = createMetrics('api');
  const count = createStepCounter({ metrics, purposes: new Set(purposes), known, report: unheard });
  work((steps) => count(() => steps));
  const lines = (await metrics.registry.metrics()).split('\n');
  return (name: string) => lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length));
}

test('each known step of each purpose is there before it happened', async () => {
  const samples = await told(['verification', 'driver'], () => {});
  expect(samples('sealpost_events_total')).toEqual(
    ['verification', 'driver'].flatMap((purpose) => [
      `{type="requested",purpose="${purpose}",outcome="new"} 0`,
      `{type="requested",purpose="${purpose}",outcome="again"} 0`,
      `{type="sent",purpose="${purpose}",outcome=""} 0`,
    ]),
  );
});

test('a purpose that is not set counts as another, however many there are; what has none has none', async () => {
  const samples = await told(['verification'], (count) => {
    count(
      Array.from({ length: 50 }, (_, n) => ({ type: 'requested', purpose: `old-${n}@example.com`, outcome: 'new' })),
    );
    count([{ type: 'erased', purpose: '', outcome: '' }]);
    count([{ type: 'requested', purpose: 'verification', outcome: 'new' }]);
  });
  expect(samples('sealpost_events_total').filter((line) => !line.endsWith(' 0'))).toEqual([
    '{type="requested",purpose="verification",outcome="new"} 1',
    '{type="requested",purpose="other",outcome="new"} 50',
    '{type="erased",purpose="",outcome=""} 1',
  ]);
});

test('the time of a mail and that of a code are told in seconds, each in its own', async () => {
  const samples = await told(['verification'], (count) => {
    const step = { purpose: 'verification', outcome: '' };
    count([{ ...step, type: 'sent', afterMilliseconds: 1500 }]);
    count([{ ...step, type: 'verified', afterMilliseconds: 42_000 }]);
    count([{ ...step, type: 'sent' }]);
  });
  expect(samples('sealpost_mail_wait_seconds_')).toContain('sum 1.5');
  expect(samples('sealpost_mail_wait_seconds_')).toContain('count 1');
  expect(samples('sealpost_verification_seconds_')).toContain('sum 42');
  expect(samples('sealpost_verification_seconds_')).toContain('count 1');
});

test('what cannot be counted is told, and nobody who records hears of it', () => {
  const failures: unknown[] = [];
  const report = { succeeded: () => {}, failed: (error: unknown) => failures.push(error) };
  const count = createStepCounter({
    metrics: createMetrics('api'),
    purposes: new Set(['verification']),
    known,
    report,
  });
  const odd = new TypeError('no such code');
  count(() => {
    throw odd;
  });
  expect(failures).toEqual([odd]);
});
