/** The two looks that hold the sending: too many mails came back, too many wait. From which figure on, and when it is over. */
import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { watchBacklog } from '../../services/api/watch-backlog.ts';
import { watchReputation } from '../../services/api/watch-reputation.ts';
import { createLog } from '../../services/runtime/log.ts';
import { createMetrics } from '../../services/runtime/metrics.ts';
import { createReports } from '../../services/runtime/repeat.ts';
import { user } from '../support/api.ts';
import { countSent } from '../../services/store/reputation.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { handlerOn, requestOf } from '../support/handlers.ts';
import { collectReports } from '../support/reports.ts';
import { addressOf } from '../support/rules.ts';

const LOOK_MILLISECONDS = 20;
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.setClockAhead(0);
  await db.empty();
});

type Metrics = ReturnType<typeof createMetrics>;
const valueOf = async (
  gauge: Metrics['mailsWaiting' | 'sendingPaused'],
  reason?: string,
): Promise<number | undefined> =>
  (await gauge.get()).values.find(({ labels }: { labels: { reason?: unknown } }) => labels.reason === reason)?.value;

/** So many mails of as many people that were sent, and what was reported of each. */
const happen = (type: string, n: number, data: object = {}) => db.owner`
  insert into events (stream_id, version, type, at, data)
  select ${`${type}-`} || gen_random_uuid() || '@example.com', 1, ${type}, clock_timestamp(), ${db.owner.json(data as never)}
  from generate_series(1, ${n}::integer)
`;

const bounce = (n: number) => happen('bounced', n, { permanent: true, subType: 'General' });

/** Three complaints of mails that the user with this number had asked for. */
const report = (n: number) => db.owner`
  insert into events (stream_id, version, type, at, data)
  select stream, version, type, clock_timestamp(), jsonb_build_object('otpId', stream, 'userId', ${user(n)}::text)
  from generate_series(1, 3) as k, (values (1, 'requested'), (2, 'complained')) as e (version, type),
    lateral (select ${`u${n}-`} || k as stream) as s
`;

describe('mails that came back', () => {
  const watched = { limits: { bouncePercentMax: 5, complaintPercentMax: 0.3 }, people: 'users' } as const;

  function watch() {
    const lines: { event: string; reason?: string; count?: number }[] = [];
    const stream = new Writable({ write: (chunk, _encoding, done) => (lines.push(JSON.parse(String(chunk))), done()) });
    const metrics = createMetrics('api');
    const log = createLog({ service: 'api', level: 'info', stream });
    const { standing, stop, sent } = watchReputation(
      db.sql,
      watched,
      { log, metrics, reportOn: createReports(log, metrics) },
      LOOK_MILLISECONDS,
    );
    onTestFinished(() => stop());
    const told = () => lines.map(({ event, reason, count }) => [event, reason ?? count]);
    return {
      sent,
      stop,
      standing,
      held: () => standing()?.everybody?.kind,
      users: () => standing()?.users.size,
      metrics,
      told,
    };
  }

  test('one less than 5 % hold nothing, the next one holds the sending; when they are of yesterday it goes on', async () => {
    await countSent(db.sql, 400);
    await bounce(19);
    await happen('bounced', 50, { permanent: false });
    const { held, metrics, told } = watch();
    await expect.poll(() => valueOf(metrics.bounceRatio)).toBe(0.0475);
    expect([held(), told()]).toEqual([undefined, []]);
    await bounce(1);
    await expect.poll(() => valueOf(metrics.bounceRatio)).toBe(0.05);
    await expect.poll(held).toBe('bounced');
    expect([await valueOf(metrics.sendingPaused, 'bounced'), told()]).toEqual([1, [['sending_paused', 'bounced']]]);
    await db.setClockAhead(90_100);
    await expect.poll(held).toBeUndefined();
    expect([await valueOf(metrics.bounceRatio), await valueOf(metrics.sendingPaused, 'bounced')]).toEqual([0, 0]);
    expect(told()).toEqual([
      ['sending_paused', 'bounced'],
      ['sending_resumed', 'bounced'],
    ]);
  });

  test('complaints hold it from 0.3 % on', async () => {
    await countSent(db.sql, 1600);
    await happen('complained', 4);
    const { held, metrics } = watch();
    await expect.poll(() => valueOf(metrics.complaintRatio)).toBe(0.0025);
    expect(held()).toBeUndefined();
    await happen('complained', 1);
    await expect.poll(held).toBe('complained');
    expect(await valueOf(metrics.complaintRatio)).toBe(0.003125);
  });

  test('counts the mails that went out for all to see, also those of a look that fails and of the end', async () => {
    const { sent, stop, standing } = watch();
    for (let n = 0; n < 5; n++) sent();
    await expect.poll(() => standing()?.sent).toBe(5);
    await db.owner`alter table mails_sent rename to mails_away`;
    for (let n = 0; n < 7; n++) sent();
    await db.owner`alter table mails_away rename to mails_sent`;
    for (let n = 0; n < 3; n++) sent();
    await stop();
    expect(await db.owner`select sum(sent)::integer as all from mails_sent`).toEqual([{ all: 15 }]);
  });

  test('a user whose mails came back is told of once, by number, and once when it is over', async () => {
    await countSent(db.sql, 10);
    await report(1);
    const { users, metrics, told } = watch();
    await expect.poll(users).toBe(1);
    await report(2);
    await expect.poll(() => valueOf(metrics.usersPaused)).toBe(2);
    expect(told()).toEqual([
      ['users_paused', 1],
      ['users_paused', 1],
    ]);
    await db.setClockAhead(90_100);
    await expect.poll(() => valueOf(metrics.usersPaused)).toBe(0);
    expect(told().slice(2)).toEqual([['users_resumed', 2]]);
  });

  test('a look that fails changes nothing, and the next one is made', async () => {
    await countSent(db.sql, 200);
    await bounce(20);
    const { held } = watch();
    await expect.poll(held).toBe('bounced');
    await db.owner`alter table events rename to events_away`;
    await expect.poll(held, { timeout: 100 }).toBe('bounced');
    await db.owner`alter table events_away rename to events`;
    await db.setClockAhead(90_100);
    await expect.poll(held).toBeUndefined();
  });
});

async function ask(first: number, n: number): Promise<void> {
  const handler = handlerOn(db.sql);
  const addresses = Array.from({ length: n }, (_, k) => addressOf(`wait-${first + k}@example.com`));
  await Promise.all(addresses.map((address) => handler.handle(requestOf(address, user(1)))));
}

function watchQueue(rate: () => number) {
  const { reportOn } = collectReports();
  const metrics = createMetrics('api');
  const watching = watchBacklog(db.sql, 30, { ratePerSecond: rate, metrics, reportOn }, LOOK_MILLISECONDS);
  onTestFinished(() => watching.stop());
  return { isFull: watching.isFull, metrics };
}

describe('mails that wait', () => {
  // At one a second and 30 s of life: 0.9 of it is 27.
  test('as many as can go out in nine tenths of the life of a code are none too many, one more is; fewer, and it is over', async () => {
    await ask(0, 27);
    const { isFull, metrics } = watchQueue(() => 1);
    await expect.poll(() => valueOf(metrics.mailsWaiting)).toBe(27);
    expect(isFull()).toBe(false);
    await ask(27, 1);
    await expect.poll(isFull).toBe(true);
    expect(await valueOf(metrics.mailsWaiting)).toBe(28);
    await db.owner`delete from outbox where ctid = (select min(ctid) from outbox)`;
    await expect.poll(isFull).toBe(false);
  });

  test('are not too many while nobody knows how fast they go out', async () => {
    let rate = 0;
    await ask(0, 30);
    const { isFull, metrics } = watchQueue(() => rate);
    await expect.poll(() => valueOf(metrics.mailsWaiting)).toBe(30);
    expect([isFull(), (await metrics.outboxWaitSeconds.get()).values]).toEqual([false, []]);
    rate = 1;
    await expect.poll(isFull).toBe(true);
    expect([await valueOf(metrics.outboxWaitSeconds), await valueOf(metrics.mailRate)]).toEqual([30, 1]);
    expect(await valueOf(metrics.databaseAvailable)).toBe(1);
  });

  test('are told with the age of the oldest, in seconds', async () => {
    await ask(0, 1);
    await db.setClockAhead(100);
    const { metrics } = watchQueue(() => 1);
    await expect.poll(() => valueOf(metrics.oldestMailSeconds)).toBeGreaterThanOrEqual(100);
    expect(await valueOf(metrics.oldestMailSeconds)).toBeLessThan(200);
  });
});
