/** Settings of browsers on other origins (CORS). */
import { flag, list, setting, type SettingsCheck } from '../runtime/settings.ts';

const origins = list()
  .default([])
  .refine(
    (given) => given.every((origin) => origin === '*' || isOrigin(origin.replace('://*.', '://any.'))),
    'must be origins such as https://app.example.com, https://*.example.com or capacitor://localhost, separated by commas, without a path',
  );

/** As a browser, or an app's web view, sends it in Origin; of another scheme than the web's, the host stands as it was written. */
function isOrigin(text: string): boolean {
  // A whole suffix of the web, such as *.com, is nobody's.
  if (text.includes('*') || /:\/\/any\.(?!localhost\b)[^.]*$/.test(text)) return false;
  if (/^https?:/i.test(text)) return URL.canParse(text) && new URL(text).origin === text;
  return /^[a-z][a-z\d+.-]*:\/\/[\w.-]+(?::\d{1,5})?$/.test(text) && !text.startsWith('file:');
}

export const corsSettings = {
  CORS_ORIGIN: setting(
    origins,
    'Origins whose pages may call the API, separated by commas: of pages (https://app.example.com), of any name below a domain (https://*.example.com), of apps (capacitor://localhost); * for any, without credentials.',
  ),
  CORS_CREDENTIALS: setting(flag(false), 'Whether those pages may send cookies and credentials.'),
};

export const checkCors: SettingsCheck<typeof corsSettings> = ({ CORS_ORIGIN = [], CORS_CREDENTIALS }) =>
  CORS_CREDENTIALS && CORS_ORIGIN.includes('*')
    ? ['CORS_ORIGIN: * with CORS_CREDENTIALS=true would let every page act as its visitor: name the origins.']
    : [];
