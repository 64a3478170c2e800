/** GET and POST /behaviour: shows and changes how the local SES misbehaves. */
import type { App, Service } from './service.ts';
import { readBehaviour } from './behaviour-body.ts';
import type { BehaviourChange } from './behaviour.ts';
import { BODY_BYTES_MAX, readBody } from './body.ts';
import { problem } from './problem.ts';

/** What GET shows can be POSTed back. A body that is refused changes nothing. */
export function mountBehaviour(app: App, { account, now }: Service): void {
  const present = (): BehaviourChange => ({
    ...account.misbehaviour.present(),
    maxSendRate: account.quota.numbers(now()).maxSendRate,
  });

  app.get('/behaviour', (c) => c.json(present()));

  // The content type keeps web pages of other origins out: they cannot send it without asking first.
  app.post('/behaviour', async (c) => {
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
      return problem(415, 'Send the behaviour as application/json.');
    }
    const body = await readBody(c.env.incoming, BODY_BYTES_MAX);
    if (!body) return problem(413, `The body is longer than ${BODY_BYTES_MAX} bytes.`);
    const reading = readBehaviour(body.toString('utf8'));
    if (!reading.ok) {
      const detail = reading.faults.map((fault) => `${fault.pointer} ${fault.detail}`.trim()).join('; ');
      return problem(400, `The behaviour is unchanged: ${detail}.`, reading.faults);
    }
    const { maxSendRate, ...behaviour } = reading.change;
    if (maxSendRate !== undefined) account.quota.setMaxSendRate(maxSendRate);
    account.misbehaviour.change(behaviour);
    return c.json(present());
  });
}
