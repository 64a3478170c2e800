/** Two senders and one store that goes away for a while: what one has sent and could not record, the other does not send again. */
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { CLAIM_SECONDS, type Mail, mailName } from '../../services/core/mail.ts';
import { createMailer, type Mailer } from '../../services/mail/mailer.ts';
import { createPatience } from '../../services/mail/patience.ts';
import { collectReports } from '../support/reports.ts';
import { mailOf, moved, stopTheClock, taken } from '../support/sender.ts';

beforeEach(stopTheClock);

type Row = { mail: Mail; claimedUntil: number; everHeld: boolean };

const now = (): number => performance.now();

/** The outbox of all senders, which may be away; and what each sent, as "sender mail at second". */
function sharedStore() {
  const rows = new Map<string, Row>();
  const sent: string[] = [];
  let away = false;
  const answers = async <T>(work: () => T): Promise<T> => {
    if (away) throw new Error('the store is away');
    return work();
  };
  const claimable = (overMilliseconds: number): readonly Row[] =>
    [...rows.values()].filter(
      ({ claimedUntil, everHeld }) => claimedUntil <= now() - (everHeld ? overMilliseconds : 0),
    );
  const claim = (limit: number, overMilliseconds: number): readonly Mail[] =>
    claimable(overMilliseconds)
      .slice(0, limit)
      .map((row) => {
        Object.assign(row, { claimedUntil: now() + CLAIM_SECONDS * 1000, everHeld: true });
        return row.mail;
      });

  function sender(name: string, answerMilliseconds: number): Mailer {
    const mailer = createMailer({
      reportOn: collectReports().reportOn,
      outbox: {
        claim: (limit, overMilliseconds) => answers(() => claim(limit, overMilliseconds)),
        defer: (mail, milliseconds) =>
          answers(() => void Object.assign(rows.get(mailName(mail)) ?? {}, { claimedUntil: now() + milliseconds })),
        countUnsure: () => answers(() => 1),
        record: (command) =>
          answers(() => {
            if ('mailing' in command) rows.delete(`${command.otpId} ${command.mailing}`);
          }),
        permits: (wanted) => answers(() => ({ granted: wanted, waitMilliseconds: 0 })),
      },
      transport: {
        send: async ({ reference }) => {
          sent.push(`${name} ${reference} ${Math.floor(now() / 1000)}`);
          await new Promise((resolve) => setTimeout(resolve, answerMilliseconds));
          return taken;
        },
        sendRate: async () => 1000,
        attemptMillisecondsMax: 6000,
        close: () => {},
      },
      compose: (mail) => ({
        to: mail.address,
        reference: mail.event.data.otpId,
        message: { subject: '', text: '', html: '' },
      }),
    });
    onTestFinished(async () => {
      away = false;
      const stopped = mailer.stop();
      await moved(30_000);
      await stopped;
    });
    return mailer;
  }

  /** In the outbox, held for so long already by somebody who is dead, or by nobody. */
  function put(otpId: string, heldMilliseconds?: number): Mail {
    const mail = mailOf(otpId);
    rows.set(mailName(mail), {
      mail,
      claimedUntil: now() + (heldMilliseconds ?? 0),
      everHeld: heldMilliseconds !== undefined,
    });
    return mail;
  }
  return {
    sender,
    put,
    sent,
    goAway: () => void (away = true),
    comeBack: () => void (away = false),
    left: () => rows.size,
  };
}

test('a mail that was sent while the store went away is not sent by the other, who finds its claim over first', async () => {
  const store = sharedStore();
  store.sender('B', 0);
  const a = store.sender('A', 500);
  await moved(200);
  a.offer(store.put('x', CLAIM_SECONDS * 1000));
  await moved(10);
  store.goAway();
  await moved(60_000);
  store.comeBack();
  await moved(30_000);
  expect([store.sent, store.left()]).toEqual([['A x 0'], 0]);
});

test('at the return goes out what nobody held and what was free before; what a dead process held waits for ten seconds', async () => {
  const store = sharedStore();
  store.sender('B', 0);
  await moved(11_000);
  store.goAway();
  store.put('free before', -2000);
  store.put('of the dead', 5000);
  store.put('of nobody');
  await moved(30_000);
  store.comeBack();
  await moved(1000);
  expect(store.sent.toSorted()).toEqual(['B free before 41', 'B of nobody 41']);
  await moved(8000);
  expect(store.sent).toHaveLength(2);
  await moved(3000);
  expect(store.sent[2]).toMatch(/^B of the dead 5[12]$/);
  // And all is as before: the next dead one's is taken as soon as its claim is over.
  store.put('of the next', 2000);
  await moved(3000);
  expect(store.sent[3]).toMatch(/^B of the next 5[5-7]$/);
});

test('a sender that starts when the store is back leaves the others what they have sent, and takes what was given back at once', async () => {
  const store = sharedStore();
  const a = store.sender('A', 500);
  await moved(11_000);
  a.offer(store.put('x', CLAIM_SECONDS * 1000));
  await moved(10);
  store.goAway();
  await moved(CLAIM_SECONDS * 1000 + 300);
  store.put('given back');
  store.comeBack();
  store.sender('C', 0);
  await moved(100);
  expect(store.sent).toEqual(['A x 11', 'C given back 26']);
  await moved(30_000);
  expect([store.sent, store.left()]).toEqual([['A x 11', 'C given back 26'], 0]);
});

test('how long a claim must have been over: nothing, then since the store was last heard, until it has answered for ten seconds', () => {
  expect(createPatience(0).milliseconds(0)).toBe(16_000);
  const patience = createPatience(-10_000);
  patience.heard(-10_000);
  patience.heard(0);
  patience.heard(5000);
  expect(patience.milliseconds(6000)).toBe(0);
  patience.missed();
  patience.missed();
  expect(patience.milliseconds(20_000)).toBe(16_000);
  patience.heard(20_000);
  patience.heard(29_999);
  expect(patience.milliseconds(29_999)).toBe(25_999);
  // Away again: the claims of the first time are still their holders'.
  patience.missed();
  patience.heard(40_000);
  patience.heard(49_999);
  expect(patience.milliseconds(49_999)).toBe(45_999);
  patience.heard(50_000);
  expect(patience.milliseconds(50_000)).toBe(0);
});
