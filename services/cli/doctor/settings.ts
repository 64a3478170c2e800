/** Whether every setting is valid: what a start would refuse, told before it. */
import { chapters, problemsOf } from '../../config/all.ts';
import { type Finding, ok, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

export function checkSettings({ environment }: DoctorContext): Finding {
  const problems = problemsOf(environment);
  if (problems.length > 0) return wrong(problems.join(' '), 'Correct them; "sealpost settings" lists all of them.');
  const names = Object.values(chapters).flatMap((table) => Object.keys(table));
  const given = names.filter((name) => environment[name] || environment[`${name}_FILE`]);
  return ok(`${given.length} of ${names.length} settings are given, and all are valid.`);
}
