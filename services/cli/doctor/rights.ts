/** Whether the programs' role may do what they need, and cannot change or delete an event. */
import { readRights } from '../../store/server-facts.ts';
import { type Finding, ok, warning, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';

export async function checkRights({ schema }: DoctorContext): Promise<Finding> {
  const { role, lacking, excessive } = await readRights(await schema());
  const grant = `As the owner: grant sealpost_app to ${role}, which owns nothing itself.`;
  if (lacking.length > 0) return wrong(`The role ${role} lacks ${lacking.join(', ')}.`, grant);
  if (excessive.length > 0) {
    return warning(
      `The role ${role} may ${excessive.join(', ')}: a mistake or a break-in could change the log.`,
      `Run the programs as a role of their own. ${grant}`,
    );
  }
  return ok(`The role ${role} may add events, and cannot change or delete one.`);
}
