/** Holds log, read tables and mailbox of one history against the model, row by row. */
import { expect } from 'vitest';
import type { Address, Code, World } from './oracle/facts.ts';
import { rowOf } from './oracle/people.ts';
import type { Names } from './names.ts';
import type { Real } from './real.ts';

/** What the product keeps for itself, or draws by chance. */
const ofItsOwn = new Set(['salt', 'digest', 'keyId', 'epoch', 'addressHash', 'words']);
const iso = (value: Date | null): string | null => value?.toISOString() ?? null;

export async function compareLog({ db }: Real, world: World, names: Names, from: number): Promise<void> {
  const rows = await db.owner`
    select stream_id, version, type, at, data from events where at >= ${new Date(from)} order by stream_id, version
  `;
  const seen = new Map<string, object[]>();
  for (const { stream_id, version, type, at, data } of rows) {
    const facts = seen.get(stream_id) ?? [];
    seen.set(stream_id, facts);
    const shown = Object.entries(data as object).filter(([key]) => !ofItsOwn.has(key));
    const { ipHash: ip, requestId: request } = data as { ipHash?: unknown; requestId?: unknown };
    facts.push({
      version,
      type,
      at: iso(at),
      data: {
        ...Object.fromEntries(shown),
        ...(typeof ip === 'string' && /^[\w-]{6}$/.test(ip) ? { ipHash: '<ip>' } : {}),
        ...(typeof request === 'string' && /^[\da-f-]{36}$/.test(request) ? { requestId: '<request>' } : {}),
      },
    });
  }
  // The newest ghost is the one that was not seen before.
  for (const { name } of world.ghosts) {
    if (names.real(name) !== undefined) continue;
    const fresh = [...seen.keys()].find((id) => id.startsWith('erased-') && !names.knows(id));
    if (fresh !== undefined) names.same(fresh, name, 'the name of an erased address');
  }
  const expected = new Map(all(world).map((address) => [address.name, factsOf(address)]));
  const actual = new Map([...seen].map(([id, facts]) => [names.nameOf(id), facts]));
  for (const [id, facts] of expected) names.same(actual.get(id) ?? [], facts, `events of ${id}`);
  expect(
    [...actual.keys()].filter((id) => !expected.has(id)),
    'streams that nothing happened to',
  ).toEqual([]);
}

const all = (world: World): Address[] =>
  [...world.addresses.values(), ...world.ghosts].filter(({ facts }) => facts.length > 0);

const factsOf = (address: Address): object[] =>
  address.facts.map(({ type, at, data }, index) => ({
    version: index + 1,
    type,
    at: new Date(at).toISOString(),
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, key.endsWith('At') ? told(value) : value]),
    ),
  }));

const told = (at: unknown): unknown => (typeof at === 'number' ? new Date(at).toISOString() : at);

const sorted = <Row extends Record<string, unknown>>(rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));

/** The digest of each code, which never changes. */
export type Digests = Map<string, string>;

export async function compareTables(
  { db }: Real,
  world: World,
  names: Names,
  tag: string,
  digests: Digests,
  digitsOf: (name: string) => string | undefined,
): Promise<void> {
  const where = [`%.${tag}@%`, ...world.ghosts.map(({ name }) => String(names.real(name)))];
  const links = await db.owner`select * from user_email_addresses where email_address like any(${where})`;
  const shownLinks = links.map((row) => ({
    ...row,
    verified_at: iso(row.verified_at),
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
  }));
  const wanted = all(world).flatMap((address) => address.links.map((link) => rowOf(address, link)));
  names.same(sorted(names.renamedRows(shownLinks)), sorted(wanted), 'user_email_addresses');

  const codes = await db.owner`select * from email_otp_verifications where email like any(${where})`;
  const shownCodes = names.renamedRows(
    codes.map((row) => ({
      ...row,
      verified_at: iso(row.verified_at),
      expires_at: iso(row.expires_at),
      created_at: iso(row.created_at),
      updated_at: iso(row.updated_at),
    })),
  );
  const rows = all(world).flatMap((address) => address.codes.map((code) => codeRowOf(address, code)));
  names.same(sorted(shownCodes.map((row) => ({ ...row, otp: undefined }))), sorted(rows), 'email_otp_verifications');
  const imported = new Set(
    all(world).flatMap((address) => address.codes.filter((one) => one.imported).map(({ id }) => id)),
  );
  for (const { id, otp } of shownCodes) {
    const name = String(id);
    expect(otp, `otp of ${name}`).toMatch(imported.has(name) ? /^imported$/ : /^[\w-]{10}$/);
    expect(otp).not.toContain(digitsOf(name) ?? 'never mailed');
    expect(digests.get(name) ?? otp, `otp of ${name} stays`).toBe(otp);
    digests.set(name, String(otp));
  }
}

const codeRowOf = (address: Address, code: Code): Record<string, unknown> => ({
  id: code.id,
  user_id: code.user,
  email: address.name,
  purpose: code.purpose,
  verified: code.verifiedAt !== null,
  verified_at: told(code.verifiedAt),
  expires_at: told(code.expiresAt),
  attempts: code.attempts,
  max_attempts: 3,
  created_at: told(code.createdAt),
  updated_at: told(code.updatedAt),
});

type Message = { id: string; to: string[]; text: string; headers: Record<string, string> };

/** Compares the mails, and returns the digits that each code was mailed with. */
export async function compareMails({ ses }: Real, world: World, names: Names): Promise<Map<string, string>> {
  const { messages } = (await (await fetch(`${ses.url}/messages?limit=500`)).json()) as { messages: Message[] };
  const shown = messages
    .toReversed()
    .map(({ id, to, headers }) => ({ id, to: to.join(), code: headers['x-entity-ref-id'] }));
  const wanted = world.mails.map(({ id, to, code }) => ({ id, to, code }));
  names.same(shown, wanted, 'mails');
  const digits = new Map<string, string>();
  for (const [index, { text }] of messages.toReversed().entries()) {
    const code = world.mails[index]?.code ?? '';
    const mailed = /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0] ?? 'no code';
    expect(mailed, `every mail of ${code} has the same code`).toBe(digits.get(code) ?? mailed);
    expect(mailed).toMatch(/^\d{6}$/);
    digits.set(code, mailed);
  }
  return digits;
}
