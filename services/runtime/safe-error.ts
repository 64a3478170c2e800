/** What of an error may be told: its name, code and frames, and its words where they cannot hold an address or a value. */

/** An error whose message is written for the operator: it names no address, code or secret, and is told as it stands. */
export class PlainError extends Error {
  override readonly name: string = 'PlainError';
}

/**
 * PostgreSQL's conditions whose words name a table, a role or a resource and never a value (SQLSTATE, PostgreSQL's appendix A):
 * connection, not while it recovers, read-only, login, database, right that lacks, resources, state, operator, system; and the lease's own, SP001.
 */
const SPEAKABLE = /^(?:08|0A000|25006|28|3D|42501|53|55|57|58|SP001)/;

export type SafeError = Readonly<{
  errorName: string;
  errorCode: string | undefined;
  /** The other side's words, where they may be told. */
  errorText: string | undefined;
  errorFrames: readonly string[];
}>;

/** Drivers put addresses and values into messages, so a message is told only of a PlainError and of SPEAKABLE conditions. */
export function safeError(error: Error): SafeError {
  const { name, stack = '', cause } = error;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const source = 'code' in error ? error : ((cause ?? error) as Error);
  const { code } = source as NodeJS.ErrnoException;
  return {
    errorName: name,
    errorCode: code,
    errorText: wordsOf(error, source, code),
    errorFrames: frames.slice(0, 8).map((line) => line.trim()),
  };
}

function wordsOf(error: Error, source: Error, code: string | undefined): string | undefined {
  if (error instanceof PlainError) return error.message;
  return source.name === 'PostgresError' && SPEAKABLE.test(code ?? '') ? source.message : undefined;
}

/** The same in a line, for a record: "StoreUnavailable ECONNREFUSED". */
export function errorInWords(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof PlainError) return error.message;
  const { errorName, errorCode, errorText } = safeError(error);
  return [errorName, errorCode, errorText && `(${errorText})`].filter(Boolean).join(' ');
}
