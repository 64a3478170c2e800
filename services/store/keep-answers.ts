/** Keeps, under their Idempotency-Keys, the answers that no event stands for: that the address was verified already. */
import { answered, type Sql } from './database.ts';
import type { Asked, StreamPlan } from './plan.ts';

/** One statement where there is such an answer, none otherwise. */
export async function keepAnswers(
  sql: Sql,
  plans: readonly StreamPlan<Asked>[],
  timeoutMilliseconds: number,
): Promise<void> {
  const outcomes = plans.flatMap((plan) => plan.outcomes);
  const rows = outcomes.flatMap(([{ command, options }, outcome]) => {
    const isKept = 'because' in outcome && outcome.because === 'already-verified';
    if (!options.key || !isKept) return [];
    const { caller, keyHash, fingerprint } = options.key;
    return [{ caller, key_hash: keyHash, fingerprint, stream_id: command.address }];
  });
  if (rows.length === 0) return;
  const kept = sql`
    insert into idempotency_keys (caller, key_hash, fingerprint, stream_id, version, created_at, answer)
    select caller, key_hash, fingerprint, stream_id, version, event_clock(), 'already-verified'
    from jsonb_to_recordset(${sql.json(rows)})
      as k (caller uuid, key_hash text, fingerprint text, stream_id text)
    join streams on streams.id = stream_id
    on conflict do nothing
  `;
  await answered(kept, timeoutMilliseconds);
}
