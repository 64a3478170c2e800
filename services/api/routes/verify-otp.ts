/** POST verify-otp: a code is typed; the answer is read off what was recorded. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { networkHash, type ClientIp } from '../http/client-ip.ts';
import { jsonAnswer, jsonBody, problems } from '../describe.ts';
import type { AppEnv } from '../env.ts';
import { Refused, refusedBy } from '../http/problem.ts';
import { verifiedAnswer, verifyBody } from '../schemas.ts';
import type { Handler } from '../../store/handle.ts';
import type { OtpKeys } from '../../runtime/keys.ts';

const route = createRoute({
  method: 'post',
  path: '/api/email-verification/verify-otp',
  summary: 'Verify the code that a person typed',
  security: [{ bearer: [] }],
  request: { body: jsonBody(verifyBody) },
  responses: {
    200: jsonAnswer(verifiedAnswer, 'The address is verified.'),
    ...problems(400, 401, 413, 415, 429, 500, 503),
  },
});

const verified = {
  success: true as const,
  message: 'The email address is verified.',
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
    return c.json(verified, 200);
  });
}
