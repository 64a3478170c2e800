/** The erasure ledger as a test of addresses; it names keys, and without one of them it would miss people in silence. */
import type { EmailAddress } from '../core/email-address.ts';
import { addressHash, type OtpKeys } from '../runtime/keys.ts';
import { readLedger } from '../runtime/erasure-ledger.ts';

export type Ledger = Readonly<{ entries: number; has(address: EmailAddress): boolean }>;

/** Throws where the ledger was written with a key that is not among these, unless such erasures are given up as `lost`. */
export async function openLedger(file: string, keys: OtpKeys, { lost = false } = {}): Promise<Ledger> {
  const entries = await readLedger(file);
  const keyIds = [...new Set(entries.map(({ keyId }) => keyId))];
  const missing = keyIds.filter((id) => !keys.some((key) => key.id === id));
  if (missing.length > 0 && !lost) {
    throw new Error(
      `The erasure ledger needs the keys ${missing.join(', ')}, and without them would miss people: put them behind the newest of ERASURE_KEYS. ` +
        '"sealpost erasures keys --with FILE" prints those of now and of the JWT_SECRET in FILE in that form.',
    );
  }
  const hashes = new Set(entries.map(({ addressHash: hash }) => hash));
  return {
    entries: entries.length,
    has: (address) => keyIds.some((id) => hashes.has(addressHash(keys, id, address) ?? '')),
  };
}
