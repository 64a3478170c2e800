/** The secrets of the embedded default: made once, kept whole, and for their owner's eyes. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadSecrets } from '../../services/local/secrets.ts';
import { scratch } from '../support/embedded.ts';

const room = scratch();
afterAll(() => room[Symbol.dispose]());
let rooms = 0;
const place = (): string => join(room.path, `at-${++rooms}`);

describe('the secrets of npm start', () => {
  test('are made once, long enough, all different, and for their owner’s eyes', () => {
    const folder = place();
    const made = loadSecrets(folder);
    expect(loadSecrets(folder)).toEqual(made);
    const bytes = [made.jwtSecret, made.databasePassword, made.awsSecretAccessKey].map(
      (text) => Buffer.from(text, 'base64url').length,
    );
    expect(bytes).toEqual([48, 24, 24]);
    expect(made.awsAccessKeyId).toMatch(/^LOCAL[0-9A-F]{16}$/);
    expect(made.demoUserId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(new Set(Object.values(made)).size).toBe(5);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['secrets.json']);
    expect(loadSecrets(place()).jwtSecret).not.toBe(made.jwtSecret);
  });

  test('that are torn are not made anew over them: a new one would make the data unreadable', () => {
    const folder = place();
    mkdirSync(folder);
    writeFileSync(join(folder, 'secrets.json'), '{');
    expect(() => loadSecrets(folder)).toThrow(SyntaxError);
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).toBe('{');
  });
});
