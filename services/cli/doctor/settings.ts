/** Checks of the settings: that they can be read, and that the secrets are secrets. */
import { accountSettings } from '../../config/accounts.ts';
import { chapters, problemsOf } from '../../config/all.ts';
import { httpSettings } from '../../config/http.ts';
import { keySettings, otpKeysOf } from '../../config/keys.ts';
import { refusePlaceholders } from '../../config/placeholders.ts';
import { misspeltNames } from '../../config/misspelt.ts';
import { STACK_NAMES } from '../stack-settings.ts';
import type { DoctorContext } from './context.ts';
import { type Finding, NotChecked, ok, warning, wrong } from './finding.ts';

/** Whether every setting is valid: what a start would refuse, told before it. */
export function checkSettings({ environment }: DoctorContext): Finding {
  const problems = problemsOf(environment);
  if (problems.length > 0) return wrong(problems.join(' '), 'Correct them; "sealpost settings" lists all of them.');
  const names = Object.values(chapters).flatMap((table) => Object.keys(table));
  const near = misspeltNames(Object.keys(environment), [
    ...names,
    ...names.map((name) => `${name}_FILE`),
    ...STACK_NAMES,
  ]);
  if (near.length > 0) {
    const told = near.map(({ name, meant }) => `${name} is no setting (${meant} is one)`);
    return warning(`${told.join('; ')}.`, 'Correct the names, or ignore them where they belong to something else.');
  }
  const given = names.filter((name) => environment[name] || environment[`${name}_FILE`]);
  return ok(`${given.length} of ${names.length} settings are given, and all are valid.`);
}

const DIFFERENT_SIGNS_MIN = 10;
const names = ['JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'OTP_KEYS', 'REFRESH_TOKEN_SECRET'] as const;

/** Whether the secrets are secrets: no sample values, none used twice, none that is one sign repeated. */
export function checkKeys({ settings, production }: DoctorContext): Finding {
  const table = {
    NODE_ENV: httpSettings.NODE_ENV,
    ...keySettings,
    REFRESH_TOKEN_SECRET: accountSettings.REFRESH_TOKEN_SECRET,
  };
  const found = settings(table);
  if (!found.JWT_SECRET && !found.OTP_KEYS) throw new NotChecked('there is neither JWT_SECRET nor OTP_KEYS');
  const given = names.flatMap((name) => (found[name] ? [{ name, value: found[name] }] : []));
  const weak = given.filter(({ value }) => new Set(value).size < DIFFERENT_SIGNS_MIN).map(({ name }) => name);
  const samples = refusePlaceholders(table)({ ...found, NODE_ENV: 'production' }).map(
    (problem) => problem.split(':')[0],
  );
  const bad = [...new Set([...weak, ...samples])];
  const renew = 'Replace each with a new one: "openssl rand -base64 48".';
  if (bad.length > 0) {
    return (production ? wrong : warning)(
      `${bad.join(', ')} can be guessed: a sample value, or too few different characters.`,
      renew,
    );
  }
  const twice = given.filter(({ value }) => given.filter((other) => other.value === value).length > 1);
  if (twice.length > 0) return warning(`${twice.map(({ name }) => name).join(' and ')} are the same.`, renew);
  const codes = found.OTP_KEYS ? `${otpKeysOf(found).length} OTP_KEYS` : 'a key made from JWT_SECRET';
  const tokens = found.JWT_SECRET ? `JWT_SECRET of ${Buffer.byteLength(found.JWT_SECRET)} bytes` : "the issuer's keys";
  return ok(`Tokens are checked with ${tokens}; codes are derived from ${codes}.`);
}
