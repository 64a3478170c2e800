/** Keeps, under its Idempotency-Key, the one answer that no event stands for: that the address was verified already. */
import type { Sql } from './database.ts';
import type { Asked, Handled } from './plan.ts';

type Unchanged = Extract<Handled, { kind: 'unchanged' }>;

/** One statement where there is a key and such an answer, none otherwise. */
export async function keepAnswer(sql: Sql, { command, options }: Asked, { because }: Unchanged): Promise<void> {
  if (!options.key || because !== 'already-verified') return;
  const { caller, keyHash, fingerprint } = options.key;
  await sql`
    insert into idempotency_keys (caller, key_hash, fingerprint, stream_id, version, created_at, answer)
    select ${caller}, ${keyHash}, ${fingerprint}, id, version, event_clock(), 'already-verified'
    from streams
    where id = ${command.address}
    on conflict do nothing
  `;
}
