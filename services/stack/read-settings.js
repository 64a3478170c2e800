/**
 * What is wrong with the settings of the stack, a line each and exit code 3: read by the programs' own reader, in their image and
 * its folder. What the first start makes is taken as made. Its input is what "docker compose config --format json" prints.
 */
const { problemsOf } = await import('./services/config/all.ts');
let text = '';
for await (const chunk of process.stdin) text += chunk;
const { api, secrets } = JSON.parse(text).services;
const values = { ...api.environment };
for (const name of Object.keys(values).filter((one) => one.endsWith('_FILE'))) {
  values[name.slice(0, -5)] = secrets.environment[name.slice(0, -5)];
  delete values[name];
}
const made = () => crypto.randomUUID() + crypto.randomUUID();
values.JWT_SECRET ||= made();
const [id, secret] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const lone = Boolean(values[id]) !== Boolean(values[secret]);
values[id] ||= made();
values[secret] ||= made();
const problems = [
  ...(lone ? [`${id} and ${secret}: set both, or neither for the mailbox.`] : []),
  ...problemsOf(values),
];
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.exit(problems.length > 0 ? 3 : 0);
