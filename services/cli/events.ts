/** `sealpost events`: prints the whole story of an address, an event a line. */
import type { Command } from 'commander';
import { parseEmailAddress } from '../core/email-address.ts';
import type { Environment } from '../runtime/settings.ts';
import { readEvents } from '../store/queries.ts';
import { withReader } from './admin-url.ts';

export function addEvents(program: Command, environment: Environment): void {
  program
    .command('events')
    .description('print every event of an address, in order')
    .requiredOption('--email <address>', 'the address')
    .option('--json', 'a JSON object a line')
    .action(async ({ email, json }: { email: string; json?: boolean }) => {
      const parsed = parseEmailAddress(email);
      if (!parsed.ok) throw new Error(`The address ${parsed.reason}.`);
      await withReader(environment)(async (sql) => {
        const events = await readEvents(sql, parsed.address);
        for (const event of events) {
          const { version, type, at, data } = event;
          console.log(
            json ? JSON.stringify(event) : `${version}\t${at.toISOString()}\t${type}\t${JSON.stringify(data)}`,
          );
        }
        if (events.length === 0) console.error('There are no events for this address.');
      });
    });
}
