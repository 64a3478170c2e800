/** `npm start` in a test: on free ports, in a folder of its own, as a person starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

export type Started = Readonly<{
  child: ChildProcess;
  environment: Readonly<Record<string, string>>;
  output(): string;
  stop(signal: NodeJS.Signals): Promise<number | null>;
}>;

const READY_MILLISECONDS = 40_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Free ports and the folder as `npm start` takes them; nothing else of this process's environment but PATH and HOME. */
export async function localEnvironment(folder: string): Promise<Record<string, string>> {
  const metrics = await freePort();
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    SEALPOST_DATA: folder,
    PORT: String(await freePort()),
    MAILBOX_PORT: String(await freePort()),
    METRICS_PORT: String(metrics),
  };
}

/** Starts the entry of `npm start` and waits until it says that it is ready. */
export async function startLocalProcess(environment: Record<string, string>): Promise<Started> {
  const args = ['--import', './services/runtime/node-version.js', 'services/local/main.ts'];
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ready = Promise.withResolvers<void>();
  const listen = (chunk: Buffer): void => {
    text += chunk.toString();
    if (text.includes('Ctrl-C stops everything')) ready.resolve();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  child.once('exit', (code) => ready.reject(new Error(`it ended with ${code}: ${text}`)));
  const late = setTimeout(() => ready.reject(new Error(`not ready: ${text}`)), READY_MILLISECONDS);
  await ready.promise.finally(() => clearTimeout(late));
  return {
    child,
    environment,
    output: () => text,
    stop: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}
