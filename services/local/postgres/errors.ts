/** The one error this folder throws on purpose: a plain sentence for the operator, then PostgreSQL's own last lines. */

const LINES_MAX = 12;

/** `message` is fit to print as it stands, without the stack. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(sentence: string, lines: readonly string[] = []) {
    super([sentence, ...lines.slice(-LINES_MAX).map((line) => `  | ${line}`)].join('\n'));
  }
}

/** What an unknown thrown value has to say, in one line. */
export const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The system's code of a failed call, such as ENOENT. */
export const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
