/** What a request must be before its fields are looked at: JSON, small, and then each field of its form. */
import type { IncomingMessage } from 'node:http';
import type { Hook } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../env.ts';
import { routeOf } from './observe.ts';
import { pointerTo, Refused } from './problem.ts';
import { BODY_BYTES_MAX, type RefusalCode } from './refusals.ts';
import { refuseUnstorable } from './text.ts';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/i;
const READ_BYTES_MAX = 8 * 1024 * 1024;

/** A stated length is judged as it stands: Node holds the body to it. */
export const smallBody = createMiddleware<AppEnv>(async (c, next) => {
  if (Number(c.req.header('content-length') ?? 0) > BODY_BYTES_MAX) throw new Refused('body_too_large');
  return next();
});

/** What decides is the type itself: clients write its parameters as they like (`application/json;`, `application/json ; charset=utf-8`). */
export const plainType = createMiddleware<AppEnv>(async (c, next) => {
  const given = c.req.header('content-type') ?? '';
  const type = given.split(';')[0]?.trim() ?? '';
  if (given !== type && JSON_TYPE.test(type)) c.req.raw.headers.set('content-type', type);
  return next();
});

/** Reads the body of a call that takes one, after whoever sends it is known; the validators find it there. */
export const wholeBody = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.method === 'POST' && routeOf(c) !== undefined) {
    await readBody(c, BODY_BYTES_MAX);
    const text = await c.req.text();
    if (text !== '' && !c.req.header('content-type')) throw new Refused('unsupported_media_type');
    refuseUnstorable(text);
  }
  return next();
});

/** Reads the whole body as it is, and notes how long that took: see observe. The text of it is then in c.req. */
export async function readBody(c: Context<AppEnv>, bytesMax: number): Promise<void> {
  refuseEncoded(c);
  const incoming = (c.env as { incoming?: IncomingMessage } | undefined)?.incoming;
  if (!incoming) return;
  const began = performance.now();
  try {
    const text = readAtMost(incoming, bytesMax);
    // A body that was read is kept here as the promise of it, whatever its type says.
    c.req.bodyCache.text = text as unknown as string;
    await text;
  } finally {
    c.set('waitedMilliseconds', performance.now() - began);
  }
}

/** No coding is undone here, neither of the content (RFC 9110 8.4) nor of the transfer. */
function refuseEncoded(c: Context<AppEnv>): void {
  const content = c.req.header('content-encoding') ?? 'identity';
  const transfer = c.req.header('transfer-encoding') ?? 'chunked';
  if (content.toLowerCase() === 'identity' && transfer.toLowerCase() === 'chunked') return;
  throw new Refused('unsupported_media_type', {
    detail: 'Send the body as it is, without Content-Encoding and without a Transfer-Encoding other than chunked.',
    headers: { 'Accept-Encoding': 'identity' },
  });
}

const broken = new WeakMap<IncomingMessage, RefusalCode>();
const BROKEN_OFF = Symbol('broken off');

/** The rest of its body will not come: whoever reads it, now or later, refuses it so. */
export function breakOff(incoming: IncomingMessage, code: RefusalCode): void {
  broken.set(incoming, code);
  incoming.emit(BROKEN_OFF);
}

/** Reads the whole body, also one that is too large, so that its sender hears the refusal; one far too large is cut off. */
export function readAtMost(incoming: IncomingMessage, bytesMax: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const lost = () =>
      reject(new Refused(broken.get(incoming) ?? 'unreadable_request', { detail: 'The body did not arrive whole.' }));
    if (broken.has(incoming) || incoming.destroyed) {
      lost();
      return;
    }
    incoming.once(BROKEN_OFF, lost).once('error', lost).once('close', lost);
    incoming.once('end', () =>
      size > bytesMax ? reject(tooLarge(bytesMax)) : resolve(Buffer.concat(chunks).toString('utf8')),
    );
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bytesMax) chunks.push(chunk);
      if (size <= READ_BYTES_MAX) return;
      incoming.pause();
      reject(tooLarge(bytesMax));
    });
  });
}

const tooLarge = (bytesMax: number): Refused =>
  new Refused('body_too_large', { detail: `The body must not exceed ${bytesMax} bytes.` });

/** Turns what the schema found into one refusal that names every field; it never repeats what was sent. */
export const refuseInvalid: Hook<unknown, AppEnv, string, unknown> = (result) => {
  if (result.success) return;
  const errors = result.error.issues.map(({ path, message }) => ({
    pointer: pointerTo(...path),
    detail: message,
  }));
  const detail = errors.map(({ pointer, detail: said }) => (pointer === '' ? said : `${pointer.slice(1)}: ${said}`));
  throw new Refused('invalid_request', { detail: `${detail.join('; ')}`, errors });
};
