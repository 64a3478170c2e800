/** The metrics and their port: the names and labels that dashboards and alerts know, and nothing else behind that port. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { startMetricsServer } from '../../services/runtime/metrics-server.ts';

async function serve() {
  const metrics = createMetrics();
  const server = await startMetricsServer(metrics, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { metrics, get: (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`) };
}

describe('the metrics', () => {
  test('have these names, kinds and labels', async () => {
    const own = (await createMetrics().registry.getMetricsAsJSON()).filter(({ name }) =>
      /^(?:sealpost|http)_/.test(name),
    );
    expect(own.map(({ name, type }) => `${String(type)} ${name}`).toSorted()).toEqual([
      'counter sealpost_connections_dropped_total',
      'counter sealpost_events_total',
      'counter sealpost_log_lines_lost_total',
      'counter sealpost_loop_failures_total',
      'counter sealpost_lost_races_total',
      'counter sealpost_mail_feedback_total',
      'counter sealpost_mail_refusals_total',
      'counter sealpost_refusals_total',
      'gauge sealpost_backup_bytes',
      'gauge sealpost_backup_event_position',
      'gauge sealpost_job_failing',
      'gauge sealpost_job_last_success_timestamp_seconds',
      'gauge sealpost_loop_last_success_timestamp_seconds',
      'gauge sealpost_mail_bounce_ratio',
      'gauge sealpost_mail_complaint_ratio',
      'gauge sealpost_outbox_mails',
      'gauge sealpost_outbox_oldest_seconds',
      'gauge sealpost_read_table_rows_differing',
      'gauge sealpost_rehearsal_duration_seconds',
      'gauge sealpost_rehearsal_lost_events',
      'gauge sealpost_scheduler_leading',
      'gauge sealpost_sending_paused',
      'gauge sealpost_ses_max_24_hour_send',
      'gauge sealpost_ses_max_send_rate',
      'gauge sealpost_ses_sent_last_24_hours',
      'gauge sealpost_ses_statistics',
      'gauge sealpost_users_paused',
      'gauge sealpost_wal_lag_bytes',
      'gauge sealpost_wal_lost',
      'gauge sealpost_wal_receiver_active',
      'histogram http_request_duration_seconds',
      'histogram sealpost_batch_commands',
      'histogram sealpost_batch_duration_seconds',
      'histogram sealpost_job_duration_seconds',
      'histogram sealpost_mail_send_duration_seconds',
    ]);
  });

  test('take no label but their own', () => {
    const { httpRequestSeconds, events, refusals, sendSeconds, feedback, jobSeconds } = createMetrics();
    const email = 'a@example.com';
    expect(() => httpRequestSeconds.observe({ method: 'GET', route: '/', status: 200, email } as object, 1)).toThrow(
      'email',
    );
    expect(() => events.inc({ type: 'sent', email } as object)).toThrow('email');
    expect(() => refusals.inc({ code: 'x', email } as object)).toThrow('email');
    expect(() => sendSeconds.observe({ result: 'x', email } as object, 1)).toThrow('email');
    expect(() => feedback.inc({ kind: 'x', known: 'true', email } as object)).toThrow('email');
    expect(() => jobSeconds.observe({ job: 'x', outcome: 'y', email } as object, 1)).toThrow('email');
  });

  test('count in the buckets of milliseconds to ten seconds, and of one command to 512', async () => {
    const metrics = createMetrics();
    metrics.batchSeconds.observe(0);
    metrics.batchCommands.observe(1);
    const text = await metrics.registry.metrics();
    const bounds = (name: string) =>
      [...text.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\}`, 'gm'))].map((match) => match[1]).join(' ');
    expect(bounds('sealpost_batch_duration_seconds')).toBe(
      '0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf',
    );
    expect(bounds('sealpost_batch_commands')).toBe('1 2 4 8 16 32 64 128 256 512 +Inf');
  });

  test('of two programs in one process are apart', async () => {
    const [one, two] = [createMetrics(), createMetrics()];
    one.lostRaces.inc(3);
    expect(await one.registry.metrics()).toContain('sealpost_lost_races_total 3');
    expect(await two.registry.metrics()).toContain('sealpost_lost_races_total 0');
    expect(await two.registry.metrics()).toContain('process_cpu_seconds_total');
  });
});

describe('the port of the metrics', () => {
  test('has /metrics and nothing else', async () => {
    const { get } = await serve();
    const answer = await get('/metrics');
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(await answer.text()).toContain('sealpost_outbox_mails 0');
    for (const path of ['/', '/metrics/', '/metrics?x', '/health', '/Metrics']) {
      const other = await get(path);
      expect([other.status, await other.text()]).toEqual([404, 'Only /metrics is here.\n']);
    }
  });

  test('is closed at once, also while somebody keeps a connection to it', async () => {
    const server = await startMetricsServer(createMetrics(), { host: '127.0.0.1', port: 0 });
    const socket = connect(server.port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await server.close();
    await closed;
  });
});
