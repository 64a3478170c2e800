/** The versions of what the stack uses (the guide's checks of node and psql), and whether they are ones it was tried with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readServerFacts, type ServerFacts } from '../../store/server-facts.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const POSTGRESQL_MIN = 13;
const POSTGRESQL_TRIED = 18;

export async function checkVersions({ database }: DoctorContext): Promise<Finding> {
  const { node, openssl } = process.versions;
  const programs = `Sealpost ${ownVersion()}, Node ${node}, OpenSSL ${openssl}, ${process.platform} ${process.arch}`;
  const server = await database()
    .then(readServerFacts)
    .catch(() => undefined);
  return judgeVersions(programs, server);
}

export function judgeVersions(programs: string, server: Pick<ServerFacts, 'version' | 'major'> | undefined): Finding {
  if (!server) return ok(`${programs}; PostgreSQL does not answer.`);
  const all = `${programs}, PostgreSQL ${server.version}.`;
  if (server.major < POSTGRESQL_MIN) return wrong(all, `Upgrade PostgreSQL to ${POSTGRESQL_MIN} or later.`);
  if (server.major > POSTGRESQL_TRIED)
    return warning(all, `Sealpost was tried with PostgreSQL up to ${POSTGRESQL_TRIED}.`);
  return ok(all);
}

function ownVersion(): string {
  const manifest = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
