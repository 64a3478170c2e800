/** Once a run: there is an engine, and the image is made of the sources as they are now. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { freshClone } from './clone.ts';

const run = promisify(execFile);

export default async function setup(): Promise<void> {
  await run('docker', ['version']).catch(() => {
    throw new Error('No Docker engine answers: npm run test:stack needs one, with the images of compose.yaml.');
  });
  const folder = await freshClone();
  await run('docker', ['compose', 'build', '--quiet'], { cwd: folder });
  await rm(folder, { recursive: true, force: true });
}
