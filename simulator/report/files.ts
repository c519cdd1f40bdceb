/** Files that are there whole or not at all: written under a temporary name, then renamed. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder or a file in it cannot be written: a matter of the machine, not of the run. */
export class UnwritableError extends Error {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`${path} cannot be written: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, { cause });
    this.name = "UnwritableError";
    this.path = path;
  }
}

/** Makes the folder and proves that files can be made in it. Throws UnwritableError. */
export function openFolder(path: string): void {
  const probe = join(path, `.probe-${process.pid}`);
  try {
    makeFolder(path);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (thrown) {
    throw new UnwritableError(path, thrown);
  }
}

/** With its parents, one by one: Node's own recursive way never ends where a parent takes no folders, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Throws UnwritableError; then the old file, if any, is still there. */
export function writeWhole(path: string, text: string): void {
  const file = new WholeFile(path);
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
  private handle: number | undefined;

  constructor(path: string) {
    this.path = path;
    this.temporary = `${path}.${process.pid}.part`;
    try {
      makeFolder(dirname(path));
      this.handle = openSync(this.temporary, "w");
    } catch (thrown) {
      throw new UnwritableError(path, thrown);
    }
  }

  /** A text is written as UTF-8. */
  append(more: string | Uint8Array): void {
    if (this.handle === undefined) throw new Error(`${this.path}: append after the end`);
    const bytes = typeof more === "string" ? Buffer.from(more, "utf8") : more;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.handle, bytes, at);
    } catch (thrown) {
      throw new UnwritableError(this.path, thrown);
    }
  }

  finish(): void {
    if (this.handle === undefined) throw new Error(`${this.path}: finished twice`);
    try {
      closeSync(this.handle);
      this.handle = undefined;
      renameSync(this.temporary, this.path);
    } catch (thrown) {
      rmSync(this.temporary, { force: true });
      throw new UnwritableError(this.path, thrown);
    }
  }

  /** Leaves nothing behind but what was there before. After `finish` it does nothing. */
  abandon(): void {
    if (this.handle === undefined) return;
    closeSync(this.handle);
    this.handle = undefined;
    rmSync(this.temporary, { force: true });
  }
}
