/** From a mail that waits to what is sent: its code derived, the minutes that it names, the message in its language. */
import type { Mail } from '../core/mail.ts';
import type { OtpKeys } from '../runtime/keys.ts';
import type { Composer } from './message.ts';
import { deriveCode } from './otp-code.ts';
import type { OutgoingMail } from './transport.ts';

/** `no-key` where this process does not have the code's key: while keys are rotated another one may. */
export type Compose = (mail: Mail) => OutgoingMail | 'no-key';

export function createCompose(otpKeys: OtpKeys, composer: Pick<Composer, 'compose'>): Compose {
  return ({ address, event }) => {
    const { otpId, purpose, locale, expiresAt } = event.data;
    const code = deriveCode(otpKeys, { ...event.data, address });
    if (code === undefined) return 'no-key';
    const minutes = Math.max(1, Math.round((Date.parse(expiresAt) - event.at) / 60_000));
    return { to: address, reference: otpId, message: composer.compose({ code, purpose, minutes, locale }) };
  };
}
