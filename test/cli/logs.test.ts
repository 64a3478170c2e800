/** `sealpost logs` outside the Docker stack: it has none to show, and says where they are. */
import { expect, test } from 'vitest';
import { addLogs } from '../../services/cli/logs.ts';
import { runCommand } from '../support/command.ts';

test.each([
  [{}, '(LOG_FILE keeps it in a file as well)'],
  [{ LOG_FILE: '/var/log/sealpost.log' }, ', and keep it in /var/log/sealpost.log'],
])('logs says in a sentence where they are, whatever is asked: %j', async (environment, kept) => {
  const { code, stdout } = await runCommand(addLogs, ['logs', 'api', '--errors'], {
    SEALPOST_DATA: '/d',
    ...environment,
  });
  expect([code, stdout]).toEqual([
    0,
    `The programs print their log where they were started${kept.startsWith(',') ? '' : ' '}${kept}; PostgreSQL of "npm start" writes to /d/postgres.log.\n`,
  ]);
});
