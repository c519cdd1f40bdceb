/**
 * The folder of a report, replaced whole: a run writes beside the older report, in a folder of its own inside, and when
 * everything is on the disk its files take their names. Until then, and if the run breaks off, the older report stands.
 */
import { join } from "node:path";
import { disk, type FileSystem, openFolder, UnwritableError } from "./files.ts";

/** Every file that a report may have: those that a run did not write go when it takes the folder over. */
export const reportFiles: readonly string[] = [
  "calls.csv",
  "events.jsonl",
  "events.schema.json",
  "junit.xml",
  "outages.json",
  "registry.csv",
  "replay",
  "report.html",
  "report.json",
  "report.schema.json",
  "statistics.csv",
  "trace.json",
  "traffic.pcapng",
];
/** Goes first and comes last: a folder with it holds one report, whole. */
const seal = "replay";
const unfinished = ".unfinished-";

export class RunFolder {
  /** Where the run's files are written meanwhile. */
  readonly staging: string;
  private readonly path: string;
  private readonly files: FileSystem;

  /** Makes the folder, and proves that it takes files. Throws UnwritableError. */
  constructor(path: string, files: FileSystem = disk) {
    this.path = path;
    this.staging = join(path, `${unfinished}${process.pid}`);
    this.files = files;
    openFolder(path, files);
    try {
      this.clearLeftovers();
      files.mkdirSync(this.staging);
    } catch (thrown) {
      throw new UnwritableError(path, thrown);
    }
  }

  /** Where to write that file of the report. */
  file(name: string): string {
    return join(this.staging, name);
  }

  /** The report takes its place. Throws UnwritableError; then the older report stands, or no `replay` does. */
  commit(): void {
    const { files, path } = this;
    try {
      const written = files.readdirSync(this.staging).sort();
      for (const name of written) this.refuseFolderAt(join(path, name));
      files.rmSync(join(path, seal), { force: true });
      for (const name of written) if (name !== seal) files.renameSync(this.file(name), join(path, name));
      for (const name of reportFiles) if (!written.includes(name)) files.rmSync(join(path, name), { force: true });
      if (written.includes(seal)) files.renameSync(this.file(seal), join(path, seal));
      this.syncFolder();
      files.rmSync(this.staging, { recursive: true });
    } catch (thrown) {
      this.abandon();
      throw thrown instanceof UnwritableError ? thrown : new UnwritableError(path, thrown);
    }
  }

  /** Leaves the folder as it was. */
  abandon(): void {
    this.files.rmSync(this.staging, { recursive: true, force: true });
  }

  /** What is found before the older report is touched need not be mended after. */
  private refuseFolderAt(path: string): void {
    if (!this.files.existsSync(path) || !this.files.statSync(path).isDirectory()) return;
    throw new UnwritableError(path, Object.assign(new Error("a folder"), { code: "EISDIR" }));
  }

  /** The names too are on the disk. Not every file system lets a folder be opened for that. */
  private syncFolder(): void {
    let handle: number | undefined;
    try {
      handle = this.files.openSync(this.path, "r");
      this.files.fsyncSync(handle);
    } catch {
      // The files themselves are there.
    } finally {
      if (handle !== undefined) this.files.closeSync(handle);
    }
  }

  /** What runs left behind that were killed. */
  private clearLeftovers(): void {
    for (const name of this.files.readdirSync(this.path)) {
      if (!name.startsWith(unfinished)) continue;
      const owner = Number(name.slice(unfinished.length));
      if (owner === process.pid || !isAlive(owner)) this.files.rmSync(join(this.path, name), { recursive: true });
    }
  }
}

function isAlive(id: number): boolean {
  if (!Number.isSafeInteger(id) || id <= 0) return true;
  try {
    process.kill(id, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
