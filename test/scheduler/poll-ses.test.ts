/** O5: what SES says of the account is in the gauges, and a failure says which call and why, in the record too. */
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { errorInWords } from '../../services/runtime/safe-error.ts';
import { pollSes } from '../../services/scheduler/jobs/poll-ses.ts';
import { clientOf, credentials, email, start } from '../ses-local/support.ts';

async function poll(endpoint: string, keys = credentials) {
  const metrics = createMetrics('scheduler');
  const notes: string[] = [];
  const options = { region: 'us-east-1', credentials: keys, endpoint };
  const done = await pollSes(options, { metrics, say: (note) => void notes.push(note) });
  const text = await metrics.registry.metrics();
  const gauges = [...text.matchAll(/^(sealpost_ses_\S+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]);
  return { done, notes, gauges: Object.fromEntries(gauges) as Record<string, number> };
}

describe('poll-ses', () => {
  test('has quota, rate and statistics as SES says them', async () => {
    const ses = await start({ max24HourSend: 200, maxSendRate: 14, identities: ['example.com'] });
    const client = clientOf(ses);
    await client.send(email(['a@example.com']));
    await client.send(email(['bounce@simulator.amazonses.com']));
    const { done, notes, gauges } = await poll(ses.url);
    expect(done).toBe(0);
    expect(gauges).toEqual({
      sealpost_ses_max_24_hour_send: 200,
      sealpost_ses_sent_last_24_hours: 2,
      sealpost_ses_max_send_rate: 14,
      'sealpost_ses_statistics{count="attempts"}': 2,
      'sealpost_ses_statistics{count="bounces"}': 1,
      'sealpost_ses_statistics{count="complaints"}': 0,
      'sealpost_ses_statistics{count="rejects"}': 0,
    });
    expect(notes).toEqual(['2 of 200 mails in 24 hours, 14/s at most']);
  });

  test('of an account without a limit names none', async () => {
    const { url } = await start({ max24HourSend: -1 });
    const { notes, gauges } = await poll(url);
    expect(gauges.sealpost_ses_max_24_hour_send).toBe(-1);
    expect(notes[0]).toMatch(/^0 mails in 24 hours, /);
  });

  test('that is refused says which call and why, and changes no gauge', async () => {
    const { url } = await start({});
    const wrong = { ...credentials, secretAccessKey: 'another-secret' };
    const failed = await poll(url, wrong).catch((error: unknown) => errorInWords(error));
    expect(failed).toMatch(/^SES did not answer GetSend(?:Quota|Statistics): credentials\.$/);
    const away = await poll('http://127.0.0.1:1').catch((error: unknown) => errorInWords(error));
    expect(away).toMatch(/^SES did not answer GetSend(?:Quota|Statistics): unreachable\.$/);
  });
});
