/** What a year of guessing at one address gains, for one attacker and for a thousand: the figures of docs/security.md. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { user } from '../support/api.ts';
import { Story, told } from '../support/rules.ts';

const DAYS = 3;
const page = readFileSync('docs/security.md', 'utf8');

/** Asks and guesses wrong whenever it may, each minute, as so many users; returns the guesses judged in each day. */
function judgedByDay(users: number): number[] {
  const story = new Story();
  const days: number[] = [];
  let next = 0;
  for (let day = 0; day < DAYS; day++) {
    let judged = 0;
    for (let minute = 0; minute < 1440; minute++) {
      story.after(60);
      const id = user(next % users);
      if (told(story.request(id)).includes('requested')) next++;
      for (const code of story.state.codes.filter(({ status }) => status.kind === 'pending'))
        for (let n = 0; n < 3; n++) if (told(story.guess(story.wrong(code.otpId), code)) === 'attempted') judged++;
    }
    days.push(judged);
  }
  return days;
}

test.each([
  ['one attacker', 1, 10],
  ['a thousand attackers', 1000, 33],
])(
  '%s (%d users): at most %d guesses are judged in 24 hours, and what docs/security.md says of a year follows',
  (who, users, most) => {
    const days = judgedByDay(users);
    // A day that begins where the window does not may have a few of the one before.
    expect(days.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(most * (DAYS + 1));
    expect(Math.max(...days)).toBeGreaterThanOrEqual(most - 4);
    const year = most * 365;
    expect(page).toContain(
      `| ${who} | ${most} | ${year.toLocaleString('en')} | ${((year / 1e6) * 100).toFixed(2)} % |`,
    );
  },
  60_000,
);
