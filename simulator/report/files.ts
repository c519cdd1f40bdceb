/** Files that are there whole or not at all: written under a temporary name, brought to the disk, then renamed. */
import * as node from "node:fs";
import { dirname, join } from "node:path";

/** The part of a file system that reports are written with. A test puts a full or a broken one in its place. */
export type FileSystem = Pick<
  typeof node,
  | "closeSync"
  | "existsSync"
  | "fsyncSync"
  | "mkdirSync"
  | "openSync"
  | "readdirSync"
  | "renameSync"
  | "rmSync"
  | "statSync"
  | "writeSync"
>;
export const disk: FileSystem = node;

/** What the errors of a file system mean, for those that people meet. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EDQUOT: "the disk quota is used up",
  EFBIG: "a file may not grow so large here",
  EISDIR: "a folder is in the way",
  EIO: "the disk fails",
  ENOENT: "no folder can be made there",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is in the way",
  EROFS: "it is on a read-only file system",
};

/** The folder or a file in it cannot be written: a matter of the machine, not of the run. */
export class UnwritableError extends Error {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code;
    const reason = code === undefined ? String(cause) : code in reasons ? `${reasons[code]} (${code})` : code;
    super(`${path} cannot be written: ${reason}`, { cause });
    this.name = "UnwritableError";
    this.path = path;
  }
}

/** Makes the folder and proves that files can be made in it. Throws UnwritableError. */
export function openFolder(path: string, files: FileSystem = disk): void {
  const probe = join(path, `.probe-${process.pid}`);
  try {
    makeFolder(path, files);
    files.closeSync(files.openSync(probe, "w"));
    files.rmSync(probe);
  } catch (thrown) {
    throw new UnwritableError(path, thrown);
  }
}

/** With its parents, one by one: Node's own recursive way never ends where a parent takes no folders, as in /proc. */
function makeFolder(path: string, files: FileSystem): void {
  if (files.existsSync(path)) return;
  makeFolder(dirname(path), files);
  try {
    files.mkdirSync(path);
  } catch (thrown) {
    // Another process that writes beside this one may have been first.
    if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
  }
}

/** Throws UnwritableError; then the old file, if any, is still there. */
export function writeWhole(path: string, text: string | Uint8Array, files: FileSystem = disk): void {
  const file = new WholeFile(path, files);
  try {
    file.append(text);
    file.finish();
  } catch (thrown) {
    file.abandon();
    throw thrown;
  }
}

/** A file that grows under a temporary name and appears with `finish`. */
export class WholeFile {
  private readonly path: string;
  private readonly temporary: string;
  private readonly files: FileSystem;
  private handle: number | undefined;

  constructor(path: string, files: FileSystem = disk) {
    this.path = path;
    this.temporary = `${path}.${process.pid}.part`;
    this.files = files;
    try {
      makeFolder(dirname(path), files);
      this.handle = files.openSync(this.temporary, "w");
    } catch (thrown) {
      throw new UnwritableError(path, thrown);
    }
  }

  /** A text is written as UTF-8. */
  append(more: string | Uint8Array): void {
    if (this.handle === undefined) throw new Error(`${this.path}: append after the end`);
    const bytes = typeof more === "string" ? Buffer.from(more, "utf8") : more;
    try {
      for (let at = 0; at < bytes.length; ) at += this.files.writeSync(this.handle, bytes, at);
    } catch (thrown) {
      throw new UnwritableError(this.path, thrown);
    }
  }

  /** On the disk before it has its name: a machine that stops here leaves the old file or the new one. */
  finish(): void {
    if (this.handle === undefined) throw new Error(`${this.path}: finished twice`);
    try {
      this.files.fsyncSync(this.handle);
      this.close();
      this.files.renameSync(this.temporary, this.path);
    } catch (thrown) {
      this.abandon();
      this.files.rmSync(this.temporary, { force: true });
      throw new UnwritableError(this.path, thrown);
    }
  }

  /** Leaves nothing behind but what was there before. After `finish` it does nothing. */
  abandon(): void {
    if (this.handle === undefined) return;
    this.close();
    this.files.rmSync(this.temporary, { force: true });
  }

  private close(): void {
    const { handle } = this;
    this.handle = undefined;
    if (handle !== undefined) this.files.closeSync(handle);
  }
}
