/** A passphrase from a file, from standard input, or from the person at the terminal, who does not see it. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

const LENGTH_MIN = 12;

/** `file` is - for standard input. A new one is asked for twice, and has a length. */
export async function readPassphrase(file: string | undefined, isNew: boolean): Promise<string> {
  const passphrase = file === undefined ? await askFor(isNew) : firstLine(file);
  if (isNew && [...passphrase].length < LENGTH_MIN)
    throw new Error(`The passphrase must have at least ${LENGTH_MIN} characters.`);
  if (passphrase === '') throw new Error('The passphrase is empty.');
  return passphrase;
}

function firstLine(file: string): string {
  return readFileSync(file === '-' ? 0 : file, 'utf8').split(/\r?\n/, 1)[0] ?? '';
}

/** What is typed is not shown. Throws where nobody can be asked. */
export async function askHidden(question: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Error(`There is nobody to ask: ${question.replace(/: $/, '')}. Put it into .env.`);
  return ask(question);
}

async function askFor(isNew: boolean): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Error(
      'There is nobody to ask for the passphrase: add --passphrase-file with a file, or - for standard input.',
    );
  const passphrase = await ask('Passphrase: ');
  if (isNew && (await ask('The same again: ')) !== passphrase)
    throw new Error('The two passphrases differ. Nothing was written.');
  return passphrase;
}

async function ask(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
