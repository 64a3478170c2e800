/** Finds the loopback port: the one asked for, else the one used last time if it is free, else any free one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** A port on 127.0.0.1 that is free now; it may be taken by the time it is used. */
export async function choosePort(dataDir: string): Promise<number> {
  const last = lastPort(dataDir);
  if (last !== undefined && (await bindable(last)) !== undefined) return last;
  const port = await bindable(0);
  if (port === undefined) throw new Error('no free port on 127.0.0.1');
  return port;
}

/** Keeps `port` for the next start; a failure to do so is not worth failing for. */
export function rememberPort(dataDir: string, port: number): void {
  if (lastPort(dataDir) === port) return;
  try {
    writeFileSync(`${dataDir}.port`, `${port}\n`);
  } catch {}
}

function lastPort(dataDir: string): number | undefined {
  try {
    const port = Number(readFileSync(`${dataDir}.port`, 'utf8').trim());
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

const bindable = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
