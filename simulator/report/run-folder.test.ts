/** A report takes its folder over whole or not at all, whichever call to the file system fails. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { disk, type FileSystem, openFolder, UnwritableError, WholeFile, writeWhole } from "./files.ts";
import { RunFolder, reportFiles } from "./run-folder.ts";

let place: string;
let out: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "livlina-folder-"));
  out = join(place, "deep", "run");
});
afterEach(() => rmSync(place, { recursive: true }));

const names = ["calls.csv", "replay", "report.json"];

function report(text: string, files: FileSystem = disk): void {
  const folder = new RunFolder(out, files);
  try {
    for (const name of names) writeWhole(folder.file(name), `${text} ${name}`, files);
    folder.commit();
  } catch (thrown) {
    folder.abandon();
    throw thrown;
  }
}

const contents = (): Record<string, string> =>
  Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), "utf8")]));
const whole = (text: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `${text} ${name}`]));

/** The `failing`th call from 0 on answers that the disk is full; so do all others of that name after it. */
function fullDisk(failing: number): { readonly files: FileSystem; readonly calls: () => number } {
  let calls = 0;
  let full = "";
  const handler: ProxyHandler<FileSystem> = {
    get: (target, name: keyof FileSystem) => {
      const work = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        // Taking away and closing work on a full disk too.
        if (["rmSync", "closeSync", "existsSync", "readdirSync", "statSync"].includes(name)) return work(...args);
        if (calls++ === failing) full = name;
        if (full === name) throw Object.assign(new Error("full"), { code: "ENOSPC" });
        return work(...args);
      };
    },
  };
  return { files: new Proxy({ ...disk }, handler), calls: () => calls };
}

test("a report appears whole, and leaves nothing else", () => {
  report("new");
  expect(contents()).toEqual(whole("new"));
});

test("an older report is replaced whole: what the new one has not goes, what is no report stays", () => {
  report("old");
  for (const name of ["outages.json", "events.jsonl", "notes.txt"]) writeFileSync(join(out, name), "old");
  report("new");
  expect(contents()).toEqual({ ...whole("new"), "notes.txt": "old" });
});

test("until the new report is whole, the older one stands as it was", () => {
  report("old");
  const folder = new RunFolder(out);
  writeWhole(folder.file("report.json"), "new");
  expect(readFileSync(join(out, "report.json"), "utf8")).toBe("old report.json");
  folder.abandon();
  expect(contents()).toEqual(whole("old"));
});

test("on a disk that is full from any call on, each file is whole, and a replay file vouches for one report", () => {
  const { files: counted, calls } = fullDisk(-1);
  report("once", counted);
  expect(calls()).toBeGreaterThan(20);
  for (let failing = 0; failing < calls(); failing++) {
    rmSync(out, { recursive: true, force: true });
    report("old");
    let error: unknown;
    try {
      report("new", fullDisk(failing).files);
    } catch (thrown) {
      error = thrown;
    }
    const found = contents();
    if (error !== undefined) {
      expect(error).toBeInstanceOf(UnwritableError);
      expect(String(error)).toContain("the disk is full (ENOSPC)");
    }
    for (const [name, text] of Object.entries(found)) expect([`old ${name}`, `new ${name}`]).toContain(text);
    if ("replay" in found) expect([whole("old"), whole("new")]).toContainEqual(found);
    else expect(error).toBeDefined();
  }
});

test("a folder in the place of a file is found before the older report is touched", () => {
  report("old");
  rmSync(join(out, "report.json"));
  mkdirSync(join(out, "report.json"));
  expect(() => report("new")).toThrow("a folder is in the way (EISDIR)");
  expect(readFileSync(join(out, "replay"), "utf8")).toBe("old replay");
  expect(readdirSync(out).sort()).toEqual(names);
});

test("what a killed run left behind goes with the next run; what a living one writes stays", () => {
  const nobody = 4_194_304;
  for (const owner of [nobody, process.ppid, "else"]) mkdirSync(join(out, `.unfinished-${owner}`), { recursive: true });
  report("new");
  expect(readdirSync(out).sort()).toEqual([`.unfinished-${process.ppid}`, ".unfinished-else", ...names].sort());
});

test("a file is on the disk before it has its name", () => {
  const done: string[] = [];
  const files: FileSystem = {
    ...disk,
    fsyncSync: (handle) => {
      done.push("fsync");
      disk.fsyncSync(handle);
    },
    renameSync: (from, to) => {
      done.push("rename");
      disk.renameSync(from, to);
    },
  };
  writeWhole(join(place, "a"), "text", files);
  expect(done).toEqual(["fsync", "rename"]);
});

test("a disk that fails as the file is closed leaves no file", () => {
  const failing: FileSystem = {
    ...disk,
    fsyncSync: () => {
      throw Object.assign(new Error("broken"), { code: "EIO" });
    },
  };
  const file = new WholeFile(join(place, "a"), failing);
  file.append("text");
  expect(() => file.finish()).toThrow("the disk fails (EIO)");
  expect(existsSync(join(place, "a"))).toBe(false);
  expect(readdirSync(place)).toEqual([]);
});

test("a file in the place of the folder is told as such", () => {
  writeFileSync(join(place, "file"), "");
  expect(() => new RunFolder(join(place, "file"))).toThrow("file cannot be written: a file is in the way (ENOTDIR)");
  expect(() => new RunFolder(join(place, "file", "under"))).toThrow(UnwritableError);
});

test("the names of a report are in order and once", () => {
  expect(reportFiles).toEqual([...new Set(reportFiles)].sort());
});

test("a folder that another process makes in the same instant is as good as one's own", () => {
  const twice = ((path: string) => {
    disk.mkdirSync(path);
    disk.mkdirSync(path);
  }) as FileSystem["mkdirSync"];
  openFolder(out, { ...disk, mkdirSync: twice });
  expect(existsSync(out)).toBe(true);
});
