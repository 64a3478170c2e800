/** One PostgreSQL for the run, with a template database that has all migrations; each test file copies it. */
import type { TestProject } from 'vitest/node';
import { migrate } from '../../services/store/migrate.ts';
import postgres from 'postgres';
import { startTestCluster } from './cluster.ts';
import { fillCompileCache } from './inherited.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    clusterUrl: string;
  }
}

export const TEMPLATE = 'sealpost_template';
/** The login of the running programs in tests: as weak as in production. */
export const APP_ROLE = 'request_app';
export const APP_PASSWORD = 'test-only-password';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [cluster] = await Promise.all([startTestCluster(), fillCompileCache()]);
  const sql = postgres(cluster.url('postgres'), { max: 1, onnotice: () => {} });
  await sql.unsafe(`drop database if exists ${TEMPLATE}`);
  await sql.unsafe(`create database ${TEMPLATE}`);
  await migrate(cluster.url(TEMPLATE));
  const [role] = await sql`select from pg_roles where rolname = ${APP_ROLE}`;
  if (!role) await sql.unsafe(`create role ${APP_ROLE} login password '${APP_PASSWORD}' in role sealpost_app`);
  await sql.end();
  project.provide('clusterUrl', cluster.url('postgres'));
  return () => cluster.stop();
}
