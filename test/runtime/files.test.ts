/** What is read from files beside the database: the ledger of erasures, and the settings that the embedded default made. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { appendToLedger, readLedger } from '../../services/runtime/erasure-ledger.ts';
import { dataFolder, environmentFile, withLocalEnvironment } from '../../services/runtime/local-environment.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sealpost-files-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const entry = (n: number) => ({ at: `2026-03-0${n}T12:00:00.000Z`, keyId: 'k1', addressHash: `hash-${n}` });

describe('the ledger of erasures', () => {
  test('has a line for each, after those before, and is for its owner alone', async () => {
    const file = join(folder(), 'erasures.jsonl');
    await appendToLedger(file, entry(1));
    await appendToLedger(file, entry(2));
    expect(readFileSync(file, 'utf8')).toBe(
      '{"at":"2026-03-01T12:00:00.000Z","keyId":"k1","addressHash":"hash-1"}\n' +
        '{"at":"2026-03-02T12:00:00.000Z","keyId":"k1","addressHash":"hash-2"}\n',
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await readLedger(file)).toEqual([entry(1), entry(2)]);
  });

  test('that is not there has none; one that cannot be read is an error', async () => {
    expect(await readLedger(join(folder(), 'none.jsonl'))).toEqual([]);
    await expect(readLedger(folder())).rejects.toThrow('EISDIR');
  });

  test.each([
    '{',
    '[]',
    '{"at":"yesterday","keyId":"k","addressHash":"h"}',
    '{"at":"2026-03-01T12:00:00Z","keyId":"k"}',
  ])('with the line %s is refused by the number of it', async (line) => {
    const file = join(folder(), 'erasures.jsonl');
    writeFileSync(file, `${JSON.stringify(entry(1))}\n\n${line}\n`);
    await expect(readLedger(file)).rejects.toThrow('Line 3 of the erasure ledger cannot be read.');
  });
});

describe('the settings that the embedded default made', () => {
  const made = { DATABASE_URL: 'postgres://made', DATABASE_ADMIN_URL: 'postgres://admin', JWT_SECRET: 'made' };

  function environmentIn(more: Record<string, string>) {
    const SEALPOST_DATA = folder();
    writeFileSync(environmentFile(SEALPOST_DATA), JSON.stringify(made));
    return withLocalEnvironment({ SEALPOST_DATA, ...more });
  }

  test('stand beneath what is given; what is given empty is not given', () => {
    expect(environmentIn({ JWT_SECRET: 'given', PORT: '1' })).toMatchObject({
      ...made,
      JWT_SECRET: 'given',
      PORT: '1',
    });
    expect(environmentIn({ JWT_SECRET: '' })).toMatchObject(made);
  });

  test.each([{ DATABASE_URL: 'postgres://own' }, { DB_HOST: 'db.example.com' }])(
    'of its database none count beside %j',
    (own) => {
      expect(environmentIn(own)).toMatchObject({
        DATABASE_URL: '',
        DATABASE_ADMIN_URL: '',
        JWT_SECRET: 'made',
        ...own,
      });
    },
  );

  test('are none where it was never started; a file that cannot be read is an error', () => {
    const nowhere = { SEALPOST_DATA: folder(), PORT: '1' };
    expect(withLocalEnvironment(nowhere)).toBe(nowhere);
    writeFileSync(environmentFile(nowhere.SEALPOST_DATA), '{');
    expect(() => withLocalEnvironment(nowhere)).toThrow(SyntaxError);
  });

  test('lie in .data where no other folder is named', () => {
    expect([dataFolder({}), dataFolder({ SEALPOST_DATA: '' })]).toEqual([resolve('.data'), resolve('.data')]);
    expect(dataFolder({ SEALPOST_DATA: '/x/y' })).toBe('/x/y');
    expect(environmentFile('/x')).toBe('/x/environment.json');
  });
});
