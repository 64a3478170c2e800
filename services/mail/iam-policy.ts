/** The actions that the IAM policy grants: iam-policy.json is the deployment guide's, and all that is called at run time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type IamPolicy = Readonly<{ Statement: readonly Readonly<{ Action: readonly string[] }>[] }>;

const text = readFileSync(join(import.meta.dirname, 'iam-policy.json'), 'utf8');

/** As IAM spells them, such as ses:SendRawEmail. */
export const grantedActions = (JSON.parse(text) as IamPolicy).Statement.flatMap(({ Action }) => Action);
