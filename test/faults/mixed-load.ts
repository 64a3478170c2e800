/** People who verify addresses without a pause: each asks for a code, mistypes it once, types it right, and looks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenOf } from '../support/api.ts';
import { mailedCode } from '../support/history.ts';
import { type Ask, type Client, type Reply, sendOtp, statusOf, verifyOtp } from '../support/load.ts';
import { wrongCode } from '../support/mailbox.ts';

export type Kind = 'send' | 'wrong' | 'right' | 'status';

/** One request of one client and what it was told. */
export type Step = Readonly<{ kind: Kind; address: string; otpId: string; reply: Reply }>;

export type MixedLoad = Readonly<{
  history: readonly Step[];
  /** How many of the people had something done for them that they asked for after this instant of performance.now(). */
  served(after: number): number;
  /** Lets everyone finish what they are at. */
  stop(): Promise<void>;
}>;

const PAUSE_MILLISECONDS = 25;
const RETRY_MILLISECONDS = 250;

/** An answer that says something was done, rather than that the store was away. */
export const isSuccess = ({ reply }: Step): boolean => reply.status === 200 || reply.error === 'otp_incorrect';

export function startMixedLoad(client: Client, sesUrl: string, people: number): MixedLoad {
  const history: Step[] = [];
  const stopping = new AbortController();
  const all = Array.from({ length: people }, (_, n) => live(n));
  return { history, served, stop };

  async function live(n: number): Promise<void> {
    for (let round = 0; !stopping.signal.aborted; round++) await verifyOne(`person-${n}-${round}@example.com`);
  }

  async function verifyOne(address: string): Promise<void> {
    const token = await tokenOf(crypto.randomUUID());
    const sent = await insist('send', address, '', sendOtp(token, address, crypto.randomUUID()));
    const otpId = String(sent.body.otpId);
    if (sent.status !== 200) return;
    const code = await mailedCode(sesUrl, address, otpId, 2000);
    // Not mailed yet: the sender was cut off from the store; another turn of its lease will mail it.
    if (code === '') return;
    await ask('wrong', address, otpId, verifyOtp(token, address, otpId, wrongCode(code)));
    await insist('right', address, otpId, verifyOtp(token, address, otpId, code));
    await ask('status', address, otpId, statusOf(token, address));
  }

  async function ask(kind: Kind, address: string, otpId: string, request: Ask): Promise<Reply> {
    const reply = await client.ask(request);
    history.push({ kind, address, otpId: otpId || String(reply.body.otpId), reply });
    await sleep(PAUSE_MILLISECONDS);
    return reply;
  }

  /** As a good client does: the very same request again while the outcome is unknown. */
  async function insist(kind: Kind, address: string, otpId: string, request: Ask): Promise<Reply> {
    for (;;) {
      const reply = await ask(kind, address, otpId, request);
      if (reply.status === 200 || reply.status === 400 || stopping.signal.aborted) return reply;
      await sleep(RETRY_MILLISECONDS);
    }
  }

  function served(after: number): number {
    const done = history.filter((step) => step.reply.startedAt >= after && isSuccess(step));
    return new Set(done.map(({ address }) => address.split('-')[1])).size;
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await Promise.all(all);
  }
}
