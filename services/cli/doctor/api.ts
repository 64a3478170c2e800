/** Whether the api answers and says that it is well (the guide's first step in an emergency). */
import { type Finding, ok, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

const ANSWER_MILLISECONDS_MAX = 4000;

export async function checkApi({ apiUrl }: DoctorContext): Promise<Finding> {
  if (apiUrl === undefined) return ok('Not asked: it need not run yet.');
  const url = new URL('/health', apiUrl).href;
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX) }).catch(() => undefined);
  if (!answer) {
    return wrong(
      `Nothing answers at ${url}.`,
      'Start the api, or say where it is with --api-url; before its first start, --no-api.',
    );
  }
  const text = await answer.text().catch(() => '');
  if (answer.status === 200 && text.includes('OK')) return ok(`The api answers at ${url}.`);
  return wrong(`${url} answers ${answer.status}.`, 'Look at the database first, then into the log of the api.');
}
