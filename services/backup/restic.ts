/** restic as a child process: what it needs to reach a repository, which no command line shows, and what its ends mean. */
import { startTool, type ToolPlace } from './tool.ts';

export type Repository = Readonly<{
  /** As restic writes it. */
  at: string;
  password: string;
  /** What the place itself asks for: of S3, B2 or a rest-server. */
  key: Readonly<{ id: string; secret: string }> | undefined;
}>;

export type ResticOptions = Readonly<{
  repository: Repository;
  place: ToolPlace;
  signal: AbortSignal;
  /** A folder for packs on their way; without it the system's. */
  scratch?: string;
}>;

/** What restic ends with (its manual, "Exit codes"). */
export const RESTIC_ENDS = { incomplete: 3, noRepository: 10, locked: 11, wrongPassword: 12 } as const;

/** Its summaries come last, and are small. */
const OUTPUT_MAX = 1_000_000;

/** Runs it and resolves to what it wrote to stdout, or to the end of that. Throws ToolFailed, without a secret in its words. */
export async function runRestic([command = '', ...args]: readonly string[], options: ResticOptions): Promise<string> {
  const { repository, place, signal } = options;
  const tool = startTool('restic', [command, '--no-cache', ...args], {
    place,
    environment: environmentOf(options),
    signal,
    wordsOf: (words) => withoutSecrets(wordsOf(words), repository),
    install: 'Install restic 0.17 or later.',
  });
  let text = '';
  tool.stdout.on('data', (chunk: Buffer) => (text = `${text}${chunk.toString()}`.slice(-OUTPUT_MAX)));
  await tool.ended;
  return text;
}

function environmentOf({ repository, scratch }: ResticOptions): Readonly<Record<string, string>> {
  const { at, password, key } = repository;
  return {
    RESTIC_REPOSITORY: at,
    RESTIC_PASSWORD: password,
    // One line in ten seconds.
    RESTIC_PROGRESS_FPS: '0.1',
    ...(scratch !== undefined && { TMPDIR: scratch }),
    ...(key && keyOf(at, key)),
  };
}

function keyOf(at: string, { id, secret }: NonNullable<Repository['key']>): Readonly<Record<string, string>> {
  if (at.startsWith('b2:')) return { B2_ACCOUNT_ID: id, B2_ACCOUNT_KEY: secret };
  if (at.startsWith('rest:')) return { RESTIC_REST_USERNAME: id, RESTIC_REST_PASSWORD: secret };
  return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
}

const LINES = 3;

/** The last of its lines; of those that are JSON their message alone. */
function wordsOf(words: string): string {
  const lines = words
    .split('\n')
    .map((line) => messageIn(line.trim()))
    .filter(Boolean);
  return lines.slice(-LINES).join(' ') || 'it said nothing';
}

function messageIn(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { message, error } = JSON.parse(line) as { message?: string; error?: { message?: string } };
    return message ?? error?.message ?? '';
  } catch {
    return '';
  }
}

function withoutSecrets(words: string, { password, key }: Repository): string {
  return [password, key?.secret, key?.id]
    .filter((secret) => secret !== undefined && secret !== '')
    .reduce((text: string, secret) => text.replaceAll(secret ?? '', '…'), words);
}
