/** The log: JSON lines of an event name and allow-listed fields. What is not in the list cannot be logged. */
import { type DestinationStream, pino } from 'pino';
import { createLogOutput, type LogOutput } from './log-output.ts';
import { type LogTarget, openStandard } from './log-target.ts';
import { safeError } from './safe-error.ts';

/** Every field a line may have. None holds an address, a code, a token, a path with parameters or an error's text. */
export type LogFields = Readonly<{
  requestId?: string;
  method?: string;
  /** The pattern, such as /api/email-verification/status/:email. */
  route?: string;
  status?: number;
  refusal?: string;
  milliseconds?: number;
  count?: number;
  megabytes?: number;
  reason?: string;
  /** What came of an attempt at a mail: accepted, rejected, throttled and so on. */
  result?: string;
  /** What a mail service said, as wordsOf in mail/ lets it through. */
  words?: string;
  port?: number;
  metricsPort?: number;
  version?: string;
  job?: string;
  loop?: string;
  /** For the operator to open, of a message that SNS signed. */
  subscribeUrl?: string;
}>;

export type Log = Readonly<{
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields, error?: unknown): void;
  error(event: string, fields?: LogFields, error?: unknown): void;
  /** Resolves once all lines are written, and at the latest after half a second. */
  flush(): Promise<void>;
  /** Tells of every line that could not be written, also of those before. */
  onLost(count: (lines: number) => void): void;
}>;

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogOptions = Readonly<{
  service: string;
  level: (typeof logLevels)[number];
  /** A file beside standard output. */
  file?: string | undefined;
  stream?: DestinationStream;
}>;

const fieldNames: readonly (keyof LogFields)[] = [
  'requestId',
  'method',
  'route',
  'status',
  'refusal',
  'milliseconds',
  'count',
  'megabytes',
  'reason',
  'result',
  'words',
  'port',
  'metricsPort',
  'version',
  'job',
  'loop',
  'subscribeUrl',
];

export function createLog({ service, level, file, stream }: LogOptions): Log {
  const losses = createLosses(service);
  const outputs: readonly (DestinationStream & Partial<LogOutput>)[] = [
    stream ?? createLogOutput(losses.of(1)),
    ...(file ? [createLogOutput(losses.of(file))] : []),
  ];
  const logger = pino(
    { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' },
    { write: (line) => outputs.forEach((output) => output.write(line)) },
  );
  return {
    info: (event, fields = {}) => logger.info(pickFields(fields), event),
    warn: (event, fields = {}, error) => logger.warn({ ...pickFields(fields), ...told(error) }, event),
    error: (event, fields = {}, error) => logger.error({ ...pickFields(fields), ...told(error) }, event),
    flush: async () => void (await Promise.all(outputs.map((output) => output.flush?.()))),
    onLost: losses.onLost,
  };
}

/** Counts lost lines, and says on standard error once when an output begins to lose them, and once when it goes on. */
function createLosses(service: string) {
  const told: ((lines: number) => void)[] = [];
  let before = 0;
  return {
    onLost: (count: (lines: number) => void) => {
      told.push(count);
      count(before);
    },
    of: (to: string | 1) => {
      let lost = 0;
      return {
        to,
        onLost: (lines: number, errorCode: string) => {
          if (lost === 0) complain(service, { event: 'log_lines_lost', output: nameOf(to), errorCode });
          lost += lines;
          before += lines;
          for (const count of told) count(lines);
        },
        onRecovered: () => {
          complain(service, { event: 'log_recovered', output: nameOf(to), count: lost });
          lost = 0;
        },
      };
    },
  };
}

const nameOf = (to: string | 1): string => (to === 1 ? 'standard output' : to);

let standardError: LogTarget | undefined;

// It may be on the same full disk, or the same pipe.
function complain(service: string, line: object): void {
  try {
    const text = JSON.stringify({ level: 40, time: new Date().toISOString(), service, ...line });
    standardError ??= openStandard(2);
    standardError.put(Buffer.from(`${text}\n`), () => {});
  } catch {
    // There is nobody left to tell but the metric.
  }
}

function pickFields(fields: LogFields): LogFields {
  const entries = fieldNames.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]]));
  return Object.fromEntries(entries) as LogFields;
}

const told = (error: unknown): object => (error instanceof Error ? safeError(error) : {});
