/** Short forms for describing a route: a JSON body, a JSON answer, the problems it may answer. */
import { z } from '@hono/zod-openapi';
import { BODY_BYTES_MAX } from './http/refusals.ts';

export const problemAnswer = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    success: z.literal(false),
    message: z.string(),
    error: z.string(),
  })
  .openapi('Problem');

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
  401: 'There is no valid token.',
  403: 'The caller is not an admin.',
  404: 'Not found.',
  409: 'The first request with this Idempotency-Key is still in progress, or an admin has taken the verification back.',
  413: `The body is larger than ${BODY_BYTES_MAX} bytes.`,
  415: 'The body is not application/json.',
  422: 'The Idempotency-Key was used for another request, or no mail is sent to the address.',
  429: 'Too many requests: wait the number of seconds in Retry-After.',
  500: 'Something went wrong.',
  503: 'The database or the mail service is not responding at the moment.',
} as const;

export function problems<S extends keyof typeof reasons>(...statuses: readonly S[]) {
  return Object.fromEntries(statuses.map((status) => [status, problem(reasons[status])])) as {
    [K in S]: ReturnType<typeof problem>;
  };
}
