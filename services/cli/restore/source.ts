/** What can be restored, and where it is looked for. */
import type { Manifest } from '../../backup/manifest.ts';
import type { ToolPlace } from '../../backup/tool.ts';
import type { DatabaseOptions } from '../../store/database.ts';
import type { Databases } from '../../store/databases.ts';

export type Source = Readonly<{
  name: string;
  /** What is known of it before anything is done; undefined `rows` and `keys` are not known. */
  facts: Pick<Manifest, 'position' | 'schema'> &
    Partial<Pick<Manifest, 'rows' | 'keys' | 'version' | 'server' | 'made_at'>> &
    Readonly<{ events: number }>;
  /** Reads all of it where it can be damaged; resolves to what is wrong, a sentence each. */
  check(signal: AbortSignal): Promise<readonly string[]>;
  /** Makes a database of this name of it, in place of one that is there. */
  fill(target: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}>;

export type Place = Readonly<{
  login: Pick<DatabaseOptions, 'url' | 'ssl'>;
  databases: Databases;
  place: ToolPlace;
  /** Of the dumps; undefined where none is set. */
  folder: string | undefined;
  /** Of base backups and WAL; undefined where none are kept. */
  walFolder: string | undefined;
  signal: AbortSignal;
}>;
