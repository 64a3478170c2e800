/**
 * What is wrong with the settings of an .env file, a line each and exit code 3: read as the first service of a start reads them, in the
 * image and its folder. Its input is the file.
 */
const { valueProblems } = await import('./services/cli/stack-settings.ts');
const { parseEnvFile } = await import('./services/runtime/env-file.ts');
let text = '';
for await (const chunk of process.stdin) text += chunk;
const problems = valueProblems(parseEnvFile(text));
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.exit(problems.length > 0 ? 3 : 0);
