/** Faults of what a code lives by: a clock that was wrong, the key it was made with, and whether a mail would go out. */
import { mutantsOf } from '../file-rows.ts';

export const codesAndClocks = [
  ...mutantsOf('services/core/windows.ts', 'test/core/mail-limits.test.ts', [
    [
      'a mail dated ahead keeps the address waiting for as long',
      ['F12', 'T35'],
      'Math.abs(now - at) < seconds * 1000',
      'now - at < seconds * 1000',
      'the cooldown: nobody waits',
    ],
    [
      'a step back of the clock opens the limits',
      ['F12', 'T35'],
      'Math.abs(now - at) < seconds * 1000',
      'now >= at && now - at < seconds * 1000',
      'a step back of half a minute',
    ],
  ]),
  ...mutantsOf('services/core/windows.ts', 'test/store/handle.test.ts', [
    [
      'an event takes the time of a clock that steps back a little',
      ['F12', 'T35', 'I01'],
      'Math.max(now, lastEventAt + 1)',
      'now',
      'times of a stream strictly increase',
    ],
    [
      'a clock that was ahead is believed for as long as it was',
      ['F12', 'T35'],
      'lastEventAt - now > STEP_BACK_MILLISECONDS_MAX ? now : Math.max(now, lastEventAt + 1)',
      'Math.max(now, lastEventAt + 1)',
      'a clock that was ahead by days',
    ],
  ]),
  ...mutantsOf('services/core/close-code.ts', 'test/core/guesses.test.ts', [
    [
      'a code lives a millisecond beyond its end',
      ['T35'],
      '(now >= expiresAt ||',
      '(now > expiresAt ||',
      'is accepted to the last millisecond of its life',
    ],
  ]),
  ...mutantsOf('services/core/verify-code.ts', 'test/core/guesses.test.ts', [
    [
      'a wrong guess is counted of the code alone',
      ['I04', 'T4'],
      'const wrongGuesses = recentGuesses(state.wrongGuesses, now).length + 1;',
      'const wrongGuesses = attempts;',
      'counts: of the code, and of the address',
    ],
    [
      'a code whose key is not here is called wrong',
      ['I65', 'I02', 'T19'],
      '  if (!context.codeBook.hasKey(code.keyId)) return keyUnavailable;\n  const { otpId',
      '  const { otpId',
      'whose key this process does not have',
    ],
  ]),
  ...mutantsOf('services/core/request-code.ts', 'test/core/requests-refused.test.ts', [
    [
      'a suppressed address gets mail',
      ['C06', 'I12', 'T10'],
      "  if (suppressionOf(state, context)) return rejected({ code: 'address_suppressed' });\n",
      '',
      'where the address is closed',
    ],
    [
      'a code is promised while no mail goes out',
      ['C08', 'F04', 'I11'],
      "if (sending.to === 'nobody' || (",
      'if ((',
      'where no mail would go out',
    ],
    [
      'proven addresses get no mail while others get none',
      ['T10', 'I12'],
      "(sending.to === 'proven' && !isProven(state))",
      "sending.to === 'proven'",
      'where too many mails came back: an address that is proven gets one',
    ],
  ]),
  ...mutantsOf('services/core/policy.ts', 'test/core/policy.test.ts', [
    [
      'a command gives up after three lost races',
      ['I02', 'F14'],
      'return 4 * policy.requestsPerDayMax + GUESSES_IN_ALL_MAX + 1;',
      'return 3;',
      'a command may lose as many races',
    ],
  ]),
];
