/** Settings of browsers on other origins (CORS). */
import { flag, list, setting, type SettingsCheck } from '../runtime/settings.ts';

const origins = list()
  .default([])
  .refine(
    (given) => given.every((origin) => origin === '*' || isOrigin(origin)),
    'must be origins such as https://app.example.com, separated by commas, without a path',
  );

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

export const corsSettings = {
  CORS_ORIGIN: setting(
    origins,
    'Origins whose pages may call the API, separated by commas; * for any, without credentials.',
  ),
  CORS_CREDENTIALS: setting(flag(false), 'Whether those pages may send cookies and credentials.'),
};

export const checkCors: SettingsCheck<typeof corsSettings> = ({ CORS_ORIGIN = [], CORS_CREDENTIALS }) =>
  CORS_CREDENTIALS && CORS_ORIGIN.includes('*')
    ? ['CORS_ORIGIN: * with CORS_CREDENTIALS=true would let every page act as its visitor: name the origins.']
    : [];
