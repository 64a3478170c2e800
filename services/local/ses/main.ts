// The local SES as a process of its own: settings from the environment, stops on SIGTERM.
import process from 'node:process';
import { startLocalSes } from './server.ts';

const {
  MAILBOX_PORT = '8005',
  HOST,
  SES_FEEDBACK_URL,
  AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY,
  AWS_REGION,
} = process.env;
const port = Number(MAILBOX_PORT);
// 78 is EX_CONFIG: a supervisor need not try again with the same settings.
const configFault = 78;

if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
  stop(
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to what the sender signs with. Any values will do.',
    configFault,
  );
}
if (!/^\d{1,5}$/.test(MAILBOX_PORT) || port > 65_535) stop('MAILBOX_PORT must be a port from 0 to 65535.', configFault);

const ses = await startLocalSes({
  port,
  credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  ...(HOST && { host: HOST }),
  ...(AWS_REGION && { region: AWS_REGION }),
}).catch((error: Error) => stop(`The local SES cannot listen: ${error.message}.`, 1));
if (SES_FEEDBACK_URL) ses.reportTo(SES_FEEDBACK_URL);
console.log(`Local SES and its inbox: ${ses.url}`);

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void ses.close());

function stop(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
