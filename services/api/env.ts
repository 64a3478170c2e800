/** What the api's handlers find in a request's context, and how long its statements may take. */

import type { EmailAddress } from '../core/email-address.ts';

/** Whose token it is, and of which issuer; and of which session, where an operator's account logged in for it. */
export type Caller = Readonly<{
  userId: string;
  roles: readonly string[];
  issuer?: string;
  sessionId?: string;
  /** By the word of the issuer, where that is trusted. */
  verifiedEmail?: EmailAddress;
}>;

export type AppEnv = {
  Variables: {
    requestId: string;
    caller: Caller;
    refusal: string;
    /** Finds the language of an answer: what was asked for, else by Accept-Language, else the default. */
    localeFor?: (asked: string | undefined, acceptLanguage: string | undefined) => string;
    /** Of the person who is answered, once it is known. */
    language?: string;
    /** How long the client was waited for, where it has sent a body. */
    waitedMilliseconds?: number;
  };
};

/** How long a statement of a request may take before it is answered 503. */
export const READ_TIMEOUT_MILLISECONDS = 2000;
