/** Short forms for describing a route: a JSON body, a JSON answer, the problems it may answer. */
import type { z } from '@hono/zod-openapi';
import { problemAnswer } from './schemas.ts';

export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true as const,
  content: { 'application/json': { schema } },
});

export const jsonAnswer = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemAnswer } },
});

const reasons = {
  400: 'A field is missing or wrong, or the code is not accepted.',
  401: 'No valid token.',
  403: 'The caller is no admin.',
  404: 'There is no such thing.',
  409: 'The first request with this Idempotency-Key is under way.',
  413: 'The body is larger than 4096 bytes.',
  415: 'The body is not application/json.',
  422: 'The Idempotency-Key belongs to another request, or the address gets no mail.',
  429: 'Too many requests; Retry-After says when to come back.',
  500: 'Something went wrong here.',
  503: 'The store or the mail service does not answer at present.',
} as const;

export function problems<S extends keyof typeof reasons>(...statuses: readonly S[]) {
  return Object.fromEntries(statuses.map((status) => [status, problem(reasons[status])])) as {
    [K in S]: ReturnType<typeof problem>;
  };
}
