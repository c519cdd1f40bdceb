/** Why the system refused, for people: the code that they can look up, and what it means. */

const meanings: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EADDRINUSE: "another program has that port",
  EADDRNOTAVAIL: "this machine has no such address",
  ECONNREFUSED: "nobody listens there",
  EEXIST: "it is there already",
  EISDIR: "it is a folder",
  ENOENT: "no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is in the way",
  EPERM: "not allowed",
  EROFS: "a read-only file system",
};

/** "ENOENT (no such file or folder)"; what was thrown in its own words where it bears no code. */
export function systemReason(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === undefined) return message ?? String(thrown);
  const meaning = meanings[code];
  return meaning === undefined ? code : `${code} (${meaning})`;
}
