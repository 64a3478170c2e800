/** Which actions the caller's IAM policy grants, and which were called. */
import { SesError } from './answers.ts';

export type Permissions = Readonly<{
  /** Counts the call. Throws SesError AccessDenied where the policy does not grant it. */
  use(action: string): void;
  /** Every action ever called with a good signature, also those refused, and how often. */
  calls(): Record<string, number>;
}>;

const NAMES_MAX = 1000;

/** Without a list every action is granted. The names are IAM's, such as ses:SendRawEmail. */
export function createPermissions(granted: readonly string[] | undefined): Permissions {
  const counts = new Map<string, number>();
  return {
    use(action) {
      if (counts.has(action) || counts.size < NAMES_MAX) counts.set(action, (counts.get(action) ?? 0) + 1);
      if (granted && !granted.includes(`ses:${action}`)) {
        throw new SesError(403, 'AccessDenied', `User is not authorized to perform: ses:${action}`);
      }
    },
    calls: () => Object.fromEntries(counts),
  };
}
