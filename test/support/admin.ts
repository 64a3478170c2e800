/** An api with an admin, two people and their addresses, and short forms of the calls. */
import { startApiProcess, startSes, tokenOf, user, type Answer } from './api.ts';
import { createTestDatabase } from './database.ts';
import { awaitCode } from './mailbox.ts';

const base = '/api/admin/email-management';

export type LoggedEvent = { type: string; data: Record<string, unknown> };

/** anna@example.com is verified by user 1 for business; bo_b@example.com was asked for by user 2 as a driver. */
export async function adminWorld() {
  const [db, ses] = await Promise.all([createTestDatabase(), startSes()]);
  const api = await startApiProcess({ databaseUrl: db.url, sesUrl: ses.url });
  const [admin, person] = await Promise.all([tokenOf(user(900), 'super_admin'), tokenOf(user(1))]);
  const asked = await send('anna@example.com', user(1), 'business');
  await guess('anna@example.com', user(1), await awaitCode(ses.url, 'anna@example.com'), String(asked.body.otpId));
  await send('bo_b@example.com', user(2), 'driver');
  await awaitCode(ses.url, 'bo_b@example.com');
  return { db, ses, api, person, send, guess, get, post, eventsOf, anonymous, stop };

  async function send(email: string, userId: string, purpose?: string): Promise<Answer> {
    const token = await tokenOf(userId);
    return api.call('POST', '/api/email-verification/send-otp', { token, body: { email, purpose } });
  }

  async function guess(email: string, userId: string, otp: string, otpId: string): Promise<Answer> {
    const token = await tokenOf(userId);
    return api.call('POST', '/api/email-verification/verify-otp', { token, body: { email, otp, otpId } });
  }

  function get(path: string, token = admin): Promise<Answer> {
    return api.call('GET', `${base}/${path}`, { token });
  }

  function post(path: string, body: object, token = admin): Promise<Answer> {
    return api.call('POST', `${base}/${path}`, { token, body });
  }

  function anonymous(path: string, body: object): Promise<Answer> {
    return api.call('POST', `${base}/${path}`, { body });
  }

  function eventsOf(email: string): PromiseLike<LoggedEvent[]> {
    return db.owner<LoggedEvent[]>`select type, data from events where stream_id = ${email} order by version`;
  }

  async function stop(): Promise<void> {
    await api.kill('SIGKILL');
    await Promise.all([ses.close(), db.drop()]);
  }
}
