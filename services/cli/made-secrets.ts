/** The secrets that a stack makes for itself, in its folder's `made`: once where .env has none, and another one on request. */
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inLedgerForm, otpKeysOf } from '../config/keys.ts';
import { LOCAL_KEY } from '../config/mail.ts';
import { otpKey } from '../runtime/keys.ts';
import type { Environment } from '../runtime/settings.ts';
import { writeWhole } from '../runtime/whole-file.ts';

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');
const LEDGER_KEY = 'ledger_';
const ledgerKey = () => otpKey(`${LEDGER_KEY}${randomBytes(4).toString('hex')}`, randomBytes(32));

/** By its id: of the ledger alone, and made by a stack. */
export const isLedgerKey = (id: string): boolean => id.startsWith(LEDGER_KEY);

/** By name; `valueOf` tells the others. */
const makers: Readonly<Record<string, (valueOf: (name: string) => string) => string>> = {
  JWT_SECRET: () => random(48),
  DB_PASSWORD: () => random(24),
  POSTGRES_PASSWORD: () => random(24),
  GRAFANA_PASSWORD: () => random(18),
  BACKUP_DB_PASSWORD: () => random(24),
  // The ledger of a stack that had no keys for it was written with those of the codes.
  ERASURE_KEYS: (valueOf) => inLedgerForm([ledgerKey(), ...codeKeys(valueOf)]),
  // While there are no AWS keys, what the programs sign with and the mailbox checks.
  AWS_ACCESS_KEY_ID: () => `${LOCAL_KEY}${randomBytes(8).toString('hex').toUpperCase()}`,
  AWS_SECRET_ACCESS_KEY: () => random(24),
};

function codeKeys(valueOf: (name: string) => string) {
  const [OTP_KEYS, JWT_SECRET, JWT_SECRET_PREVIOUS] = ['OTP_KEYS', 'JWT_SECRET', 'JWT_SECRET_PREVIOUS'].map(
    (name) => valueOf(name) || undefined,
  );
  return otpKeysOf({ OTP_KEYS, JWT_SECRET, JWT_SECRET_PREVIOUS });
}

/** The names of those that can be made anew, and what must be unset in .env for it. */
const rotated: Readonly<Record<string, readonly string[]>> = {
  JWT_SECRET: ['JWT_SECRET', 'JWT_SECRET_PREVIOUS'],
  DB_PASSWORD: ['DB_PASSWORD', 'DATABASE_URL'],
  BACKUP_DB_PASSWORD: ['BACKUP_DB_PASSWORD', 'DATABASE_URL'],
  POSTGRES_PASSWORD: ['POSTGRES_PASSWORD', 'DATABASE_URL'],
  ERASURE_KEYS: ['ERASURE_KEYS'],
};

export const rotatedNames: readonly string[] = Object.keys(rotated);

const placeOf = (folder: string, name: string): string => join(folder, 'made', name);
const NEXT_JWT_SECRET = 'JWT_SECRET_NEXT';

/** .env's, else the one that is there; undefined where there is none yet. It outlives a time in which .env named another. */
export function secretThere(folder: string, name: string, environment: Environment): string | undefined {
  const given = environment[name];
  if (given) return given;
  if (name !== 'JWT_SECRET_PREVIOUS') return textOf(placeOf(folder, name));
  // The programs accept the next one before anybody signs with it. Neither belongs to a secret of .env.
  if (environment.JWT_SECRET) return undefined;
  return nextOf(folder) ?? textOf(placeOf(folder, name));
}

/** Undefined where there is none, or where it is in its place already and was only left behind. */
function nextOf(folder: string): string | undefined {
  const next = textOf(placeOf(folder, NEXT_JWT_SECRET));
  return next === textOf(placeOf(folder, 'JWT_SECRET')) ? undefined : next;
}

/** The one that is there, else one that is made now, its name then in `fresh`; empty where it is .env's alone. */
export function secretOrNew(folder: string, name: string, environment: Environment, fresh: string[]): string {
  const there = secretThere(folder, name, environment);
  const make = makers[name];
  if (there !== undefined || !make) return there ?? '';
  const value = make((other) => secretOrNew(folder, other, environment, fresh));
  writeMade(folder, name, value);
  fresh.push(name);
  return value;
}

/** Makes another JWT_SECRET, which is accepted and signs nothing yet; where one waits already, that one stays. */
export function makeNext(folder: string, name: string, environment: Environment): void {
  refuseOthers(name, environment);
  if (name !== 'JWT_SECRET') throw new Error('Only JWT_SECRET has a next one.');
  if (textOf(placeOf(folder, NEXT_JWT_SECRET)) === undefined) writeMade(folder, NEXT_JWT_SECRET, random(48));
}

/** Puts another one in its place: of JWT_SECRET the next one, of ERASURE_KEYS one before the others. */
export function makeAnother(folder: string, name: string, environment: Environment): void {
  refuseOthers(name, environment);
  const there = textOf(placeOf(folder, name)) ?? '';
  if (name === 'ERASURE_KEYS' && there !== '')
    return writeMade(folder, name, `${inLedgerForm([ledgerKey()])},${there}`);
  if (name === 'JWT_SECRET') return signWithNext(folder, there);
  writeMade(folder, name, makers[name]?.(() => '') ?? '');
}

// Ended anywhere in between, it is done by another call.
function signWithNext(folder: string, before: string): void {
  const next = textOf(placeOf(folder, NEXT_JWT_SECRET));
  if (next === undefined)
    throw new Error('There is no next JWT_SECRET that the programs accept: "--next JWT_SECRET" makes it.');
  if (next !== before) writeMade(folder, 'JWT_SECRET_PREVIOUS', before);
  writeMade(folder, 'JWT_SECRET', next);
  rmSync(placeOf(folder, NEXT_JWT_SECRET));
}

function refuseOthers(name: string, environment: Environment): void {
  const needs = rotated[name];
  if (!needs) throw new Error(`It must be one of ${rotatedNames.join(', ')}.`);
  const set = needs.find((one) => environment[one]);
  if (set) throw new Error(`.env sets ${set}: change it there, then run "./sealpost apply".`);
}

const writeMade = (folder: string, name: string, value: string): void =>
  writeWhole(placeOf(folder, name), value, 0o400);

/** Undefined where there is no such file. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}
