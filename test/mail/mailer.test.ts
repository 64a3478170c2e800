/** The sender: one request a claim, at its pace; what each answer leads to, and what it must not lead to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished, describe, expect, test } from 'vitest';
import type { Command } from '../../services/core/decide.ts';
import type { Requested } from '../../services/core/events.ts';
import type { Mail } from '../../services/core/mail.ts';
import { createMailer, type Mailer } from '../../services/mail/mailer.ts';
import type { AskForPermits } from '../../services/mail/shared-pace.ts';
import type { SendResult } from '../../services/mail/transport.ts';
import { collectReports } from '../support/reports.ts';
import { addressOf } from '../support/rules.ts';

function mailOf(otpId: string, livesMilliseconds = 600_000): Mail {
  const event = { type: 'requested', version: 1, at: 0, data: { otpId, mailing: 1 } as Requested['data'] } as const;
  return { address: addressOf('a@example.com'), event, claim: 0, deferrals: 0, livesMilliseconds };
}

const POISON = 'poison';

/** A bucket of this process alone, as the store's is of all. */
function createLocalPace(): AskForPermits {
  let emptyAt = 0;
  return async (wanted, perSecond) => {
    const [now, gap] = [performance.now(), 1000 / perSecond];
    const burst = Math.max(1, Math.floor(perSecond / 10));
    const granted = Math.max(0, Math.min(wanted, Math.floor(burst - Math.max(0, emptyAt - now) / gap)));
    emptyAt = Math.max(emptyAt, now) + granted * gap;
    return { granted, waitMilliseconds: Math.max(0, emptyAt - (burst - 1) * gap - now) };
  };
}

/** A sender whose transport answers as told, with a look at everything it did. */
function sender(
  answer: (n: number) => SendResult | Promise<SendResult>,
  rate = 1000,
  claimed: Mail[] = [],
  store: () => Promise<void> = async () => {},
) {
  const sent: string[] = [];
  const recorded: Command[] = [];
  const deferred: { otpId: string; milliseconds: number }[] = [];
  const unsure = new Map<string, number>();
  const mailer: Mailer = createMailer({
    reportOn: collectReports().reportOn,
    outbox: {
      claim: async (limit) => claimed.splice(0, limit),
      defer: async ({ event }, milliseconds) => void deferred.push({ otpId: event.data.otpId, milliseconds }),
      countUnsure: async ({ event: { data } }) => {
        const times = (unsure.get(data.otpId) ?? 0) + 1;
        unsure.set(data.otpId, times);
        return times;
      },
      record: async (command) => {
        await store();
        recorded.push(command);
      },
      permits: createLocalPace(),
    },
    transport: {
      send: async ({ reference }) => answer(sent.push(reference)),
      sendRate: async () => rate,
      attemptMillisecondsMax: 6000,
      close: () => {},
    },
    compose: ({ event }) => {
      if (event.data.otpId === POISON) throw new Error('this mail cannot be composed');
      return { to: 'a@example.com', reference: event.data.otpId, message: { subject: '', text: '', html: '' } };
    },
  });
  onTestFinished(() => mailer.stop());
  return { mailer, sent, recorded, deferred };
}

const settled = () => sleep(60);

describe('the sender', () => {
  test('a taken mail is recorded as sent, once', async () => {
    const { mailer, sent, recorded, deferred } = sender(() => ({ kind: 'accepted', messageId: 'm1' }));
    mailer.offer(mailOf('x'));
    await settled();
    expect(sent).toEqual(['x']);
    expect(recorded).toMatchObject([{ type: 'record-sent', otpId: 'x', messageId: 'm1' }]);
    expect(deferred).toEqual([]);
  });

  test('a rejected one is final: recorded as failed, never tried again', async () => {
    const { mailer, sent, recorded, deferred } = sender(() => ({ kind: 'rejected' }));
    mailer.offer(mailOf('x'));
    await settled();
    expect(sent).toEqual(['x']);
    expect(recorded).toMatchObject([{ type: 'record-send-failed', reason: 'rejected' }]);
    expect(deferred).toEqual([]);
  });

  test('a throttled one goes back with jitter and is not recorded', async () => {
    const { mailer, recorded, deferred } = sender(() => ({ kind: 'throttled' }));
    mailer.offer(mailOf('x'));
    await settled();
    expect(recorded).toEqual([]);
    expect(deferred[0]?.milliseconds).toBeGreaterThanOrEqual(200);
    expect(deferred[0]?.milliseconds).toBeLessThanOrEqual(2000);
  });

  test('a service that was not reached has not taken the mail: it goes back, however often', async () => {
    const { mailer, recorded, deferred } = sender(() => ({ kind: 'unreached' }));
    for (const name of ['x', 'y', 'z']) mailer.offer(mailOf(name));
    await settled();
    expect(recorded).toEqual([]);
    expect(deferred).toHaveLength(3);
    expect(Math.min(...deferred.map(({ milliseconds }) => milliseconds))).toBeGreaterThanOrEqual(1000);
  });

  test('a second lost answer is the last: recorded as failed, never tried again', async () => {
    const { mailer, sent, recorded, deferred } = sender(() => ({ kind: 'unsure' }));
    for (const name of ['x', 'x']) {
      mailer.offer(mailOf(name));
      await settled();
    }
    expect(sent).toEqual(['x', 'x']);
    expect(recorded).toMatchObject([{ type: 'record-send-failed', otpId: 'x', reason: 'unanswered' }]);
    expect(deferred).toEqual([]);
  });

  test('one that cannot be composed fails alone; the next goes out', async () => {
    const { mailer, sent, recorded } = sender(() => ({ kind: 'accepted', messageId: 'm' }));
    for (const name of [POISON, 'y']) mailer.offer(mailOf(name));
    await settled();
    expect(sent).toEqual(['y']);
    expect(recorded).toMatchObject([
      { type: 'record-send-failed', otpId: POISON, reason: 'rejected' },
      { type: 'record-sent', otpId: 'y' },
    ]);
  });

  test('after a lost answer nothing is recorded and nothing given back: the claim runs out by itself', async () => {
    const { mailer, sent, recorded, deferred } = sender(() => ({ kind: 'unsure' }));
    mailer.offer(mailOf('x'));
    await settled();
    expect([sent, recorded, deferred]).toEqual([['x'], [], []]);
  });

  test('a service that takes no mail at all is asked once, and the sender says so', async () => {
    const { mailer, sent, deferred } = sender(() => ({ kind: 'unavailable', reason: 'paused' }));
    mailer.offer(mailOf('x'));
    await settled();
    for (const name of ['y', 'z']) mailer.offer(mailOf(name));
    await settled();
    expect(sent).toEqual(['x']);
    expect(deferred.map(({ otpId }) => otpId)).toEqual(['x', 'y', 'z']);
    expect([mailer.isAvailable(), mailer.hasRoom()]).toEqual([false, false]);
  });

  test('a mail whose code has died in its hands is not sent', async () => {
    const { mailer, sent } = sender(() => ({ kind: 'accepted', messageId: 'm' }), 2);
    for (const name of ['first', 'second', 'third']) mailer.offer(mailOf(name, 300));
    await sleep(1500);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent).not.toContain('third');
  });

  test('what the service took is not sent again by the process that could not record it, when it claims it again', async () => {
    let away = true;
    const claimed: Mail[] = [];
    const { sent, recorded } = sender(
      () => ({ kind: 'accepted', messageId: 'm' }),
      1000,
      claimed,
      async () => {
        if (away) throw new Error('the store is away');
      },
    );
    claimed.push(mailOf('x'));
    await sleep(700);
    claimed.push(mailOf('x'), mailOf('y'));
    away = false;
    await sleep(1200);
    expect(sent).toEqual(['x', 'y']);
    expect(recorded.map((command) => 'otpId' in command && command.otpId).toSorted()).toEqual(['x', 'y']);
  });

  test('what others left is claimed and sent', async () => {
    const { sent, recorded } = sender(() => ({ kind: 'accepted', messageId: 'm' }), 1000, [mailOf('left')]);
    await sleep(700);
    expect(sent).toEqual(['left']);
    expect(recorded).toHaveLength(1);
  });

  test('on stop the mail under way is finished and recorded, the waiting ones are given back at once', async () => {
    const { mailer, sent, recorded, deferred } = sender(async () => {
      await sleep(100);
      return { kind: 'accepted', messageId: 'm' };
    }, 2);
    await settled();
    for (const name of ['a', 'b', 'c']) mailer.offer(mailOf(name));
    await mailer.stop();
    expect(recorded).toHaveLength(sent.length);
    expect(sent.length + deferred.length).toBe(3);
    expect(deferred.every(({ milliseconds }) => milliseconds === 0)).toBe(true);
  });
});
