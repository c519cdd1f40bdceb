/** Images: the same source makes the same bytes anywhere, what a device cannot run is caught with file and line, and a manifest tells the truth. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test, vi } from "vitest";
import { crc32 } from "../../protocol/bytes/crc.ts";
import { type Board, readBoard, readBoards } from "../boards.ts";
import { UserError } from "../user-error.ts";
import { budgetTable } from "./budget-table.ts";
import { manifestName, readImage, sha256 } from "./image.ts";
import { encodingOf, type MadeImage, makeImage, scriptName } from "./make-image.ts";
import { type Origin, originOf, shortCommit } from "./origin.ts";

// A unit has half a million nodes in its tree, and a busy machine takes its time over them.
vi.setConfig({ testTimeout: 180_000 });
const root = fileURLToPath(new URL("../..", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "livlina-image-"));
afterAll(() => rmSync(place, { recursive: true }));

const origin: Origin = { version: "1.2.3", commit: "0123456789".repeat(4), changed: false, epochS: 1_800_000_000 };

/** A second folder with the same firmware in it. */
function copyOf(name: string): string {
  const copy = join(place, name);
  for (const part of ["firmware", "protocol"])
    cpSync(join(root, part), join(copy, part), { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
  return copy;
}

async function refused(work: Promise<unknown>): Promise<UserError> {
  const thrown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof UserError) return thrown;
  throw thrown ?? new Error("nothing was thrown");
}

/** Each board's image is made once. */
const images = new Map<string, Promise<MadeImage>>();
function imageOf(name: string): Promise<MadeImage> {
  const image = images.get(name) ?? makeImage(readBoard(name), root, origin);
  images.set(name, image);
  return image;
}

for (const board of readBoards()) {
  test(`the image of ${board.name} holds nothing that its engine cannot run, and is weighed`, async () => {
    const { manifest, inputs, fits } = await imageOf(board.name);
    expect(manifest).toMatchObject({ board: board.name, hardware: board.hardware, version: "1.2.3" });
    expect(inputs[0]?.bytes).toBeGreaterThanOrEqual(inputs[1]?.bytes ?? 0);
    expect(manifest.files[0]?.bytes).toBeGreaterThan(10_000);
    expect(fits).toBe((manifest.files[0]?.bytes ?? 0) <= board.budget.imageBytes);
  });
}

/** A script may grow or shrink by so much of a size before the table must be made anew. */
const leewayPercent = 3;

/** The size in a row, and the row without it. */
function split(row: string): readonly [number, string] {
  const size = /\| (\d+) of /.exec(row)?.[1] ?? "";
  return [Number(size), row.replace(/\| \d+ of /, "| of ")];
}

test("the README's table names every board with its budgets, and sizes no further off than a few percent", async () => {
  const weigh = async ({ name }: Board): Promise<number> => (await imageOf(name)).manifest.files[0]?.bytes ?? 0;
  const readme = readFileSync(join(root, "firmware/README.md"), "utf8");
  const rows = (await budgetTable(readBoards(), weigh)).trim().split("\n");
  const start = readme.indexOf(rows[0] ?? "");
  expect(start, "livlina build --all --table").toBeGreaterThan(0);
  const written = readme.slice(start).split("\n").slice(0, rows.length);
  for (let i = 0; i < rows.length; i++) {
    const [size, rest] = split(rows[i] ?? "");
    const [writtenSize, writtenRest] = split(written[i] ?? "");
    expect(writtenRest).toBe(rest);
    expect(Math.abs(writtenSize - size), `${rest}: livlina build --all --table`).toBeLessThanOrEqual(
      Math.ceil((size * leewayPercent) / 100),
    );
  }
});

test("the same source in another folder makes the same bytes in every file, another commit other ones", async () => {
  const unit = await imageOf("wt32-eth01");
  expect(Object.keys(unit.files).sort()).toEqual([
    manifestName,
    scriptName,
    `${scriptName}.map`,
    "mcconfig/manifest.json",
    "mcconfig/partitions.csv",
    "sbom.json",
  ]);
  const copy = copyOf("copy");
  expect((await makeImage(readBoard("wt32-eth01"), copy, origin)).files).toEqual(unit.files);
  const contract = await makeImage(readBoard("wt32-eth01"), copy, origin, "contract");
  const later = await makeImage(readBoard("wt32-eth01"), copy, { ...origin, commit: "f".repeat(40) }, "contract");
  expect(contract.files[scriptName]).not.toBe(unit.files[scriptName]);
  expect(later.files["sbom.json"]).not.toBe(contract.files["sbom.json"]);
});

test("a closure over a loop's variable and a regex that never matches are caught, with file and line", async () => {
  const copy = copyOf("planted");
  const path = "firmware/hosts/contract-lines.ts";
  const source = readFileSync(join(copy, path), "utf8");
  const planted = `${source}
export function closures(): (() => number)[] {
  const made: (() => number)[] = [];
  for (let i = 0; i < 3; i++) made.push(() => i);
  return made;
}
export function isNumber(text: string): boolean {
  return /^-?1/.test(text);
}
`.replace("function tell(line: Serial, text: string): void {", "$&\n  if (isNumber(text)) closures();");
  writeFileSync(join(copy, path), planted);
  const fault = await refused(makeImage(readBoard("wt32-eth01"), copy, origin, "contract"));
  const lineOf = (text: string): number => planted.split("\n").findIndex((line) => line.includes(text)) + 1;
  expect(fault.exitCode).toBe(1);
  expect(fault.message).toContain(`${path}:${lineOf("made.push")}: closure in a loop over`);
  expect(fault.message).toContain(`${path}:${lineOf("/^-?1/")}: regular expression`);
});

test("a source that does not parse, and a host that is not there, are told with their place", async () => {
  const copy = copyOf("broken");
  const path = join(copy, "firmware/hosts/lamp-blinker.ts");
  writeFileSync(path, `${readFileSync(path, "utf8")}\nconst = 5;\n`);
  const fault = await refused(makeImage(readBoard("wt32-eth01"), copy, origin));
  expect(fault.message).toContain("firmware/hosts/lamp-blinker.ts:");
  rmSync(join(copy, "firmware/hosts/moddable/unit.ts"));
  const gone = await refused(makeImage(readBoard("wt32-eth01"), copy, origin));
  expect(gone.message).toContain("moddable/unit.ts is not there");
});

test("a board without raw pages is refused before anything is made", async () => {
  const { journal, ...storage } = readBoard("wt32-eth01").storage;
  const fault = await refused(makeImage({ ...readBoard("wt32-eth01"), storage }, root, origin));
  expect(fault.message).toContain("no raw pages");
  expect(journal?.sectorCount).toBeGreaterThan(1);
});

test("the manifest has size, digest and checksum of the script, and is read back only where they hold", async () => {
  const image = await imageOf("puck-js");
  const folder = join(place, "read");
  mkdirSync(folder);
  for (const name of [scriptName, manifestName])
    writeFileSync(join(folder, name), image.files[name] ?? "", encodingOf(name));
  const read = readImage(folder);
  expect(read.manifest).toEqual(image.manifest);
  const bytes = readFileSync(join(folder, scriptName));
  expect(read.manifest.files[0]).toEqual({
    path: scriptName,
    bytes: bytes.length,
    sha256: sha256(bytes),
    crc32: crc32(bytes, 0, bytes.length, 0),
  });
  writeFileSync(join(folder, scriptName), Buffer.concat([bytes, Buffer.from(" ")]));
  expect(() => readImage(folder)).toThrow("is not what");
  writeFileSync(join(folder, manifestName), JSON.stringify({ ...image.manifest, format: 2 }));
  expect(() => readImage(folder)).toThrow("format");
  rmSync(join(folder, manifestName));
  expect(() => readImage(folder)).toThrow(manifestName);
});

test("the bill of materials names the script, its digest, the engine and its licence, and nothing of this run", async () => {
  const image = await imageOf("wt32-eth01");
  const bill = JSON.parse(image.files["sbom.json"] ?? "");
  expect(bill).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: {
      timestamp: "2027-01-15T08:00:00.000Z",
      component: {
        type: "firmware",
        version: "1.2.3",
        hashes: [{ alg: "SHA-256", content: image.manifest.files[0]?.sha256 }],
      },
    },
    components: [{ name: "Moddable XS", licenses: [{ license: { id: "LGPL-3.0-or-later" } }] }],
  });
  expect(bill.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(bill.dependencies).toContainEqual({ ref: "image", dependsOn: ["engine"] });
});

test("Moddable's project has the board's memory, and partitions that lie one behind the other within 4 MB", async () => {
  const board = readBoard("wt32-eth01");
  const image = await imageOf("wt32-eth01");
  const { memory } = board.budget;
  if (!("slots" in memory)) throw new Error("no XS");
  const project = JSON.parse(image.files["mcconfig/manifest.json"] ?? "");
  expect(project.creation).toMatchObject({ heap: { initial: memory.slots }, chunk: { initial: memory.chunkBytes } });
  expect(project.modules).toEqual({ main: "../livlina" });
  const rows = (image.files["mcconfig/partitions.csv"] ?? "").trim().split("\n").slice(1);
  let end = 0x9000;
  for (const row of rows) {
    const [name, , , offset, size] = row.split(", ");
    expect([name, Number(offset) >= end]).toEqual([name, true]);
    end = Number(offset) + Number(size);
    if (name === "journal") expect(Number(offset)).toBe(board.storage.journal?.address);
  }
  expect(end).toBeLessThanOrEqual(4 * 1024 * 1024);
  expect(rows.filter((row) => row.includes(", app, "))).toHaveLength(2);
});

test("an image's origin is the clone's commit, and a folder that is none has no commit", () => {
  const here = originOf(root);
  expect(here.version).toMatch(/^\d+\.\d+\.\d+$/);
  const bare = join(place, "bare");
  mkdirSync(bare);
  writeFileSync(join(bare, "package.json"), '{ "version": "3.4.5" }');
  expect(originOf(bare)).toMatchObject({ version: "3.4.5", commit: "", changed: false });
  expect(shortCommit({ ...origin, changed: true })).toBe("0123456+");
  expect(shortCommit(originOf(bare))).toBe("");
});
