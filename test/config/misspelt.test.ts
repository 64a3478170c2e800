/** Names that are misspelt for a setting's, and names that only look like one. */
import { describe, expect, test } from 'vitest';
import { STACK_NAMES } from '../../services/cli/stack-settings.ts';
import { chapters } from '../../services/config/all.ts';
import { distanceOf, misspeltNames } from '../../services/config/misspelt.ts';

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['abc', 'abc', 0],
  ['a', 'b', 1],
  ['ab', 'ba', 1],
  ['abcd', 'acbd', 1],
  ['ab', 'b', 1],
  ['b', 'ab', 1],
  ['abc', 'cab', 2],
  ['ca', 'abc', 3],
  ['aab', 'bba', 2],
  ['xab', 'yba', 2],
  ['abxx', 'bayy', 3],
  ['kitten', 'sitting', 3],
])('from %j to %j it is %i', (a, b, distance) => {
  expect([distanceOf(a, b), distanceOf(b, a)]).toEqual([distance, distance]);
});

describe('a name that is near to one there is', () => {
  const known = [
    'PORT',
    'HTTP_PORT',
    'SMTP_PORT',
    'HTTPS_PORT',
    'EMAIL_OTP_EXPIRES_IN',
    'EMAIL_OTP_MAX_ATTEMPTS',
    'LOG_LEVEL',
    'GRAFANA_PORT',
    'PROXY',
    'ABCDEFGHIJKLMNO',
    'BCDEFGHIJKLMNOPQ',
  ];

  test.each([
    ['a letter missing', 'EMAIL_OTP_EXPIRS_IN', 'EMAIL_OTP_EXPIRES_IN'],
    ['a letter too many', 'HTTP_PORTS', 'HTTP_PORT'],
    ['a wrong letter', 'LOG_LEVAL', 'LOG_LEVEL'],
    ['two in the other order', 'LOG_LEVLE', 'LOG_LEVEL'],
    ['two wrong ones in a long name', 'EMAIL_OPT_MAX_ATEMPTS', 'EMAIL_OTP_MAX_ATTEMPTS'],
    ['small letters', 'email_otp_expires_in', 'EMAIL_OTP_EXPIRES_IN'],
    ['one of two that are near', 'HTTPSS_PORT', 'HTTPS_PORT'],
    ['of five letters', 'PROXI', 'PROXY'],
    ['two wrong ones in sixteen letters', 'BCDEFGHIJKLMNO..', 'BCDEFGHIJKLMNOPQ'],
  ])('is told with what is meant: %s', (_what, name, meant) => {
    expect(misspeltNames([name], known)).toEqual([{ name, meant }]);
  });

  test.each([
    'PORT',
    'SMTP_PORT',
    'POST',
    'HTTP_PROXY',
    'LOG_LABELS',
    'EMAIL_OTP_LENGTH',
    'TZ',
    '',
    'HTTP',
    'DATABASE_URL',
    'GRAFANA_HOST',
    'ABCDEFGHIJKLM..',
    'BCDEFGHIJKLMN...',
  ])('is no misspelt one where it is one itself, short, or further away: %j', (name) => {
    expect(misspeltNames([name], known)).toEqual([]);
  });

  test('is told for no name that there is', () => {
    const settings = Object.values(chapters).flatMap((table) => Object.keys(table));
    const all = [...settings, ...STACK_NAMES];
    const each = all.flatMap((name) =>
      misspeltNames(
        [name],
        all.filter((other) => other !== name),
      ),
    );
    // Told apart by one letter or two, and both there: whoever writes one of them means it.
    expect(misspeltNames(all, all)).toEqual([]);
    expect(each.length).toBeLessThan(20);
  });
});
