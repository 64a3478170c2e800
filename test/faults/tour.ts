/** Takes canaries through every endpoint, right and wrong, and remembers each of them. */
import { randomBytes } from 'node:crypto';
import { JWT_SECRET, tokenOf } from '../support/api.ts';
import { mailedCode } from '../support/history.ts';
import { type Ask, type Client, type Reply, sendOtp, statusOf, verifyOtp } from '../support/load.ts';
import { wrongCode } from '../support/mailbox.ts';
import { issueToken } from '../../services/runtime/token.ts';
import type { Canary } from './canary.ts';

export type Tour = Readonly<{
  canaries: Canary[];
  replies: Reply[];
  /** One person asks, mistypes, and unless told to leave the code alive, verifies; the code, empty where none was mailed. */
  visit(options: Readonly<{ leave: boolean; mailed: boolean }>): Promise<string>;
  /** Everything that can be wrong with a request, each with canaries in it. */
  misbehave(): Promise<void>;
  /** An admin looks for a person in every list. */
  administer(address: string): Promise<void>;
}>;

const base = '/api/email-verification';
const admin = '/api/admin/email-management';

/** Clients of every process take turns. */
export function createTour(clients: readonly Client[], sesUrl: string): Tour {
  const canaries: Canary[] = [];
  const replies: Reply[] = [];
  let turns = 0;
  return { canaries, replies, visit, misbehave, administer };

  function remember(kind: Canary['kind'], text: string): string {
    canaries.push({ kind, text });
    return text;
  }

  async function ask(request: Ask): Promise<Reply> {
    const client = clients[turns++ % clients.length];
    if (!client) throw new Error('there is no client');
    const reply = await client.ask(request);
    replies.push(reply);
    return reply;
  }

  async function person() {
    const local = remember('address', `canary${randomBytes(8).toString('hex')}`);
    const userId = remember('id', crypto.randomUUID());
    return { local, address: `${local}@example.com`, token: remember('token', await tokenOf(userId)) };
  }

  async function visit({ leave, mailed }: { leave: boolean; mailed: boolean }): Promise<string> {
    const { address, token } = await person();
    const key = remember('key', randomBytes(16).toString('hex'));
    const sent = await ask(sendOtp(token, address, key));
    const otpId = String(sent.body.otpId ?? crypto.randomUUID());
    remember('id', otpId);
    await ask(sendOtp(token, address, key));
    await ask(sendOtp(token, address));
    await ask({ ...sendOtp(token, address), path: `${base}/resend-otp` });
    await ask(statusOf(token, address.toUpperCase()));
    const code = sent.status === 200 && mailed ? await mailedCode(sesUrl, address, otpId, 3000) : '';
    if (code === '') return code;
    remember('code', code);
    await ask(verifyOtp(token, address, otpId, remember('guess', wrongCode(code))));
    await ask(verifyOtp(await tokenOf(crypto.randomUUID()), address, otpId, code));
    if (leave) return code;
    await ask(verifyOtp(token, address, otpId, `${code.slice(0, 5)} ${code.slice(5)}`));
    await ask(verifyOtp(token, address, otpId, code));
    await ask(sendOtp(token, address));
    await ask({ method: 'GET', path: `${base}/list`, token });
    return code;
  }

  async function misbehave(): Promise<void> {
    const { local, address, token } = await person();
    const guess = remember('guess', wrongCode(randomBytes(5).readUIntBE(0, 5).toString().padStart(10, '1').slice(-10)));
    const send = (body: unknown, more: Partial<Ask> = {}) => ask({ path: `${base}/send-otp`, token, body, ...more });
    const verify = (body: unknown) => ask({ path: `${base}/verify-otp`, token, body });
    const other = { userId: crypto.randomUUID(), role: undefined, expiresIn: '1h' };
    const forged = remember('token', await issueToken({ ...other, secret: `${JWT_SECRET}-no` }));
    const expired = remember('token', await issueToken({ ...other, secret: JWT_SECRET, expiresIn: '-1h' }));
    const wrong = [`${local}@@example.com`, `${address},b@example.com`, `${address}\r\nBcc: b@example.com`, local];
    for (const email of wrong) await send({ email });
    await send({ email: [address], purpose: guess });
    await send({ email: address, purpose: `${guess}!`, locale: guess });
    await send(`{"email":"${address}","otp":"${guess}"`);
    await send({ email: address, filler: guess.repeat(500) });
    await send({ email: address }, { headers: { 'Content-Type': 'text/plain' } });
    await send({ email: address }, { headers: { 'Idempotency-Key': remember('key', `short${guess.slice(3)}`) } });
    await verify({ email: address, otp: guess, otpId: remember('id', crypto.randomUUID()) });
    await verify({ email: address, otp: Number(guess) });
    await verify({ email: address, otp: `${guess} is what I typed`, otpId: guess });
    for (const bad of [forged, expired, `${token}x`]) await ask(statusOf(bad, address));
    await ask({
      method: 'GET',
      path: `${base}/list`,
      headers: { Authorization: `Basic ${btoa(`${address}:${guess}`)}` },
    });
    await ask({ method: 'DELETE', path: `${base}/status/${address}`, token });
    await ask({ method: 'GET', path: `${base}/status/${encodeURIComponent(`${address}/${guess}`)}`, token });
    await ask({ method: 'GET', path: `/${address}/${guess}?token=${token}`, token });
    await ask({ method: 'GET', path: `${admin}/user-emails?search=${address}`, token });
  }

  async function administer(address: string): Promise<void> {
    const token = remember('token', await tokenOf(crypto.randomUUID(), 'admin'));
    const search = encodeURIComponent(address);
    for (const path of [
      `user-emails?search=${search}`,
      `otp-history?email=${search}`,
      `timeline?email=${search}`,
      'stats',
    ]) {
      await ask({ method: 'GET', path: `${admin}/${path}`, token });
    }
    const [manual, suppressed] = [await person(), await person()];
    const body = { userId: crypto.randomUUID(), email: manual.address };
    await ask({ path: `${admin}/manual-verify`, token, body });
    await ask({ path: `${admin}/suppressions`, token, body: { email: suppressed.address } });
    await ask(sendOtp(suppressed.token, suppressed.address));
  }
}
