/** `sealpost sending`: whom mails go out to now, and what lets them go out again before the day is over. */
import type { Command } from 'commander';
import type { Environment } from '../runtime/settings.ts';
import { resumeSending } from '../store/reputation.ts';
import { withReader } from './admin-url.ts';
import { createContext } from './doctor/context.ts';
import { checkSending } from './doctor/sending.ts';

const BY = 'sealpost sending resume';

export function addSending(program: Command, environment: Environment): void {
  const sending = program.command('sending').description('whether mails go out, by how many came back');

  sending
    .command('status', { isDefault: true })
    .description('whom mails go out to now, and until when')
    .action(async () => {
      const context = createContext(environment, undefined);
      try {
        const { status, what, todo } = await checkSending(context);
        console.log(todo === undefined ? what : `${what}\n${todo}`);
        if (status === 'wrong') process.exitCode = 1;
      } finally {
        await context.close();
      }
    });

  sending
    .command('resume')
    .description('let mails go out to everybody again; what came back before no longer counts')
    .action(() =>
      withReader(environment)(async (sql) => {
        await resumeSending(sql, BY);
        console.log('Resumed: each api sends again within half a minute.');
      }),
    );
}
