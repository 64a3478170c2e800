/** A change of .env reaches a running Alertmanager: its container names all that its configuration is made of, and no secret. */
import { expect, test } from 'vitest';
import { alertTable } from '../../services/config/alerts.ts';
import { combinations, filesFor } from '../support/alert-settings.ts';
import { compose } from '../support/stack-files.ts';

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
