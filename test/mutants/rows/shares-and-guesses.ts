/** Faults of the rules that keep a stranger from shutting out a person: shares of mails, and guesses of each user. */
import { mutantsOf } from '../file-rows.ts';

export const sharesAndGuesses = [
  ...mutantsOf('services/core/mail-limits.ts', 'test/core/mail-limits.test.ts', [
    [
      'one user may have every mail of an address',
      ['I63', 'I05', 'T6', 'T9'],
      'return Math.max(cap, leaves(own[share - 1]), kept);',
      'return Math.max(cap, kept);',
      'is two of the address’s five',
    ],
    [
      'no mail is kept for who has not asked',
      ['I05', 'T6'],
      'return Math.max(cap, leaves(own[share - 1]), kept);',
      'return Math.max(cap, leaves(own[share - 1]));',
      'the last of the hour is for a user who has not asked',
    ],
    [
      'the share of the day is that of the hour',
      ['I05', 'C37'],
      'share: requestsPerDayShare',
      'share: requestsPerHourShare',
      'is eight of the address’s twenty',
    ],
    ['a share of all is a share', ['I05'], 'if (share >= max) return cap;', '', 'as many as there are is no share'],
  ]),
  ...mutantsOf('services/core/mail-limits.ts', 'test/core/requests-refused.test.ts', [
    [
      'the sixth mail of an hour goes out',
      ['C37', 'T9'],
      'const cap = leaves(all[max - 1]);',
      'const cap = leaves(all[max]);',
      'hourly_limit: after 5 mails, one each 100 s, at 3599.999 s',
    ],
    [
      'the caps count the caller’s own mails alone',
      ['I05', 'C37', 'T9'],
      'const all = timesOf(state.codes);',
      'const all = timesOf(state.codes.filter((code) => code.userId === userId));',
      'hourly_limit: after 5 mails, one each 100 s, at 500 s',
    ],
    [
      'the cooldown ends a second early',
      ['C36', 'C07'],
      'latest + policy.cooldownSeconds * 1000',
      'latest + (policy.cooldownSeconds - 1) * 1000',
      '59 s after the last mail to the address: 1 s more',
    ],
  ]),
  ...mutantsOf('services/core/guessing.ts', 'test/core/guessing.test.ts', [
    [
      'a user never locks',
      ['T1', 'T4', 'T5'],
      'return Math.max(inAll, atAddress, byUser, rested);',
      'return Math.max(inAll, atAddress, rested);',
      'after 10 wrong ones',
    ],
    [
      'an address never locks',
      ['T1', 'T4', 'T5'],
      'return Math.max(inAll, atAddress, byUser, rested);',
      'return Math.max(inAll, byUser, rested);',
      'with one of its own it is the cap of the address',
    ],
    [
      'the wait does not grow',
      ['T1'],
      'DELAY_SECONDS_FIRST * 2 ** beyond',
      'DELAY_SECONDS_FIRST',
      'after 6 wrong ones',
    ],
    [
      'strangers who guess lock out whoever never did',
      ['T6'],
      'if (last === undefined) return inAll;',
      'if (last === undefined) return forgotten(all[policy.wrongGuessesMax - 1]);',
      'keeps nobody from a first guess',
    ],
    [
      'a thousand strangers guess a thousand times',
      ['T5', 'I04'],
      'if (last === undefined) return inAll;',
      'if (last === undefined) return 0;',
      'a hundred in a day end it for everybody',
    ],
  ]),
  ...mutantsOf('services/core/evolve.ts', 'test/core/evolve.test.ts', [
    [
      'success leaves the budget of wrong guesses used',
      ['T6'],
      'wrongGuesses: state.wrongGuesses.filter((guess) => guess.userId !== userId) };',
      'wrongGuesses: state.wrongGuesses };',
      'verified has the proof, the code used, and the budget',
    ],
  ]),
  ...mutantsOf('services/core/evolve.ts', 'test/core/evolve-guesses.test.ts', [
    [
      'one user’s success gives every stranger new guesses',
      ['T5', 'I04'],
      'wrongGuesses: state.wrongGuesses.filter((guess) => guess.userId !== userId) };',
      'wrongGuesses: [] };',
      'what others guessed wrong stays',
    ],
    [
      'a wrong clock is never put right',
      ['F12', 'T35'],
      'event.at < state.lastEventAt ? clockPutRight(state, event.at) : state',
      'state',
      'an event dated before the last puts right',
    ],
  ]),
];
