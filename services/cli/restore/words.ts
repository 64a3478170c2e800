/** What a restore would do, for the person who decides. */
import type { Ledger } from '../ledger.ts';
import type { Live } from './live.ts';
import type { Source } from './source.ts';

type Plan = Readonly<{
  source: Source;
  name: string;
  live: Live | Readonly<{ unreadable: string }> | undefined;
  ledger: Ledger | undefined;
}>;

export function planOf({ source: { name: file, facts }, name, live, ledger }: Plan): readonly string[] {
  const { made_at, version, server, events, position, schema } = facts;
  const made = [made_at && `of ${moment(made_at)}`, version && `Sealpost ${version}`, server && `PostgreSQL ${server}`];
  return [
    `${file}: ${[...made, `schema ${schema.number}`].filter(Boolean).join(', ')}.`,
    `It has ${events} events, up to ${position}.`,
    ...liveLines(name, live),
    'Every code that is open and every session of an account ends.',
    ledger
      ? `Who was erased is erased again: ${ledger.entries} in the ledger.`
      : 'No ledger of erasures is kept (ERASURE_LEDGER): whoever was erased since comes back.',
  ];
}

function liveLines(name: string, live: Plan['live']): readonly string[] {
  if (live === undefined) return [`There is no database ${name} now: nothing is lost.`];
  if ('unreadable' in live) {
    return [
      `The database ${name} cannot be read: ${live.unreadable}.`,
      'It is kept under another name. Its suppressed addresses and accounts cannot be carried over.',
    ];
  }
  const newest = live.newestAt ? `, the newest of ${moment(live.newestAt.toISOString())}` : '';
  const lost = Object.keys(live.since).length === 0 ? 'None would be lost.' : `Lost would be ${inWords(live.since)}.`;
  return [
    `The database ${name} has ${live.events} events${newest}. ${lost}`,
    'It is kept under another name. Its suppressed addresses and its accounts are carried over.',
  ];
}

/** Events of each type: "31 events (20 requested, 11 sent)". */
export function inWords(counts: Readonly<Record<string, number>>): string {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  if (all === 0) return 'no event';
  const each = Object.entries(counts).map(([type, n]) => `${n} ${type}`);
  return `${all} event${all === 1 ? '' : 's'} (${each.join(', ')})`;
}

const moment = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;
