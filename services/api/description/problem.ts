/** The problem document of every refusal (RFC 9457), described member by member: see http/problem.ts, which makes it. */
import { z } from '@hono/zod-openapi';
import { type RefusalCode, refusals } from '../http/refusals.ts';
import { en } from '../messages/languages/en.ts';

export const errorCode = z.enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]]).openapi('ErrorCode', {
  description:
    'What is wrong, for programs. A code never changes its meaning; a later version may have more, so go by the status where you do not know one.',
});

const wrongField = z
  .object({
    pointer: z.string().openapi({
      example: '/email',
      description: 'Where it is, as a JSON Pointer (RFC 6901) into the body, or by the name of the parameter.',
    }),
    detail: z.string().openapi({ example: 'must be exactly one address, with one @', description: 'What is wrong.' }),
  })
  .openapi('FieldError');

export const problemDocument = z
  .object({
    type: z.string().openapi({
      format: 'uri-reference',
      example: '/docs#invalid_request',
      description: 'Where the code is explained.',
    }),
    title: z.string().openapi({ example: 'Invalid request', description: 'The kind of refusal in a few words.' }),
    status: z.int().openapi({ example: 400, description: 'The HTTP status, once more.' }),
    detail: z.string().openapi({
      example: 'email: must be exactly one address, with one @',
      description: 'What is wrong with this request, in English, for developers.',
    }),
    instance: z.string().openapi({
      format: 'uri',
      example: 'urn:uuid:02d271e7-7e5a-416f-9ef4-c4f0b55b9869',
      description: 'This one refusal: `requestId` as a URN.',
    }),
    success: z.literal(false),
    message: z.string().openapi({
      example: en.email,
      description: 'What a person in front of the screen can be told, in the language that `Content-Language` names.',
    }),
    error: errorCode,
    requestId: z.uuid().openapi({
      example: '02d271e7-7e5a-416f-9ef4-c4f0b55b9869',
      description: 'What the log of the server knows the request by; the same as `X-Request-Id`.',
    }),
    errors: z.array(wrongField).optional().openapi({
      description: 'With `invalid_request`: every field that is wrong. Absent where it is not a field.',
    }),
    attemptsRemaining: z.int().min(0).optional().openapi({
      example: 2,
      description: 'With `otp_incorrect` and `too_many_attempts`: how many more guesses of this code are judged.',
    }),
    retryAfter: z.int().min(0).optional().openapi({
      example: 42,
      description: 'When to come back, in seconds; the same as `Retry-After`.',
    }),
  })
  .openapi('Problem', { description: 'Why there is no other answer (RFC 9457).' });
