/** `npm run test:mutants`: Stryker room after room, or of the rooms that are named, each with the tests of its own; then the verdict. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const ALL = ['core', 'config', 'mail', 'api', 'runtime'];
const rooms = process.argv.length > 2 ? process.argv.slice(2) : ALL;
// What another run left is not judged.
rmSync('reports', { recursive: true, force: true });
for (const room of rooms) {
  const { status } = spawnSync('stryker', ['run'], { stdio: 'inherit', env: { ...process.env, ROOM: room } });
  if (status !== 0) process.exit(status ?? 1);
}
await import('./judge.ts');
