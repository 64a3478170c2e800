/** The status of the database: its version and schema, how busy it is, and who still has to read its log. */
import { build } from '../../runtime/build.ts';
import { readServerFacts } from '../../store/server-facts.ts';
import {
  readReplicationSlots,
  readSchemaName,
  readServerUse,
  type ReplicationSlot,
  type ServerUse,
} from '../../store/server-use.ts';
import type { DoctorContext } from '../doctor/context.ts';
import { checkDatabase, checkSchema } from '../doctor/database.ts';
import { type Finding, ok, warning, wrong } from '../doctor/finding.ts';
import { inBytes, inTime } from '../in-words.ts';
import { asOwner } from './part.ts';

/** The versions of Sealpost, PostgreSQL and the schema, and whether these go together. */
export async function lookAtVersions(context: DoctorContext): Promise<Finding> {
  const sealpost = build().version;
  const sql = await context.database().catch(() => undefined);
  if (!sql) return ok(`Sealpost ${sealpost}; the database does not answer.`);
  const schema = await checkSchema(context);
  if (schema.status !== 'ok') return schema;
  const [{ version: postgresql }, newest] = await Promise.all([readServerFacts(sql), readSchemaName(sql)]);
  const facts = { sealpost, postgresql, schema: newest };
  return { ...ok(`Sealpost ${sealpost}, PostgreSQL ${postgresql}, schema ${newest.replace(/\.sql$/, '')}.`), facts };
}

/** Whether it answers and takes writes, and how near it is to its limits. */
export async function lookAtDatabase(context: DoctorContext): Promise<Finding> {
  const answers = await checkDatabase(context);
  if (answers.status !== 'ok') return answers;
  return judgeUse(await asOwner(context, readServerUse));
}

const CONNECTIONS = { warning: 0.8, wrong: 0.95 };
/** What is open for so long keeps vacuum from removing what died since. */
const TRANSACTION_SECONDS_WARNING = 900;

export function judgeUse(use: ServerUse): Finding {
  const { databaseBytes, connections, connectionsMax, oldestTransactionSeconds: oldest } = use;
  const share = connections / connectionsMax;
  const open = oldest === null ? 'no open transaction' : `oldest transaction ${inTime(oldest)}`;
  const what = `${inBytes(databaseBytes)}, ${connections} of ${connectionsMax} connections, ${open}.`;
  const connect = 'Look in pg_stat_activity for who holds them; lower DB_POOL_MAX or raise max_connections.';
  if (share >= CONNECTIONS.wrong) return { ...wrong(what, connect), facts: use };
  if (share >= CONNECTIONS.warning) return { ...warning(what, connect), facts: use };
  if (oldest !== null && oldest > TRANSACTION_SECONDS_WARNING) {
    return { ...warning(what, 'Find it in pg_stat_activity, and end it with pg_terminate_backend.'), facts: use };
  }
  return { ...ok(what), facts: use };
}

/** Whether each reader of the log keeps up, and finds what it needs. */
export async function lookAtReplication(context: DoctorContext): Promise<Finding> {
  return judgeSlots(await asOwner(context, readReplicationSlots));
}

const LAG_BYTES_WARNING = 2 ** 30;

export function judgeSlots(slots: readonly ReplicationSlot[]): Finding {
  if (slots.length === 0) return { ...ok('There are no replication slots.'), facts: { slots } };
  const told = slots.map(
    ({ name, active, walStatus, lagBytes }) =>
      `${name} ${active ? 'is read' : 'is read by nobody'}, ${inBytes(lagBytes ?? 0)} behind, wal_status ${walStatus ?? 'unknown'}`,
  );
  const what = `${told.join('; ')}.`;
  const lost = slots.find(({ walStatus }) => walStatus === 'lost' || walStatus === 'unreserved');
  if (lost) {
    const todo = `Make the slot ${lost.name} anew, and a new base backup: what its reader needs is gone or about to go.`;
    return { ...wrong(what, todo), facts: { slots } };
  }
  const behind = slots.some(({ active, lagBytes }) => !active || (lagBytes ?? 0) > LAG_BYTES_WARNING);
  const todo = 'Start its reader, or drop the slot with pg_drop_replication_slot: until then it fills the disk.';
  return { ...(behind ? warning(what, todo) : ok(what)), facts: { slots } };
}
