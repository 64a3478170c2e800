/** POST verify-otp: a code is typed; the answer is read off what was recorded. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { networkHash, type ClientIp } from '../http/client-ip.ts';
import { jsonAnswer, jsonBody } from '../describe.ts';
import type { AppEnv } from '../env.ts';
import { Refused, refusedBy } from '../http/problem.ts';
import type { Handler } from '../../store/handle.ts';
import type { OtpKeys } from '../../runtime/keys.ts';
import { emailField, purposeField, saying } from '../fields.ts';
import { typedCode } from '../../core/typed-code.ts';
import { en } from '../messages/languages/en.ts';
import { sayTo } from '../messages/speak.ts';

export const verifyBody = z
  .object({
    email: emailField,
    otp: z
      .string('must be the code, as a string of digits')
      .min(1, 'must be the code, as a string of digits')
      .max(64, 'must have at most 64 characters')
      .transform(typedCode)
      .refine((text) => text !== '', 'must be the code, as a string of digits')
      .openapi({
        example: '123456',
        description:
          'As many digits as `otpLength` says, of any script; spaces, dashes and invisible characters are ignored.',
      }),
    otpId: z
      .string('must be a UUID')
      .max(64, 'must be a UUID')
      .transform((text) => text.toLowerCase())
      .nullish()
      .openapi({
        example: '6f1b8a52-0a3e-4d6c-9f57-2b8f3c1d7e90',
        description:
          '`otpId` of send-otp: which code is meant, whatever its purpose. What is no id of a code is `otp_unknown`. If it is absent: the newest code of this user, address and purpose.',
      }),
    purpose: purposeField.nullish().openapi({ description: 'Used only if there is no otpId.' }),
  })
  .openapi('VerifyOtpRequest');

const verifiedAnswer = z
  .object({
    success: z.literal(true),
    message: saying(en.verified),
    emailVerified: z.literal(true),
    verificationSource: z.literal('otp'),
  })
  .openapi('VerifyOtpAnswer');

const route = createRoute({
  method: 'post',
  operationId: 'verifyOtp',
  path: '/api/email-verification/verify-otp',
  tags: ['Codes'],
  summary: 'Verify the code that a person typed',
  description:
    'A wrong code is `otp_incorrect` with `attemptsRemaining`. What cannot be the code, such as one with too few digits, is `invalid_request` and costs no attempt. The right code, repeated within a minute, answers the same again.',
  security: [{ bearer: [] }],
  request: { body: jsonBody(verifyBody) },
  responses: {
    200: jsonAnswer(verifiedAnswer, 'The address is verified.'),
  },
});

const verified = {
  success: true as const,
  emailVerified: true as const,
  verificationSource: 'otp' as const,
};

type Needs = Readonly<{
  handler: Handler;
  otpKeys: OtpKeys;
  clientIp: ClientIp;
}>;

export function verifyOtp(app: OpenAPIHono<AppEnv>, { handler, otpKeys, clientIp }: Needs): void {
  app.openapi(route, async (c) => {
    const { email: address, otp: guess, ...which } = c.req.valid('json');
    const [otpId, purpose] = [which.otpId ?? undefined, which.purpose ?? undefined];
    const { userId } = c.get('caller');
    const ipHash = networkHash(clientIp(c), otpKeys);
    const handled = await handler.handle({ type: 'verify-code', address, userId, purpose, otpId, guess, ipHash });
    if (handled.kind === 'rejected') throw refusedBy(handled.rejection);
    const wrong = handled.kind === 'recorded' && handled.events.find((event) => event.type === 'attempted');
    if (wrong) {
      const { attempts, attemptsMax } = wrong.data;
      throw new Refused('otp_incorrect', { attemptsRemaining: attemptsMax - attempts });
    }
    return c.json({ ...verified, message: sayTo(c, 'verified') }, 200);
  });
}
