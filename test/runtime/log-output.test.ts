/** The log's outputs: what cannot be written is dropped and counted, tried again and never waited for; a file turns over. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLogOutput, type LogOutput } from '../../services/runtime/log-output.ts';

const UNTIL = { timeout: 5000 };
const root = join(import.meta.dirname, '../..');

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sealpost-output-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** An output, and every loss and recovery that it told. */
function outputTo(to: string, fileBytesMax?: number) {
  const told: (string | number)[] = [];
  const onLost = (lines: number, code: string) => void told.push(lines, code);
  const output = createLogOutput({ to, onLost, onRecovered: () => void told.push('recovered') }, fileBytesMax);
  return { output, told };
}

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1);

function say(output: LogOutput, from: number, to: number): void {
  for (let n = from; n <= to; n++) output.write(`line ${n}\n`);
}

describe('a file', () => {
  test('has every line once and in order, in folders that are made for it, after what was there', async () => {
    const file = join(folder(), 'a/b/api.log');
    const { output, told } = outputTo(file);
    say(output, 1, 1000);
    await expect.poll(() => linesOf(file).length, UNTIL).toBe(1000);
    say(output, 1001, 1003);
    await output.flush();
    expect(linesOf(file)).toEqual(Array.from({ length: 1003 }, (_, n) => `line ${n + 1}`));
    expect(told).toEqual([]);
  });

  test('on a full disk loses its lines, each counted once, and is tried again every second', async () => {
    const { output, told } = outputTo('/dev/full');
    say(output, 1, 5);
    await expect.poll(() => told.length, UNTIL).toBeGreaterThan(0);
    say(output, 6, 8);
    await expect
      .poll(() => told.filter((one) => typeof one === 'number').reduce((sum, n) => sum + n, 0), UNTIL)
      .toBe(8);
    expect(told.filter((one) => typeof one !== 'number').every((code) => code === 'ENOSPC')).toBe(true);
    expect(told).not.toContain('recovered');
  });

  test('that cannot be opened is told by its code; once it can be, the lines since the last attempt come', async () => {
    const file = join(folder(), 'api.log');
    mkdirSync(file);
    const { output, told } = outputTo(file);
    say(output, 1, 2);
    expect(told).toEqual([1, 'EISDIR']);
    rmdirSync(file);
    say(output, 3, 4);
    await expect.poll(() => told.at(-1), UNTIL).toBe('recovered');
    expect(linesOf(file)).toEqual(['line 2', 'line 3', 'line 4']);
    expect(told).toEqual([1, 'EISDIR', 'recovered']);
  });

  test('turns over when it has grown too large: one older beside it, and no line lost', async () => {
    const file = join(folder(), 'api.log');
    writeFileSync(file, `${'x'.repeat(99)}\n`);
    const { output, told } = outputTo(file, 100);
    say(output, 1, 1);
    await expect.poll(() => linesOf(file).length, UNTIL).toBe(2);
    say(output, 2, 2);
    await expect.poll(() => linesOf(file), UNTIL).toEqual(['line 2']);
    expect(linesOf(`${file}.1`)).toEqual(['x'.repeat(99), 'line 1']);
    expect(told).toEqual([]);
  });

  test('that cannot be turned over grows on, and loses no line', async () => {
    const file = join(folder(), 'api.log');
    mkdirSync(`${file}.1`);
    const { output, told } = outputTo(file, 100);
    for (let n = 1; n <= 4; n++) {
      output.write(`${n}${'x'.repeat(118)}\n`);
      await expect.poll(() => linesOf(file).length, UNTIL).toBe(n);
    }
    expect(told).toEqual([]);
  });

  test('that cannot be opened anew when it is turned over costs lines until it can, and nothing else', async () => {
    const place = folder();
    const file = join(place, 'api.log');
    const { output, told } = outputTo(file, 100);
    output.write(`${'x'.repeat(120)}\n`);
    await expect.poll(() => linesOf(file).length, UNTIL).toBe(1);
    // Moved away and a folder in its place: the next line finds it too large, and cannot open it.
    renameSync(file, `${file}.0`);
    mkdirSync(file);
    say(output, 1, 1);
    await expect.poll(() => told, UNTIL).toEqual([1, 'EISDIR']);
    rmdirSync(file);
    say(output, 2, 2);
    await expect.poll(() => told.at(-1), UNTIL).toBe('recovered');
    expect(linesOf(file)).toEqual(['line 2']);
  });

  test('that another process turned over is not turned over again', async () => {
    const file = join(folder(), 'api.log');
    const [one, two] = [outputTo(file, 100), outputTo(file, 100)];
    for (const { output } of [one, two]) output.write(`${'x'.repeat(120)}\n`);
    await expect.poll(() => statSync(file).size, UNTIL).toBe(242);
    say(one.output, 1, 1);
    await expect.poll(() => linesOf(file), UNTIL).toEqual(['line 1']);
    say(two.output, 2, 2);
    await expect.poll(() => linesOf(file), UNTIL).toEqual(['line 1', 'line 2']);
    expect(linesOf(`${file}.1`)).toHaveLength(2);
  });
});

/** A process that writes 8,192 lines of a kilobyte to its standard output, which the shell leads to `reader`; and what it says. */
async function writingTo(reader: string, after: string) {
  const program = `
    import { createLogOutput } from '${root}/services/runtime/log-output.ts';
    const told = { lost: 0, codes: [], recovered: 0 };
    const output = createLogOutput({
      to: 1,
      onLost: (lines, code) => { told.lost += lines; if (!told.codes.includes(code)) told.codes.push(code); },
      onRecovered: () => void told.recovered++,
    });
    for (let n = 0; n < 8192; n++) output.write('x'.repeat(1023) + '\\n');
    const say = () => console.error(JSON.stringify(told));
    ${after}
  `;
  const command = `("$NODE" --input-type=module --eval "$PROGRAM"; echo "code $?" >&2) | ${reader}`;
  const env = { PATH: process.env.PATH ?? '', NODE: process.execPath, PROGRAM: program };
  const shell = spawn('sh', ['-c', command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void shell.kill('SIGKILL'));
  const said = { out: 0, err: '' };
  shell.stdout.on('data', (chunk: Buffer) => (said.out += chunk.length));
  shell.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  return { shell, said };
}

describe('a pipe whose reader stands still', () => {
  test('costs what does not fit and no more: what waits comes once it reads again', { timeout: 20_000 }, async () => {
    const until = 'while (told.recovered === 0) await new Promise((r) => setTimeout(r, 20)); setTimeout(say, 3000);';
    const { shell, said } = await writingTo('(sleep 2; cat)', until);
    await once(shell, 'close');
    const [told = '{}', code] = said.err.trim().split('\n');
    const { lost, codes, recovered } = JSON.parse(told) as { lost: number; codes: string[]; recovered: number };
    expect([codes, recovered, code]).toEqual([['TOO_SLOW'], 1, 'code 0']);
    expect(lost).toBeGreaterThan(3000);
    expect(said.out).toBe((8192 - lost) * 1024);
  });

  test('does not hold up the end of the process', { timeout: 20_000 }, async () => {
    const { said } = await writingTo(
      'sleep 15',
      'setTimeout(async () => { await output.flush(); process.exit(0); }, 200);',
    );
    await expect.poll(() => said.err, { timeout: 6000 }).toBe('code 0\n');
  });
});
