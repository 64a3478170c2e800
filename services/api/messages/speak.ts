/** Says a message in a language: its number and its time are written as that language writes them. */
import type { Context } from 'hono';
import type { AppEnv } from '../env.ts';
import { en } from './languages/en.ts';
import { languages } from './languages/all.ts';
import type { MessageKey, Said } from './messages.ts';

/** Says it in the language of the request, and which that is (Content-Language). Before the answer is made. */
export function sayTo(c: Context<AppEnv>, key: MessageKey, said?: Said): string {
  const language = c.get('language') ?? c.get('localeFor')?.(undefined, c.req.header('Accept-Language')) ?? 'en';
  c.header('Content-Language', spokenLanguage(language));
  return say(language, key, said);
}

const MINUTE = 60;
const HOUR = 3600;

/** Up to these, the smaller unit is told: "in 90 seconds", "in 90 minutes". */
const SECONDS_MAX = 2 * MINUTE;
const MINUTES_MAX = 2 * HOUR;

/** English where the language has no messages: an operator's mails may have more languages than there are here. */
export function say(
  language: string,
  key: MessageKey,
  { retryAfterSeconds = 0, attemptsRemaining = 0 }: Said = {},
): string {
  const messages = languages.get(language);
  const tag = messages ? language : 'en';
  return (messages ?? en)[key]
    .replace('{n}', () => numbers(tag).format(attemptsRemaining))
    .replace('{when}', () => whenOf(tag, retryAfterSeconds));
}

/** The language of what `say` says. */
const spokenLanguage = (language: string): string => (languages.has(language) ? language : 'en');

/** "in 42 seconds", rounded up: whoever comes back then is not too early. */
function whenOf(tag: string, seconds: number): string {
  if (seconds <= SECONDS_MAX) return times(tag).format(Math.ceil(seconds), 'second');
  if (seconds <= MINUTES_MAX) return times(tag).format(Math.ceil(seconds / MINUTE), 'minute');
  return times(tag).format(Math.ceil(seconds / HOUR), 'hour');
}

const times = once((tag) => new Intl.RelativeTimeFormat(tag));
const numbers = once((tag) => new Intl.NumberFormat(tag));

function once<T>(make: (tag: string) => T): (tag: string) => T {
  const made = new Map<string, T>();
  return (tag) => {
    const known = made.get(tag) ?? make(tag);
    made.set(tag, known);
    return known;
  };
}
