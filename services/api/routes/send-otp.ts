/** POST send-otp and resend-otp: asks for a code, and hands its mail to the sender once it is recorded. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { EmailAddress } from '../../core/email-address.ts';
import type { Recorded, Requested } from '../../core/events.ts';
import { keyUse } from '../../store/idempotency.ts';
import type { Handled } from '../../store/plan.ts';
import { networkHash, type ClientIp } from '../http/client-ip.ts';
import { jsonAnswer, jsonBody } from '../describe.ts';
import type { AppEnv } from '../env.ts';
import { Refused, refusedBy } from '../http/problem.ts';
import type { Handler } from '../../store/handle.ts';
import type { Mailer } from '../../mail/mailer.ts';
import type { Capacity } from '../../mail/capacity.ts';
import type { Composer } from '../../mail/message.ts';
import type { OtpKeys } from '../../runtime/keys.ts';
import { linksOfCode } from '../description/links.ts';
import { sayTo } from '../messages/speak.ts';
import { idempotencyHeader, sendBody, sentAnswer } from './send-otp-form.ts';

const SALT_BYTES = 16;

const SENDS =
  'While the last code is fresh and unguessed, the same one is mailed again; otherwise a new one replaces it. Answers without `otpId` if the user has verified the address before. `purpose` is one of EMAIL_PURPOSES of the installation.';
const RESENDS = 'The same as send-otp, under the name that clients know it by; the same limits count both.';

const route = (path: string, summary: string, operationId: 'sendOtp' | 'resendOtp', description: string) =>
  createRoute({
    method: 'post',
    operationId,
    path,
    tags: ['Codes'],
    summary,
    description,
    security: [{ bearer: [] }],
    request: { headers: idempotencyHeader, body: jsonBody(sendBody) },
    responses: {
      200: {
        ...jsonAnswer(sentAnswer, 'The code is on its way, or the user has already verified this address.'),
        links: linksOfCode,
      },
    },
  });

type Needs = Readonly<{
  handler: Handler;
  mailer: Pick<Mailer, 'hasRoom' | 'now' | 'offer'>;
  /** Whom a mail asked for now would go out to while its code lives. */
  capacity: Capacity;
  localeFor: Composer['localeFor'];
  otpKeys: OtpKeys;
  clientIp: ClientIp;
  /** Those that a code may be asked for. */
  purposes: ReadonlySet<string>;
}>;

export function sendOtp(app: OpenAPIHono<AppEnv>, needs: Needs): void {
  const { handler, mailer, capacity, localeFor, otpKeys, clientIp, purposes } = needs;
  const paths = [
    ['/api/email-verification/send-otp', 'Mail a code to an address', 'sendOtp', SENDS],
    ['/api/email-verification/resend-otp', 'Mail the code again', 'resendOtp', RESENDS],
  ] as const;

  for (const [path, summary, operationId, description] of paths) {
    app.openapi(route(path, summary, operationId, description), async (c) => {
      const { email: address, purpose, locale: asked } = c.req.valid('json');
      if (!purposes.has(purpose)) throw unknownPurpose(purposes);
      const locale = localeFor(asked ?? undefined, c.req.header('Accept-Language'));
      c.set('language', locale);
      const { userId, verifiedEmail } = c.get('caller');
      if (verifiedEmail === address) await takeWord(address, userId, purpose);
      const given = c.req.valid('header')['idempotency-key'];
      const key = given === undefined ? undefined : keyUse(given, userId, [path, address, purpose, asked ?? '']);
      const claimMail = mailer.hasRoom();
      // The claim begins with the decision, whenever its answer comes.
      const since = mailer.now();
      const ids = { otpId: randomUUID(), salt: randomBytes(SALT_BYTES).toString('base64url') };
      const [ipHash, requestId] = [networkHash(clientIp(c), otpKeys), c.get('requestId')];
      const handled = await handler.handle(
        {
          type: 'request-code',
          address,
          userId,
          purpose,
          locale,
          ipHash,
          requestId,
          sending: capacity(userId),
          ...ids,
        },
        { key, claimMail },
      );
      if (claimMail) offerMail(address, handled, since);
      return c.json(answer(handled, c), 200);
    });
  }

  /** The issuer has verified it: then there is nothing to ask for. Recorded once. */
  async function takeWord(address: EmailAddress, userId: string, purpose: string): Promise<void> {
    const word = { address, userId, purpose, verified: true, method: 'registration', by: userId } as const;
    const handled = await handler.handle({ type: 'assert-verification', ...word });
    // What an admin took back, a code can give again.
    if (handled.kind === 'rejected' && handled.rejection.code !== 'verification_taken_back') {
      throw refusedBy(handled.rejection);
    }
  }

  function offerMail(address: EmailAddress, handled: Handled, since: number): void {
    const event = handled.kind === 'recorded' ? requestedIn(handled.events) : undefined;
    if (!event) return;
    const livesMilliseconds = Date.parse(event.data.expiresAt) - event.at;
    mailer.offer({ address, event, claim: 0, deferrals: 0, livesMilliseconds }, since);
  }
}

function unknownPurpose(purposes: ReadonlySet<string>): Refused {
  const detail = `must be one of ${[...purposes].join(', ')}`;
  return new Refused('invalid_request', {
    detail: `purpose: ${detail}`,
    errors: [{ pointer: '/purpose', detail }],
  });
}

function answer(handled: Handled, c: Context<AppEnv>) {
  switch (handled.kind) {
    case 'rejected':
      throw refusedBy(handled.rejection);
    case 'unchanged':
      return { success: true as const, message: sayTo(c, 'alreadyVerified'), alreadyVerified: true as const };
    case 'replayed':
      return sentAnswerOf(handled.event, c);
    case 'recorded': {
      const event = requestedIn(handled.events);
      if (!event) throw new Error('A request for a code recorded no request.');
      return sentAnswerOf(event, c);
    }
  }
}

// A function of the event alone, its language too: under an Idempotency-Key the same event gives the same bytes.
function sentAnswerOf({ at, data }: Recorded<Requested>, c: Context<AppEnv>) {
  c.set('language', data.locale);
  return {
    success: true as const,
    message: sayTo(c, 'sent'),
    otpId: data.otpId,
    expiresIn: Math.round((Date.parse(data.expiresAt) - at) / 1000),
    expiresAt: data.expiresAt,
    resendAfter: data.resendAfterSeconds,
    otpLength: data.codeDigits,
    maxAttempts: data.attemptsMax,
  };
}

function requestedIn(events: readonly Recorded[]): Recorded<Requested> | undefined {
  return events.find((event) => event.type === 'requested');
}
