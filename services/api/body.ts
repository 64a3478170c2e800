/** What a request must be before its fields are looked at: JSON, small, and then each field of its form. */
import type { Hook } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './env.ts';
import { Refused } from './problem.ts';

export const BODY_BYTES_MAX = 4096;

const limitUnknownLength = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: () => {
    throw new Refused('body_too_large');
  },
});

/** A stated length is judged as it stands (Node holds it to that); only a body without one is counted as it comes. */
export const smallBody = createMiddleware<AppEnv>(async (c, next) => {
  const stated = c.req.header('content-length');
  if (stated === undefined && c.req.header('transfer-encoding') !== undefined) return limitUnknownLength(c, next);
  if (Number(stated ?? 0) > BODY_BYTES_MAX) throw new Refused('body_too_large');
  return next();
});

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
