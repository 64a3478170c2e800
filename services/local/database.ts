/** The embedded database made ready: the guide's role and database, the role's password, the rights of the running programs. */
import postgres from 'postgres';
import { migrate } from '../store/migrate.ts';
import type { EmbeddedPostgres } from './postgres/server.ts';

const DATABASE = 'request_marketplace_prod';
const ROLE = 'request_app';

export type ReadyDatabase = Readonly<{ url: string; adminUrl: string }>;

export async function prepareDatabase(server: EmbeddedPostgres, password: string): Promise<ReadyDatabase> {
  const sql = postgres(server.url('postgres'), { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    const [role] = await sql`select from pg_roles where rolname = ${ROLE}`;
    if (!role) await sql.unsafe(`create role ${ROLE} login`);
    await sql.unsafe(`alter role ${ROLE} password '${password}'`);
    const [database] = await sql`select from pg_database where datname = ${DATABASE}`;
    if (!database) await sql.unsafe(`create database ${DATABASE}`);
    await migrate(server.url(DATABASE));
    await sql.unsafe(`grant sealpost_app to ${ROLE}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
  return {
    url: `postgres://${ROLE}:${password}@127.0.0.1:${server.port}/${DATABASE}`,
    adminUrl: server.url(DATABASE),
  };
}
