/** What the tests of the local SES share: the real SDK as a client, and the mailbox as JSON. */
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SendEmailCommand, SESClient, type SESClientConfig } from '@aws-sdk/client-ses';
import { expect, onTestFinished } from 'vitest';
import { type LocalSes, type LocalSesOptions, startLocalSes } from '../../services/ses-local/server.ts';

export type Message = { id: string; from: string; to: string[]; subject: string; text: string; html: string };
export type Listing = {
  messages: (Message & { headers: Record<string, string>; receivedAt: string })[];
  total: number;
};

export const credentials = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret' };
export const from = 'no-reply@example.com';

export async function start(options: Partial<LocalSesOptions> = {}): Promise<LocalSes> {
  const ses = await startLocalSes({ port: 0, credentials, ...options });
  onTestFinished(() => ses.close());
  return ses;
}

export function clientOf(ses: Pick<LocalSes, 'url'>, config: SESClientConfig = {}): SESClient {
  const requestHandler = { requestTimeout: 10_000, throwOnRequestTimeout: true };
  const client = new SESClient({
    endpoint: ses.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    requestHandler,
    ...config,
  });
  onTestFinished(() => client.destroy());
  return client;
}

export const email = (to: string[], subject = 'Hello', source = from): SendEmailCommand =>
  new SendEmailCommand({
    Source: source,
    Destination: { ToAddresses: to },
    Message: { Subject: { Data: subject }, Body: { Text: { Data: 'Text ü' }, Html: { Data: '<b>Text ü</b>' } } },
  });

export const list = async (ses: LocalSes, query = ''): Promise<Listing> =>
  (await fetch(`${ses.url}/messages${query}`)).json() as Promise<Listing>;
export const stored = async (ses: LocalSes): Promise<number> => (await list(ses)).total;
export const present = async (ses: LocalSes): Promise<unknown> => (await fetch(`${ses.url}/behaviour`)).json();
export const post = (ses: LocalSes, body: string, type = 'application/json'): Promise<Response> =>
  fetch(`${ses.url}/behaviour`, { method: 'POST', headers: { 'content-type': type }, body });
export const behave = async (ses: LocalSes, behaviour: object): Promise<void> => {
  expect((await post(ses, JSON.stringify(behaviour))).status).toBe(200);
};
/** A clock that stands still, so that no test straddles a second or a quarter of an hour. */
export const frozen =
  (now = Date.now()) =>
  (): number =>
    now;
/** What a send came to: ok, or the name of the error. */
export const outcome = (client: SESClient): Promise<string> =>
  client.send(email(['a@example.com'])).then(
    () => 'ok',
    (error: Error) => error.name,
  );

/** A proxy that changes the recipient after the SDK has signed. */
export const tamper = (correctHash: boolean) => (next: (args: never) => Promise<never>) => (args: never) => {
  const { request } = args as { request: { body: string; headers: Record<string, string> } };
  request.body = request.body.replace('a%40example.com', 'b%40example.com');
  request.headers['content-length'] = String(Buffer.byteLength(request.body));
  if (correctHash) request.headers['x-amz-content-sha256'] = createHash('sha256').update(request.body).digest('hex');
  return next(args);
};

export const open = async (
  ses: LocalSes,
  path: string,
): Promise<{ page: string; headers: Headers; status: number }> => {
  const answer = await fetch(`${ses.url}${path}`);
  return { page: await answer.text(), headers: answer.headers, status: answer.status };
};

export function run(env: Record<string, string>) {
  const child = spawn(process.execPath, ['services/ses-local/main.ts'], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(String(chunk)));
  const closed = once(child, 'close');
  return { child, output, exit: async (): Promise<unknown> => (await closed)[0] };
}
