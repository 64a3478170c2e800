/** The actions that the IAM policy grants: iam-policy.json is the deployment guide's, and all that is called at run time. */
import policy from './iam-policy.json' with { type: 'json' };

/** As IAM spells them, such as ses:SendRawEmail. */
export const grantedActions: readonly string[] = policy.Statement.flatMap(({ Action }) => Action);
