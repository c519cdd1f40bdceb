/** Where logs and artefacts of a bench go: a disk that may be full, which is the rig's fault and nobody else's. */
import { closeSync, mkdirSync, openSync, statfsSync, writeSync } from "node:fs";
import { dirname, parse } from "node:path";
import type { BenchDisk, BenchFile } from "./bench.ts";
import { RigError } from "./rig-error.ts";

export class RealDisk implements BenchDisk {
  freeBytes(folder: string): number {
    for (let at = folder; ; at = dirname(at)) {
      try {
        const { bavail, bsize } = statfsSync(at);
        return bavail * bsize;
      } catch (thrown) {
        // A folder that is yet to be made stands on the disk of the one above it.
        if ((thrown as NodeJS.ErrnoException).code !== "ENOENT" || at === parse(at).root)
          throw diskError(folder, thrown);
      }
    }
  }

  create(path: string): BenchFile {
    try {
      mkdirSync(dirname(path), { recursive: true });
      return new RealFile(path, openSync(path, "w"));
    } catch (thrown) {
      throw diskError(path, thrown);
    }
  }
}

/** A disk that can be filled to its last byte, for the misbehaving bench. */
export class FillableDisk implements BenchDisk {
  private readonly disk = new RealDisk();
  private isFull = false;

  fill(): void {
    this.isFull = true;
  }

  freeBytes(folder: string): number {
    return this.isFull ? 0 : this.disk.freeBytes(folder);
  }

  create(path: string): BenchFile {
    this.meet(path);
    const file = this.disk.create(path);
    return {
      path,
      write: (text) => {
        this.meet(path);
        file.write(text);
      },
      close: () => file.close(),
    };
  }

  private meet(path: string): void {
    if (this.isFull) throw diskError(path, Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
  }
}

class RealFile implements BenchFile {
  readonly path: string;
  private readonly file: number;
  private isOpen: boolean;

  constructor(path: string, file: number) {
    this.path = path;
    this.file = file;
    this.isOpen = true;
  }

  write(text: string): void {
    if (!this.isOpen) return;
    try {
      writeSync(this.file, text);
    } catch (thrown) {
      throw diskError(this.path, thrown);
    }
  }

  close(): void {
    if (this.isOpen) closeSync(this.file);
    this.isOpen = false;
  }
}

function diskError(path: string, thrown: unknown): RigError {
  const { code, message } = thrown as NodeJS.ErrnoException;
  const hint = code === "ENOSPC" ? "make room on that disk" : "a folder that this user may write";
  return new RigError("disk", `${path} cannot be written: ${code ?? message}`, hint);
}
