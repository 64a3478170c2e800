/** Looks DNS records up, bounded in time; a name without them gives none. */
import { Resolver } from 'node:dns/promises';
import { NotChecked } from './finding.ts';

export type DnsLookup = Readonly<{
  /** The TXT records of a name, each joined from its strings. Throws NotChecked where no server answers. */
  texts(name: string): Promise<readonly string[]>;
  /** What a name is an alias of (CNAME), in lower case. Throws as texts. */
  aliases(name: string): Promise<readonly string[]>;
  close(): void;
}>;

const TIMEOUT_MILLISECONDS = 1500;
const TRIES = 2;

/** `servers` as addresses, with :port where it is not 53; none: the system's. */
export function createLookup(servers: readonly string[]): DnsLookup {
  const resolver = new Resolver({ timeout: TIMEOUT_MILLISECONDS, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  return {
    texts: (name) => noneIfMissing(async () => (await resolver.resolveTxt(name)).map((strings) => strings.join(''))),
    aliases: (name) =>
      noneIfMissing(async () => (await resolver.resolveCname(name)).map((alias) => alias.toLowerCase())),
    close: () => resolver.cancel(),
  };
}

async function noneIfMissing(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
    throw new NotChecked(`no DNS server answered (${code ?? 'no reason given'})`);
  }
}
