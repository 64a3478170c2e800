/** Room on the disk that a folder is on. */
import { statfs } from 'node:fs/promises';

export type DiskRoom = Readonly<{
  folder: string;
  bytes: number;
  /** For this user: what is kept for root is not counted. */
  freeBytes: number;
  /** Of the files that the disk can hold: 0 to 1. */
  filesLeft: number;
}>;

/** Undefined where the folder cannot be read: one that is not there yet fills no disk. */
export async function roomIn(folder: string): Promise<DiskRoom | undefined> {
  try {
    const { blocks, bavail, bsize, files, ffree } = await statfs(folder);
    return { folder, bytes: blocks * bsize, freeBytes: bavail * bsize, filesLeft: files > 0 ? ffree / files : 1 };
  } catch {
    return undefined;
  }
}
