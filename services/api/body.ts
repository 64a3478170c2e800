/** What a request must be before its fields are looked at: JSON, small, and then each field of its form. */
import type { Hook } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import type { AppEnv } from './env.ts';
import { Refused } from './problem.ts';

export const BODY_BYTES_MAX = 4096;

export const smallBody = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: () => {
    throw new Refused('body_too_large');
  },
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
