/** What a request must be before its fields are looked at: JSON, small, and then each field of its form. */
import type { IncomingMessage } from 'node:http';
import type { Hook } from '@hono/zod-openapi';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../env.ts';
import { Refused } from './problem.ts';
import { BODY_BYTES_MAX } from './refusals.ts';

const READ_BYTES_MAX = 8 * 1024 * 1024;

/** A stated length is judged as it stands (Node holds the body to it); a body without one is counted as it comes. */
export const smallBody = createMiddleware<AppEnv>(async (c, next) => {
  const stated = c.req.header('content-length');
  if (Number(stated ?? 0) > BODY_BYTES_MAX) throw new Refused('body_too_large');
  const incoming = (c.env as { incoming?: IncomingMessage } | undefined)?.incoming;
  if (stated === undefined && incoming?.headers['transfer-encoding'] !== undefined) {
    const body = await readAtMost(incoming, BODY_BYTES_MAX);
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers: c.req.header(), body });
  }
  return next();
});

/** Reads the whole body, also one that is too large, so that its sender hears the refusal; one far too large is cut off. */
export async function readAtMost(incoming: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= bytesMax) chunks.push(chunk);
    if (size > READ_BYTES_MAX) break;
  }
  if (size > bytesMax) throw new Refused('body_too_large', { detail: `The body must not exceed ${bytesMax} bytes.` });
  return Buffer.concat(chunks).toString('utf8');
}

/** Turns what the schema found into one refusal that names every field; it never repeats what was sent. */
export const refuseInvalid: Hook<unknown, AppEnv, string, unknown> = (result) => {
  if (result.success) return;
  const errors = result.error.issues.map(({ path, message }) => ({
    pointer: path.length === 0 ? '' : `/${path.join('/')}`,
    detail: message,
  }));
  const detail = errors.map(({ pointer, detail: said }) => (pointer === '' ? said : `${pointer.slice(1)}: ${said}`));
  throw new Refused('invalid_request', { detail: `${detail.join('; ')}`, errors });
};
