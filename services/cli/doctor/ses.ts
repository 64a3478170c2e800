/** Whether Amazon SES answers and takes the credentials. */
import { SesFailure } from '../../mail/ses-account.ts';
import { type Finding, ok, wrong } from './check.ts';
import type { DoctorContext } from './context.ts';
import { explainSesFailure } from './explain-ses.ts';

export async function checkSes({ mail, quota }: DoctorContext): Promise<Finding> {
  const { region, endpoint } = mail();
  const name = endpoint ? `The SES at ${endpoint}` : `Amazon SES in ${region}`;
  try {
    await quota();
    return ok(`${name} answers and takes the credentials.`);
  } catch (error) {
    if (!(error instanceof SesFailure)) throw error;
    const { what, todo } = explainSesFailure(error);
    return wrong(`${name} ${what} (${error.action}).`, todo);
  }
}
