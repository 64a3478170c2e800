/** Many mails bounce: the sending stops by itself before Amazon's limit, callers hear 503, and nothing of theirs is recorded. */
import { expect, test } from 'vitest';
import { LOCAL_TOPIC_ARN } from '../../services/ses-local/feedback.ts';
import { until } from '../support/contract.ts';
import { tally } from '../support/load.ts';
import { ask, people } from './promises.ts';
import { inWorld } from './world.ts';

const [GOOD, BAD] = [195, 13];

test(
  'SES reports that 13 of 208 mails bounced: unproven addresses get no mail, a metric says why, and each of the 13 gets no more',
  { timeout: 120_000 },
  inWorld(async (world) => {
    const env = { SES_TOPIC_ARNS: LOCAL_TOPIC_ARN, SNS_CERTIFICATE_URL: `${world.ses.url}/sns.pem` };
    const api = await world.startSender(env);
    world.ses.reportTo(`${api.url}/api/ses/notifications`);
    const bad = (await people(world, 'bad', BAD)).map((one, n) => ({
      ...one,
      address: `bounce+${n}@simulator.amazonses.com`,
    }));
    const { told } = await ask(api, [...(await people(world, 'good', GOOD)), ...bad]);
    expect(told).toHaveLength(GOOD + BAD);
    const suppressed = () => world.db.owner`select 1 from streams where state -> 'suppression' ->> 'reason' = 'bounce'`;
    await until('the reports came', async () => (await suppressed()).length === BAD);
    // What went out is counted for all to see each half minute, and at the end.
    await api.kill('SIGTERM');
    // It looks at its start; one that runs looks every half minute (test/api/watches.test.ts).
    const next = await world.startSender(env);
    const ratio = async (): Promise<number> => {
      const metrics = await (await fetch(next.metricsUrl)).text();
      return Number(/^sealpost_mail_bounce_ratio (\S+)/m.exec(metrics)?.[1]);
    };
    await until('the look', async () => (await ratio()) >= 0.05);
    const { replies } = await ask(next, await people(world, 'after', 5));
    expect(tally(replies)).toEqual({ '503 sending_paused': 5 });
    expect(await world.db.owner`select 1 from events where stream_id like 'after%'`).toHaveLength(0);
    expect(await suppressed()).toHaveLength(BAD);
  }),
);
