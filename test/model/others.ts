/** What others bring: reports of SES, rows of the guide's system, an admin's look. */
import { expect } from 'vitest';
import { user as userId } from '../support/api.ts';
import type { History } from './history.ts';
import { importCode, importLink } from './oracle/import.ts';
import * as people from './oracle/people.ts';
import { report as reported } from './oracle/reports.ts';
import type { Step } from './steps.ts';

export async function report(history: History, step: Step & { do: 'report' }): Promise<void> {
  const { mails } = history.world;
  const mail = mails[step.n % Math.max(1, mails.length)];
  if (!mail) return;
  const earlier = history.reported.findLast((one) => one.mail === mail.id && one.kind === step.kind);
  const id = step.kind === 'delivered' ? `delivered ${mail.id}` : `${history.tag}-${history.reports++}`;
  const said = step.again && earlier ? earlier : { mail: mail.id, kind: step.kind, id };
  history.reported.push(said);
  const about = { mail: { messageId: history.names.real(mail.id), destination: [mail.to] } };
  const feedbackId = said.id;
  const bounce = {
    bounceType: step.kind === 'hard' ? 'Permanent' : 'Transient',
    bounceSubType: 'General',
    feedbackId,
  };
  const told = {
    delivered: { notificationType: 'Delivery', ...about, delivery: {} },
    soft: { notificationType: 'Bounce', ...about, bounce },
    hard: { notificationType: 'Bounce', ...about, bounce },
    complained: {
      notificationType: 'Complaint',
      ...about,
      complaint: { complaintFeedbackType: 'abuse', feedbackId },
    },
  }[step.kind];
  const status = await history.real.report(told);
  // Of a mail whose address was erased since, nothing is known any more: SNS may be told to come again.
  if (history.world.addresses.get(mail.to)?.codes.some(({ id: one }) => one === mail.code)) expect(status).toBe(200);
  reported(history.world, said);
}

export async function bringOver(history: History, step: Step & { do: 'import link' | 'import code' }): Promise<void> {
  const [email, user, purpose] = [history.name(step.to), history.who(step.user), step.purpose ?? 'verification'];
  const createdAt = Date.parse('2025-03-01T08:00:00.000Z');
  const updatedAt = createdAt + 3_600_000;
  const verifiedAt = step.verified ? createdAt + (step.purpose === null ? 60_000 : 120_000) : null;
  const { owner } = history.real.guide;
  if (step.do === 'import link') {
    await owner`
      insert into user_email_addresses
        (user_id, email_address, is_verified, verified_at, purpose, verification_method, created_at, updated_at)
      values (${user}, ${history.spell(step.to, step.spelling)}, ${step.verified}, ${utc(verifiedAt)}::text::timestamp, ${purpose}, ${step.method},
        ${utc(createdAt)}::text::timestamp, ${utc(updatedAt)}::text::timestamp)
    `;
    importLink(history.world, email, { user, purpose, verifiedAt, method: step.method, createdAt, updatedAt });
  } else {
    const id = userId(1_000_000 + Number(history.tag.slice(1)) * 10 + step.n);
    const expiresAt = createdAt + 600_000;
    await owner`
      insert into email_otp_verifications
        (id, user_id, email, otp, purpose, verified, verified_at, expires_at, attempts, created_at, updated_at)
      values (${id}, ${user}, ${email}, '482913', ${purpose}, ${step.verified}, ${utc(verifiedAt)}::text::timestamp,
        ${utc(expiresAt)}::text::timestamp, 1, ${utc(createdAt)}::text::timestamp, ${utc(updatedAt)}::text::timestamp)
    `;
    importCode(history.world, email, { id, user, purpose, verifiedAt, expiresAt, attempts: 1, createdAt, updatedAt });
  }
  await history.real.bringOver();
}

/** The admin's pages show the rows. */
export async function look(history: History): Promise<void> {
  const found = await history.read(`user-emails?limit=200&search=.${history.tag}@`);
  const links = [...history.world.addresses.values()].flatMap((address) =>
    address.links.map((link) => ({ ...people.rowOf(address, link), user_name: null })),
  );
  history.names.same(inOrder(history.names.renamedRows(found.body.emails as object[])), inOrder(links), 'user-emails');
  for (const address of history.world.addresses.values()) {
    if (address.facts.length === 0) continue;
    const { body } = await history.read(`timeline?email=${encodeURIComponent(address.name)}`);
    expect((body.events as { type: string }[]).map(({ type }) => type)).toEqual(address.facts.map(({ type }) => type));
  }
}

const utc = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString().replace('Z', ''));

const inOrder = (rows: readonly Record<string, unknown>[]) =>
  rows.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
