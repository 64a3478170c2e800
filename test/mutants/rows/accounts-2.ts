/** Faults of the accounts and their refresh tokens, continued. */
import type { Mutant } from '../mutant.ts';

export const accountMutants2: readonly Mutant[] = [
  {
    fault: 'a session lives minutes for seconds',
    breaks: ['C29'],
    file: 'services/store/sessions.ts',
    from: "event_clock() + ${refreshToken.lifeSeconds} * interval '1 second'",
    to: "event_clock() + ${refreshToken.lifeSeconds} * interval '1 minute'",
    test: 'test/store/sessions.test.ts',
    named: 'works until its end and not at it',
  },
  {
    fault: 'the second use of a refresh token ends that token alone',
    breaks: ['I28', 'C29'],
    file: 'services/store/sessions.ts',
    from: 'where family = (select id from ended) order',
    to: 'where token_hash = ${tokenHash} and (select id from ended) is not null order',
    test: 'test/store/sessions.test.ts',
    named: 'a1, used or not, ends its whole session',
  },
  {
    fault: 'the second use of a refresh token ends all of the account',
    breaks: ['I28', 'C30'],
    file: 'services/store/sessions.ts',
    from: 'and id = (\n          select family\n',
    to: 'and account_id = (\n          select account_id\n',
    test: 'test/store/sessions.test.ts',
    named: 'a2, used or not, ends its whole session',
  },
  {
    fault: 'only a used token ends its family',
    breaks: ['C30'],
    file: 'services/store/sessions.ts',
    from: "and (used_at is not null or ${why === 'logout'}::boolean)",
    to: 'and used_at is not null',
    test: 'test/store/sessions.test.ts',
    named: 'a2, used or not, ends its whole session',
  },
  {
    fault: 'tokens that live are forgotten',
    breaks: ['I28'],
    file: 'services/store/retention.ts',
    from: '        from refresh_tokens\n        where expires_at < (select event_clock())\n',
    to: '        from refresh_tokens\n        where expires_at < (select event_clock()) or used_at is not null\n',
    test: 'test/store/sessions.test.ts',
    named: 'is forgotten once it is over',
  },
  {
    fault: 'a token at its end is forgotten before it can be told as used',
    breaks: ['I28'],
    file: 'services/store/retention.ts',
    from: '        from refresh_tokens\n        where expires_at < (',
    to: '        from refresh_tokens\n        where expires_at <= (',
    test: 'test/store/sessions.test.ts',
    named: 'is forgotten once it is over',
  },
];
