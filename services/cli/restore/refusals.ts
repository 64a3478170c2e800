/** Why a backup is not to be restored into this installation: its schema, its keys, its damage. All of it at once. */
import { PlainError } from '../../runtime/safe-error.ts';
import { isLedgerKey } from '../made-secrets.ts';
import type { Migration } from '../../store/migrate.ts';
import type { Source } from './source.ts';

/** What was asked for cannot be restored; the message names it and says why, and what would be right. */
export class RestoreRefused extends PlainError {
  override readonly name = 'RestoreRefused';
}

export type Allowed = Readonly<{ olderSchema: boolean; otherKeys: boolean }>;

/** Sentences, each naming the file and what would be right; none where nothing stands against it. */
export function refusalsOf(
  { name, facts }: Pick<Source, 'name' | 'facts'>,
  known: readonly Pick<Migration, 'number' | 'name'>[],
  keys: readonly string[],
  allowed: Allowed,
): readonly string[] {
  return [...schemaRefusals(name, facts, known, allowed), ...keyRefusals(name, facts.keys ?? [], keys, allowed)];
}

function schemaRefusals(
  name: string,
  { schema, version }: Source['facts'],
  known: readonly Pick<Migration, 'number' | 'name'>[],
  { olderSchema }: Allowed,
): readonly string[] {
  const newest = known.at(-1);
  const of = `${name} has the schema of ${schema.name}`;
  const by = version === undefined ? 'the Sealpost that it is of' : `Sealpost ${version}`;
  if (schema.number > (newest?.number ?? 0)) {
    return [`${of}, and this program knows none after ${newest?.name}: restore it with ${by}, or a later one.`];
  }
  if (!known.some((one) => one.number === schema.number && one.name === schema.name)) {
    return [`${of}, which is no migration of this program: it is of another Sealpost.`];
  }
  if (schema.number === newest?.number || olderSchema) return [];
  const pending = known.filter(({ number }) => number > schema.number).length;
  return [
    `${of}, ${pending} migration${pending === 1 ? '' : 's'} before this program's: restore it with ${by}, or add --allow-older-schema, which migrates it.`,
  ];
}

function keyRefusals(
  name: string,
  made: readonly string[],
  keys: readonly string[],
  { otherKeys }: Allowed,
): readonly string[] {
  const [newest] = made;
  if (newest === undefined || keys.includes(newest) || otherKeys) return [];
  // The ledger's own key outlives every rotation of the others.
  if (made.some((id) => isLedgerKey(id) && keys.includes(id))) return [];
  return [
    `${name} was made with the key ${newest}, and this installation has ${keys.join(', ')}: put that secret back (OTP_KEYS, or JWT_SECRET that it was made from), since the apps' tokens go with it; or add --allow-other-keys.`,
  ];
}
