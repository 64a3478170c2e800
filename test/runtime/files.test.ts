/** The two files outside the database: the ledger of erasures, and the settings that npm start made for itself. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openLedger } from '../../services/cli/ledger.ts';
import { addressHash, otpKey, type OtpKeys } from '../../services/runtime/keys.ts';
import { appendToLedger, readLedger } from '../../services/runtime/erasure-ledger.ts';
import { dataFolder, environmentFile, withLocalEnvironment } from '../../services/runtime/local-environment.ts';
import { addressOf } from '../support/rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealpost-runtime-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entry = { at: '2026-03-01T12:00:00.000Z', keyId: 'k1', addressHash: 'abc' };
const fileWith = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const descriptors = () => readdirSync('/dev/fd').length;

describe('the ledger of erasures', () => {
  test('is a line an erasure, added at its end, and read by its owner only', async () => {
    const file = join(folder, 'erasures.jsonl');
    expect(await readLedger(file)).toEqual([]);
    await appendToLedger(file, entry);
    await appendToLedger(file, { ...entry, addressHash: 'def' });
    expect(readFileSync(file, 'utf8')).toBe(
      `${JSON.stringify(entry)}\n${JSON.stringify({ ...entry, addressHash: 'def' })}\n`,
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await readLedger(file)).map(({ addressHash: hash }) => hash)).toEqual(['abc', 'def']);
  });

  test('leaves no file open, whatever becomes of the line', async () => {
    const before = descriptors();
    for (let n = 0; n < 20; n++) await appendToLedger(join(folder, 'many.jsonl'), entry);
    expect(descriptors()).toBeLessThan(before + 10);
  });

  test.each([
    ['a torn line', `${JSON.stringify(entry)}\n{"at":"2026`, 2],
    ['a line that is no object', `7\n${JSON.stringify(entry)}\n`, 1],
    ['a line without its key', `${JSON.stringify(entry)}\n\n${JSON.stringify({ ...entry, keyId: undefined })}\n`, 3],
    ['a line without its hash', JSON.stringify({ ...entry, addressHash: undefined }), 1],
    ['a line whose time is none', JSON.stringify({ ...entry, at: 'yesterday' }), 1],
  ])('with %s is not read in silence: the line is named, and not what it says', async (_, text, number) => {
    await expect(readLedger(fileWith('wrong.jsonl', text))).rejects.toThrow(
      new Error(`Line ${number} of the erasure ledger cannot be read.`),
    );
  });

  test('that is there and cannot be read is no empty one', async () => {
    mkdirSync(join(folder, 'a-folder'));
    await expect(readLedger(join(folder, 'a-folder'))).rejects.toMatchObject({ code: 'EISDIR' });
  });

  test('knows an address by the key of its line, also an older one, and no other address', async () => {
    const keys: OtpKeys = [otpKey('new', Buffer.alloc(32, 1)), otpKey('old', Buffer.alloc(32, 2))];
    const line = (keyId: string, name: string) => {
      const hash = addressHash(keys, keyId, addressOf(`${name}@example.com`)) ?? '';
      return JSON.stringify({ ...entry, keyId, addressHash: hash });
    };
    const file = fileWith('keys.jsonl', `${line('new', 'young')}\n${line('old', 'aged')}\n`);
    const ledger = await openLedger(file, keys);
    const known = ['young', 'aged', 'other'].map((name) => ledger.has(addressOf(`${name}@example.com`)));
    expect([ledger.entries, known]).toEqual([2, [true, true, false]]);
    expect(readFileSync(file, 'utf8')).not.toMatch(/young|aged/);
    const lost = await openLedger(file, [keys[0]], { lost: true });
    expect(['young', 'aged'].map((name) => lost.has(addressOf(`${name}@example.com`)))).toEqual([true, false]);
    // Without the older key the people of its lines would be missed in silence.
    await expect(openLedger(file, [keys[0]])).rejects.toThrow(
      new Error(
        'The erasure ledger needs the keys old, and without them would miss people: put them behind the newest of ERASURE_KEYS. ' +
          '"sealpost erasures keys --with FILE" prints those of now and of the JWT_SECRET in FILE in that form.',
      ),
    );
  });
});

describe('the environment that npm start made', () => {
  const data = join(folder, 'data');
  const made = {
    DATABASE_URL: 'postgres://made',
    DATABASE_ADMIN_URL: 'postgres://admin',
    JWT_SECRET: 'made',
    PORT: '1',
  };
  const write = (text: string) => {
    mkdirSync(data, { recursive: true });
    writeFileSync(environmentFile(data), text);
  };

  test('is in the data folder, .data unless told, whatever the working directory', () => {
    expect(dataFolder({})).toBe(join(process.cwd(), '.data'));
    expect(dataFolder({ SEALPOST_DATA: '' })).toBe(join(process.cwd(), '.data'));
    expect(dataFolder({ SEALPOST_DATA: '/somewhere' })).toBe('/somewhere');
    expect(environmentFile('/somewhere')).toBe('/somewhere/environment.json');
  });

  test('stands beneath what is given; an empty value is not given', () => {
    write(JSON.stringify(made));
    expect(withLocalEnvironment({ SEALPOST_DATA: data, JWT_SECRET: 'mine', PORT: '' })).toEqual({
      ...made,
      SEALPOST_DATA: data,
      JWT_SECRET: 'mine',
    });
  });

  test.each(['DATABASE_URL', 'DB_HOST'])('with %s of one’s own no command goes to the embedded database', (name) => {
    write(JSON.stringify(made));
    const found = withLocalEnvironment({ SEALPOST_DATA: data, [name]: 'own' });
    expect([found.DATABASE_URL, found.DATABASE_ADMIN_URL]).toEqual([name === 'DATABASE_URL' ? 'own' : '', '']);
    expect(found.JWT_SECRET).toBe('made');
  });

  test('that is not there changes nothing, and one that cannot be read stops the command', () => {
    const given = { SEALPOST_DATA: join(folder, 'nothing-here'), PORT: '' };
    expect(withLocalEnvironment(given)).toEqual(given);
    write('{');
    expect(() => withLocalEnvironment({ SEALPOST_DATA: data })).toThrow(SyntaxError);
  });
});
