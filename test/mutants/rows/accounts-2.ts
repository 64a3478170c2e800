/** Faults of the accounts and their refresh tokens, continued. */
import type { Mutant } from '../mutant.ts';

export const accountMutants2: readonly Mutant[] = [
  {
    fault: 'a session lives minutes for seconds',
    breaks: ['C29'],
    file: 'services/store/accounts.ts',
    from: "event_clock() + ${lifeSeconds} * interval '1 second')",
    to: "event_clock() + ${lifeSeconds} * interval '1 minute')",
    test: 'test/store/accounts.test.ts',
    named: 'works until its end and not at it',
  },
  {
    fault: 'the second use of a refresh token ends that token alone',
    breaks: ['I28', 'C29'],
    file: 'services/store/accounts.ts',
    from: '    where family = (select family from refresh_tokens where token_hash = ${tokenHash})',
    to: '    where token_hash = ${tokenHash}',
    test: 'test/store/accounts.test.ts',
    named: 'a1, used or not, ends its whole family',
  },
  {
    fault: 'the second use of a refresh token ends all of the account',
    breaks: ['I28', 'C30'],
    file: 'services/store/accounts.ts',
    from: '    where family = (select family from refresh_tokens where token_hash = ${tokenHash})',
    to: '    where account_id = (select account_id from refresh_tokens where token_hash = ${tokenHash})',
    test: 'test/store/accounts.test.ts',
    named: 'a2, used or not, ends its whole family',
  },
  {
    fault: 'only a used token ends its family',
    breaks: ['C30'],
    file: 'services/store/accounts.ts',
    from: 'where token_hash = ${tokenHash})\n  `;',
    to: 'where token_hash = ${tokenHash} and used_at is not null)\n  `;',
    test: 'test/store/accounts.test.ts',
    named: 'a2, used or not, ends its whole family',
  },
  {
    fault: 'tokens that live are forgotten',
    breaks: ['I28'],
    file: 'services/store/retention.ts',
    from: '        where expires_at < (select event_clock())\n',
    to: '        where expires_at < (select event_clock()) or used_at is not null\n',
    test: 'test/store/accounts.test.ts',
    named: 'is forgotten once it is over',
  },
  {
    fault: 'a token at its end is forgotten before it can be told as used',
    breaks: ['I28'],
    file: 'services/store/retention.ts',
    from: 'where expires_at < (select event_clock())',
    to: 'where expires_at <= (select event_clock())',
    test: 'test/store/accounts.test.ts',
    named: 'is forgotten once it is over',
  },
];
