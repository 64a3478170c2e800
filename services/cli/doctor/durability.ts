/** Whether PostgreSQL keeps what it acknowledged when the power goes, and notices a disk that forgets. */
import { readServerFacts, type ServerFacts } from '../../store/server-facts.ts';
import { type Finding, NotChecked, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

export async function checkDurability({ database }: DoctorContext): Promise<Finding> {
  const sql = await database().catch(() => {
    throw new NotChecked('the database does not answer');
  });
  return judgeDurability(await readServerFacts(sql));
}

export function judgeDurability(facts: ServerFacts): Finding {
  const { fsync, fullPageWrites, synchronousCommit, dataChecksums } = facts;
  const off = [
    ...(fsync === 'off' ? ['fsync'] : []),
    ...(fullPageWrites === 'off' ? ['full_page_writes'] : []),
    ...(synchronousCommit === 'off' ? ['synchronous_commit'] : []),
  ];
  if (off.length > 0) {
    const what = `${off.join(', ')} ${off.length > 1 ? 'are' : 'is'} off: a crash loses what was acknowledged.`;
    return wrong(what, 'Set it to on in postgresql.conf, and for the role and the database, then reload.');
  }
  if (dataChecksums !== 'on') {
    return warning(
      'data_checksums is off: a disk that corrupts pages goes unnoticed.',
      'Stop PostgreSQL, run "pg_checksums --enable", start it.',
    );
  }
  return ok('fsync, full_page_writes, synchronous_commit and data_checksums are on.');
}
