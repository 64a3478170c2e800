/**
 * What is wrong with the settings of an .env file, a line each and exit code 3: read as the first service of a start reads them, in the
 * image and its folder. Its input is the file.
 */
const { stackProblems } = await import('./services/cli/stack-settings.ts');
const { parseEnvFile } = await import('./services/runtime/env-file.ts');
let text = '';
for await (const chunk of process.stdin) text += chunk;
const given = parseEnvFile(text);
const lone = Boolean(given.AWS_ACCESS_KEY_ID) !== Boolean(given.AWS_SECRET_ACCESS_KEY);
const problems = [
  ...(lone ? ['AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: set both, or neither for the mailbox.'] : []),
  ...stackProblems(given),
];
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.exit(problems.length > 0 ? 3 : 0);
