/** Reading a body: to the byte as large as it may be, all of one that is too large, and every wrong field named by its place. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { describe, expect, test } from 'vitest';
import { readAtMost, refuseInvalid, smallBody, wholeBody } from '../../services/api/http/body.ts';
import { BODY_BYTES_MAX } from '../../services/api/http/refusals.ts';
import type { AppEnv } from '../../services/api/env.ts';
import { Refused } from '../../services/api/http/problem.ts';

/** A request whose body comes in these pieces, and how many of them were taken. */
function incoming(pieces: readonly (string | Buffer)[]) {
  let taken = 0;
  const source = function* () {
    for (const piece of pieces) {
      taken++;
      yield Buffer.from(piece);
    }
  };
  return { request: Readable.from(source()) as IncomingMessage, taken: () => taken };
}

const tooLarge = expect.objectContaining({
  name: 'Refused',
  code: 'body_too_large',
  facts: { detail: expect.stringMatching(/^The body must not exceed \d+ bytes\.$/) },
});

describe('a body', () => {
  test('of at most so many bytes is read whole, over all its pieces, as UTF-8', async () => {
    expect(BODY_BYTES_MAX).toBe(4096);
    expect(await readAtMost(incoming([]).request, 4)).toBe('');
    expect(await readAtMost(incoming(['ab', 'cd']).request, 4)).toBe('abcd');
    const [first, second] = [Buffer.from('ß').subarray(0, 1), Buffer.from('ß').subarray(1)];
    expect(await readAtMost(incoming([first, second]).request, 2)).toBe('ß');
  });

  test('of one byte more is refused, once all of it was taken', async () => {
    for (const pieces of [['abcde'], ['ab', 'cd', 'e'], ['ß', 'ßa']]) {
      const { request, taken } = incoming(pieces);
      await expect(readAtMost(request, 4)).rejects.toEqual(tooLarge);
      expect(taken()).toBe(pieces.length);
    }
  });

  test('of more than 8 MiB is cut off', async () => {
    const megabyte = Buffer.alloc(1024 * 1024);
    const eight = incoming(Array.from({ length: 8 }, () => megabyte));
    await expect(readAtMost(eight.request, 4)).rejects.toEqual(tooLarge);
    expect(eight.taken()).toBe(8);
    const twelve = incoming(Array.from({ length: 12 }, () => megabyte));
    await expect(readAtMost(twelve.request, 4)).rejects.toEqual(tooLarge);
    expect(twelve.taken()).toBeLessThan(12);
  });
});

describe('wrong fields', () => {
  const schema = z
    .object({ email: z.string('must be a string'), list: z.array(z.number('must be a number')) })
    .refine(({ email }) => email !== 'no', 'not this one');

  /** What refuses a body, in an app that has the hook. */
  async function refusal(body: unknown): Promise<unknown> {
    const errors: unknown[] = [];
    const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
    const content = { 'application/json': { schema } };
    const route = createRoute({
      method: 'post',
      path: '/',
      request: { body: { content, required: true } },
      responses: {},
    });
    app.openapi(route, ((c: { text(text: string): Response }) => c.text('OK')) as never);
    app.onError((error, c) => {
      errors.push(error instanceof Refused ? { code: error.code, ...error.facts } : error);
      return c.text('refused', 400);
    });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await app.request('/', { method: 'POST', headers, body: JSON.stringify(body) });
    return answer.status === 200 ? 'taken' : errors;
  }

  test('are named all at once, each by its place, and what was sent is not repeated', async () => {
    expect(await refusal({ email: 7, list: [1, 'zebra'] })).toEqual([
      {
        code: 'invalid_request',
        detail: 'email: must be a string; list/1: must be a number',
        errors: [
          { pointer: '/email', detail: 'must be a string' },
          { pointer: '/list/1', detail: 'must be a number' },
        ],
      },
    ]);
  });

  test('of no place are told without one', async () => {
    expect(await refusal({ email: 'no', list: [] })).toEqual([
      { code: 'invalid_request', detail: 'not this one', errors: [{ pointer: '', detail: 'not this one' }] },
    ]);
  });

  test('are none in a body that is right', async () => {
    expect(await refusal({ email: 'yes', list: [1] })).toBe('taken');
  });
});

const chunked = (body: string) => {
  const { request } = incoming([body]);
  return { incoming: Object.assign(request, { headers: { 'transfer-encoding': 'chunked' } }) };
};

describe('a request', () => {
  const app = new OpenAPIHono<AppEnv>();
  app.use(smallBody, wholeBody);
  app.post('/', async (c) => c.text(`${c.req.header('x-kept') ?? ''} ${await c.req.text()}`));
  app.onError((error, c) => c.text(error instanceof Refused ? error.code : error.name, 400));
  const ask = async (headers: Record<string, string>, env?: object) =>
    (
      await app.request('/', { method: 'POST', body: 'as sent', headers: { 'x-kept': 'kept', ...headers } }, env)
    ).text();
  test.each([
    ['0', 'kept as sent'],
    [String(BODY_BYTES_MAX), 'kept as sent'],
    [String(BODY_BYTES_MAX + 1), 'body_too_large'],
  ])('whose length is stated as %s is %j', async (length, wanted) => {
    expect(await ask({ 'content-length': length })).toBe(wanted);
  });

  test('without a length is counted as it comes, and keeps its headers', async () => {
    expect(await ask({}, chunked('as counted'))).toBe('kept as counted');
    expect(await ask({}, chunked('x'.repeat(BODY_BYTES_MAX + 1)))).toBe('body_too_large');
  });

  test('whose length is stated as too much is not read at all', async () => {
    const { request, taken } = incoming(['x']);
    const env = { incoming: Object.assign(request, { headers: {} }) };
    expect(await ask({ 'content-length': String(BODY_BYTES_MAX + 1) }, env)).toBe('body_too_large');
    expect(taken()).toBe(0);
    expect(await ask({}, {})).toBe('kept as sent');
  });
});
