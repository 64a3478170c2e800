/** What was promised to clients, held against the log, the outbox and the mailbox: the checker of every fault test. */
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import { inTurns } from './load.ts';
import { codeIn, type InboxMail } from './mailbox.ts';

export type LoggedEvent = Readonly<{
  address: string;
  version: number;
  type: string;
  at: Date;
  data: Readonly<{ otpId: string; mailing?: number; expiresAt?: string; reason?: string; attempts?: number }>;
}>;

export type ReceivedMail = Readonly<{ to: string; otpId: string; code: string; receivedAt: number }>;

type RawMail = InboxMail & Readonly<{ headers: Readonly<Record<string, string>>; receivedAt: string }>;

/** The whole log, in order. */
export async function readLog(owner: postgres.Sql): Promise<readonly LoggedEvent[]> {
  return owner<LoggedEvent[]>`
    select stream_id as address, version, type, at, data
    from events
    order by position
  `;
}

/** All mails that the local SES took for the address, oldest first; which code they carry, and of which otpId. */
export async function mailsOf(sesUrl: string, address: string): Promise<readonly ReceivedMail[]> {
  const response = await fetch(`${sesUrl}/messages?to=${encodeURIComponent(address)}&limit=500`);
  if (!response.ok) throw new Error(`the mailbox answers ${response.status}: ${await response.text()}`);
  const { messages } = (await response.json()) as { messages: RawMail[] };
  return messages.toReversed().map((mail) => ({
    to: mail.to.join(' '),
    otpId: mail.headers['x-entity-ref-id'] ?? '',
    code: codeIn(mail),
    receivedAt: Date.parse(mail.receivedAt),
  }));
}

/** The code of this otpId as it was mailed; empty where no mail came in time. */
export async function mailedCode(
  sesUrl: string,
  address: string,
  otpId: string,
  milliseconds = 10_000,
): Promise<string> {
  for (const deadline = performance.now() + milliseconds; ; await sleep(20)) {
    const code = (await mailsOf(sesUrl, address)).find((mail) => mail.otpId === otpId)?.code ?? '';
    if (code !== '' || performance.now() > deadline) return code;
  }
}

/** Waits until no mail waits any more; returns the milliseconds it took, or undefined when it did not happen in time. */
export async function outboxEmptied(owner: postgres.Sql, milliseconds: number): Promise<number | undefined> {
  const started = performance.now();
  for (;;) {
    const [row] = await owner<[{ mails: number }]>`select count(*)::integer as mails from outbox`;
    const took = performance.now() - started;
    if (row.mails === 0) return took;
    if (took > milliseconds) return undefined;
    await sleep(100);
  }
}

export type Verdict = Readonly<{
  /** A sentence for each promise broken. */
  broken: readonly string[];
  requested: number;
  mails: number;
  /** Mails beyond the first of one mailing. */
  repeats: number;
  sendFailed: number;
}>;

/**
 * Holds the promises of delivery: every acknowledged otpId was requested, and was mailed or has `send_failed`; every
 * mailing in the log has its `sent` or `send_failed`; mails of one otpId carry one code, none came after the code's
 * end, none belongs to a request that the log does not know; no mail is recorded as sent twice; the outbox is empty.
 */
export async function judgeDelivery(
  owner: postgres.Sql,
  sesUrl: string,
  told: readonly Readonly<{ address: string; otpId: string }>[],
): Promise<Verdict> {
  const log = await readLog(owner);
  const broken: string[] = [];
  const requests = new Map(log.filter(({ type }) => type === 'requested').map((event) => [event.data.otpId, event]));
  const failed = log.filter(({ type }) => type === 'send_failed');
  const failedIds = new Set(failed.map(({ data }) => data.otpId));
  const settled = new Set(log.filter(({ type }) => /^(?:sent|send_failed)$/.test(type)).map(mailingOf));
  const addresses = new Set([...told, ...requests.values()].map(({ address }) => address));
  const mails = (await inTurns([...addresses], 20, (address) => mailsOf(sesUrl, address))).flat();
  const mailed = Map.groupBy(mails, (mail) => mail.otpId);

  for (const { address, otpId } of told) {
    if (requests.get(otpId)?.address !== address) broken.push(`${otpId} was promised and is not in the log`);
    const came = mailed.get(otpId)?.every((mail) => mail.to === address) ?? false;
    if (!came && !failedIds.has(otpId)) broken.push(`${otpId} was promised and not mailed`);
  }
  for (const event of log) {
    if (event.type !== 'requested' || settled.has(mailingOf(event))) continue;
    broken.push(`${event.data.otpId} has neither sent nor send_failed`);
  }
  for (const [otpId, same] of mailed) {
    const request = requests.get(otpId);
    if (!request) broken.push(`${otpId} was mailed and is not in the log`);
    if (new Set(same.map(({ code }) => code)).size !== 1) broken.push(`${otpId} was mailed with different codes`);
    const end = Date.parse(request?.data.expiresAt ?? '');
    if (same.some(({ code, receivedAt }) => code === '' || receivedAt > end))
      broken.push(`${otpId} was mailed too late`);
  }
  const sent = Map.groupBy(log, ({ type, data }) => (type === 'sent' ? data.otpId : ''));
  sent.delete('');
  for (const [otpId, events] of sent) {
    const times = mailed.get(otpId)?.length ?? 0;
    if (events.length > times)
      broken.push(`${otpId} was mailed ${times} times and is recorded as sent ${events.length} times`);
  }
  const [left] = await owner<[{ mails: number }]>`select count(*)::integer as mails from outbox`;
  if (left.mails > 0) broken.push(`${left.mails} mails are still in the outbox`);
  return {
    broken,
    requested: requests.size,
    mails: mails.length,
    repeats: mails.length - mailed.size,
    sendFailed: failed.length,
  };
}

const mailingOf = ({ data }: LoggedEvent): string => `${data.otpId} ${data.mailing}`;
