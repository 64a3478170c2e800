/** The groups of operations, in the order of use. */
export const tags = [
  { name: 'Codes', description: 'What an app calls for a person: mail a code, and verify what the person typed.' },
  { name: 'Addresses', description: 'What an app asks for a person: which addresses are verified.' },
  {
    name: 'Accounts',
    description:
      "Tokens for the operator's own accounts, by address and password. Users need none: their tokens are signed by your backend or your issuer.",
  },
  { name: 'Verifications', description: 'What an admin sees and changes of addresses, codes and verifications.' },
  { name: 'Sending', description: 'Whom an admin lets mails go out to.' },
  { name: 'Erasure', description: 'The right to be forgotten.' },
  { name: 'Health', description: 'For load balancers and monitoring.' },
] as const;

export type Tag = (typeof tags)[number]['name'];
