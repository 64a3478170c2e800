/** Of core: what the invariants of a state leave no case for. */
import type { Equivalent } from './equivalent.ts';

const mailings = 'a code has at least one mailing: its request is its first';

export const coreEquivalents: readonly Equivalent[] = [
  {
    file: 'services/core/evolve.ts',
    line: '(code.mailings.at(-1)?.at ?? 0) > since ||',
    becomes: 'code.mailings.at(-1).at',
    why: mailings,
  },
  {
    file: 'services/core/state.ts',
    line: 'return newestCode(state, userId)?.mailings.at(-1)?.delivery;',
    becomes: 'newestCode(state, userId)?.mailings.at(-1).delivery',
    why: mailings,
  },
  {
    file: 'services/core/evolve-mailings.ts',
    line: 'index === which.mailing - 1 && telling[delivery] > telling[mailing.delivery] ? { ...mailing, delivery } : mailing,',
    becomes: 'telling[delivery] >= telling[mailing.delivery]',
    why: 'two deliveries that say as much are the same delivery: the mailing is written as it was',
  },
  {
    file: 'services/core/as-of.ts',
    line: "return type === 'imported' && data.what === 'address' ? Date.parse(data.verifiedAt ?? data.createdAt) : at;",
    becomes: 'true',
    why: 'of the imported only an address changes what a state says; when a code came over tells nobody anything',
  },
  {
    file: 'services/core/projections.ts',
    line: "return event.type === 'verified' ? { email, code: codeOf(event.data.otpId) } : { email };",
    becomes: 'true',
    why: 'an `asserted` event has no otpId, so no code is found and no row of a code is written',
  },
  {
    file: 'services/core/record-feedback.ts',
    line: 'const recent = feedback?.softBounces.filter((at) => at > now - SOFT_BOUNCES_MILLISECONDS) ?? [];',
    becomes: '["Stryker was here"]',
    why: 'one soft bounce more where there was none makes two, and the third is the one that counts',
  },
  {
    file: 'services/core/request-code.ts',
    line: 'const emailId = findLink(state, code.userId, code.purpose)?.emailId ?? 0;',
    becomes: 'findLink(state, code.userId, code.purpose).emailId',
    why: 'who has a pending code has a link: one event made both, and only the end of all codes takes links away',
  },
  ...['/^\\p{Nd}/u', '/\\p{Nd}$/u'].map((becomes) => ({
    file: 'services/core/typed-code.ts',
    line: 'const digit = /^\\p{Nd}$/u;',
    becomes,
    why: 'it is asked of one character at a time',
  })),
];
