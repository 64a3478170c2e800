/** A container beside the apis under their name on the edge, that answers each request as the given statements do. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function startStandIn(
  project: string,
  statements: string,
  port = 3001,
): Promise<{ remove(): Promise<void> }> {
  const program = `require('node:http').createServer((request, response) => { ${statements} }).listen(${port})`;
  const network = ['--network', `${project}_edge`, '--network-alias', 'api.edge'];
  const { stdout } = await run('docker', [
    'run',
    '-d',
    '--rm',
    '--init',
    ...network,
    'sealpost',
    'node',
    '-e',
    program,
  ]);
  return {
    remove: async () => {
      await run('docker', ['rm', '--force', stdout.trim()]);
    },
  };
}
