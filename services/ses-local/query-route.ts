/** POST /: takes a signed SES call from the socket and puts its answer back, or withholds it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { perform, refusal } from './actions.ts';
import { SesError } from './answers.ts';
import type { App, Service } from './service.ts';
import { BODY_BYTES_MAX, readBody } from './body.ts';
import type { Answer } from './send.ts';

/** Answers every call of the real SDK as SES would, unless told to misbehave. */
export function mountQuery(app: App, service: Service): void {
  app.post('/', async ({ env }) => {
    const requestId = randomUUID();
    const body = await readBody(env.incoming, BODY_BYTES_MAX);
    return deliver(env, judge(service, env, body, requestId), requestId);
  });
}

function judge(
  { account, checkSignature, now }: Service,
  { incoming }: HttpBindings,
  body: Buffer | undefined,
  requestId: string,
): Answer {
  try {
    if (!body) throw new SesError(413, 'RequestEntityTooLarge', `The request is longer than ${BODY_BYTES_MAX} bytes.`);
    const { method = '', url = '', headers } = incoming;
    checkSignature({ method, url, headers, body }, Date.now());
    return perform(account, body.toString('utf8'), requestId, now());
  } catch (error) {
    return refusal(error, requestId);
  }
}

// The waiting ends with the connection, so neither a client that gave up nor close() leaves anything behind.
async function deliver({ outgoing }: HttpBindings, answer: Answer, requestId: string): Promise<Response> {
  if (answer.kind === 'reset') outgoing.destroy();
  if (answer.kind === 'hang') await new Promise((resolve) => outgoing.once('close', resolve));
  if (answer.kind === 'hang' || answer.kind === 'reset') return RESPONSE_ALREADY_SENT;
  if (answer.kind === 'text') return new Response(answer.body, { status: answer.status });
  if (answer.delayMilliseconds > 0) {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    await sleep(answer.delayMilliseconds, undefined, { signal: gone.signal }).catch(() => {});
  }
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  return new Response(answer.body, { status: answer.status, headers });
}
