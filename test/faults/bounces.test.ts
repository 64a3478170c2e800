/** Many mails bounce: the sending stops by itself before Amazon's limit, callers hear 503, and nothing promised is lost. */
import { expect, test } from 'vitest';
import { until } from '../support/contract.ts';
import { tally } from '../support/load.ts';
import { ask, people } from './promises.ts';
import { inWorld } from './world.ts';

test('5 % of 240 mails bounced: the next caller hears 503, and a metric says why', { timeout: 90_000 }, async () => {
  await inWorld(async (world) => {
    // What the log has of an ordinary day, and of one on which an address list was bad.
    await world.db.owner`
      insert into events (stream_id, version, type, at, data)
      select 'sent' || n || '@example.com', 1, 'sent', now() - interval '1 hour', '{}'::jsonb from generate_series(1, 228) as n
      union all
      select 'back' || n || '@example.com', 1, 'bounced', now() - interval '1 hour', '{"permanent": true}' from generate_series(1, 11) as n
    `;
    const api = await world.startSender();
    expect(tally((await ask(api, await people(world, 'before', 1))).replies)).toEqual({ '200': 1 });
    await world.db.owner`
      insert into events (stream_id, version, type, at, data)
      values ('back99@example.com', 1, 'bounced', now(), '{"permanent": true}')
    `;
    const ratio = async (): Promise<number> => {
      const metrics = await (await fetch(api.metricsUrl)).text();
      return Number(/^sealpost_mail_bounce_ratio (\S+)/m.exec(metrics)?.[1]);
    };
    await until('the next look', async () => (await ratio()) >= 0.05, 45_000);
    const { replies } = await ask(api, await people(world, 'after', 5));
    expect(tally(replies)).toEqual({ '503 mail_unavailable': 5 });
    const recorded = await world.db.owner`select 1 from events where stream_id like 'after%'`;
    expect(recorded).toHaveLength(0);
  })();
});
