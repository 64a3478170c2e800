/** The peer: a plain loop over the same driver that does the same writes, one transaction each, as most services do it. */
import { randomBytes, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { issueOf } from './row.ts';

/** Runs for so long over so many connections, and gives the transactions committed. For a process of its own. */
async function run(url: string, connections: number, seconds: number, name: string): Promise<number> {
  const sql = postgres(url, { max: connections, fetch_types: false, onnotice: () => {} });
  let done = 0;
  let n = 0;
  const until = performance.now() + seconds * 1000;
  const loops = Array.from({ length: connections }, async () => {
    while (performance.now() < until) {
      await transaction(`${name}${n++}@example.com`);
      done++;
    }
  });
  await Promise.all(loops);
  await sql.end();
  return done;

  async function transaction(address: string): Promise<void> {
    const row = issueOf(address, randomUUID(), randomUUID(), randomBytes(16).toString('base64url'));
    await sql.begin(async (tx) => {
      await tx`select version, state from streams where id = ${address} for update`;
      await tx`insert into streams (id, version, state, expires_at) values (${address}, 1, ${tx.json(row.state)}, ${row.expiresAt})`;
      await tx`insert into events (stream_id, version, type, at, data) values (${address}, 1, 'requested', ${row.at}, ${tx.json(row.data)})`;
      await tx`insert into user_email_addresses (user_id, email_address) values (${row.userId}, ${address})`;
      await tx`insert into email_otp_verifications (id, user_id, email, otp, expires_at) values (${row.otpId}, ${row.userId}, ${address}, ${row.digest}, ${row.expiresAt})`;
      await tx`insert into outbox (otp_id, mailing, stream_id, version, created_at, expires_at, claimed_until) values (${row.otpId}, 1, ${address}, 1, ${row.at}, ${row.expiresAt}, ${row.at})`;
    });
  }
}

const [url = '', connections = '64', seconds = '5', name = 'peer'] = process.argv.slice(2);
const started = performance.now();
const done = await run(url, Number(connections), Number(seconds), name);
console.log(JSON.stringify({ done, seconds: (performance.now() - started) / 1000 }));
