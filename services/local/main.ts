/** `npm start`: brings the whole product up on the embedded default and says where to click. */
import { createLog, type Log } from '../runtime/log.ts';
import { runMain } from '../runtime/main.ts';
import { stopOnSignals } from '../runtime/stop.ts';
import { type RunningLocal, startLocal, type StopSteps } from './start.ts';

await runMain(async () => {
  const steps: StopSteps = [];
  const log: Log = createLog({ service: 'local', level: 'warn' });
  stopOnSignals(log, steps);
  try {
    console.log(welcome(await startLocal(process.env, steps, console.log)));
  } catch (error) {
    for (const step of steps) await step().catch(() => {});
    throw error;
  }
});

function welcome({ apiUrl, mailboxUrl, backups, metricsUrl, folder, token }: RunningLocal): string {
  const mailbox = mailboxUrl ? `${mailboxUrl}  (every email ends up here)` : 'none: emails go out for real';
  return `
Sealpost is ready.

  API      ${apiUrl}
  Mailbox  ${mailbox}
  Metrics  ${metricsUrl}
  Backups  ${backups}
  Data     ${folder}

A token for a demo user, good for 24 hours:

${token}

Ask for a code, then read it in the mailbox:

curl -X POST ${apiUrl}/api/email-verification/send-otp \\
  -H 'Authorization: Bearer ${token}' \\
  -H 'Content-Type: application/json' \\
  -d '{"email":"a@example.com"}'

Ctrl-C stops everything; the data stays.
`;
}
