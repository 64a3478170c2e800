/** What Alertmanager holds back goes by labels that the rules have; a change of .env makes its container anew, which shows no secret. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DOWN } from '../../services/cli/alerts/inhibition.ts';
import { alertTable } from '../../services/config/alerts.ts';
import { combinations, filesFor } from '../support/alert-settings.ts';
import { compose, yamlOf } from '../support/stack-files.ts';

const { MADE_OF = '' } = (compose.services.alertmanager?.environment ?? {}) as Readonly<Record<string, string>>;
/** By name, what Compose puts in its place: the value, or of a secret only whether there is one. */
const named = new Map([...MADE_OF.matchAll(/\$\{(\w+)(:[-+])[^}]*\}/g)].map(([, name = '', how]) => [name, how]));

/** The key itself gives the password, which is read at every mail. */
const NOT_IN_THE_FILE = new Set(['AWS_SECRET_ACCESS_KEY', 'ALERTMANAGER_URL']);

test('every setting that the configuration is made of is named, a secret only as being set', () => {
  const names = Object.keys(alertTable).filter((name) => !NOT_IN_THE_FILE.has(name));
  expect([...named.keys()].toSorted()).toEqual([...names, 'API_DOMAIN', 'SEALPOST_VERSION'].toSorted());
  const shown = [...named].filter(([, how]) => how === ':-').map(([name]) => name);
  expect(shown.filter((name) => alertTable[name as keyof typeof alertTable]?.secret)).toEqual([]);
});

test('another value of a secret is no other configuration', () => {
  const { everything = {} } = combinations;
  const others = { ALERT_WEBHOOK_URL: 'https://a.example.com/', SMTP_PASSWORD: 'another' };
  expect(filesFor({ ...everything, ...others })['alertmanager.yml']).toBe(filesFor(everything)['alertmanager.yml']);
  expect(filesFor({ ...everything, SMTP_USER: 'another' })['alertmanager.yml']).not.toBe(
    filesFor(everything)['alertmanager.yml'],
  );
});

type Rule = Readonly<{ alert?: string; labels?: Readonly<Record<string, string>> }>;
type Rules = Readonly<{ groups: readonly Readonly<{ rules: readonly Rule[] }>[] }>;

const folder = 'prometheus/rules';
const rules = readdirSync(join(import.meta.dirname, '../..', folder))
  .filter((name) => name.endsWith('.yml'))
  .flatMap((name) => (yamlOf(`${folder}/${name}`) as Rules).groups.flatMap((group) => group.rules));

test('every layer that a rule depends on has an alert that says it is down, which is a rule and not its own cause', () => {
  const layers = rules.flatMap(({ labels }) => labels?.depends_on?.split(',') ?? []);
  expect(new Set(layers).size).toBeGreaterThan(4);
  expect(layers.filter((layer) => !(layer in DOWN))).toEqual([]);
  for (const [layer, name] of Object.entries(DOWN)) {
    const [rule, ...others] = rules.filter(({ alert }) => alert === name);
    expect([rule?.labels?.severity, others], name).toEqual(['critical', []]);
    expect(rule?.labels?.depends_on?.split(',') ?? [], name).not.toContain(layer);
  }
  for (const name of ['ErrorBudgetBurningFast', 'ErrorBudgetBurningSlowly', 'Watchdog'])
    expect(rules.filter(({ alert }) => alert === name)).toHaveLength(1);
});
