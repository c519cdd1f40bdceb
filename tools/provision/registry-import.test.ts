import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { readRegistry } from "../../simulator/monitor/registry.ts";
import { checkDigitOf } from "./larmkod.ts";
import {
  buttonElsewhere,
  larmkodTaken,
  type RegistryFile,
  readRegistryFile,
  refuseFaults,
  registryFaults,
  withRow,
  writeRegistryFile,
} from "./registry-file.ts";
import { importLines, planImport } from "./registry-import.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "registry-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function fileOf(rows: readonly Record<string, string>[]): RegistryFile {
  return { path: "r.csv", columns: ["unit", "cid", "client", "buttons"], rows, lines: rows.map((_, at) => at + 2) };
}

const cid = (number: number): string => {
  const digits = String(460_000_000 + number);
  return digits + checkDigitOf(digits);
};

test("a registry is the same after it was written and read, as CSV and as JSON, unknown columns with it", () => {
  const path = folder();
  const rows = [
    { unit: "U-000001", cid: cid(1), client: "K-1", buttons: "0000000A 0000000B", power: "norr" },
    { unit: "U-000002", cid: "", client: "", buttons: "", power: "=evil" },
  ];
  for (const name of ["r.csv", "r.json"]) {
    const file = { path: join(path, name), columns: ["unit", "cid", "client", "buttons", "power"], rows, lines: [] };
    writeRegistryFile(file);
    const read = readRegistryFile(file.path);
    expect(read.rows.map((row) => file.columns.map((column) => row[column] ?? ""))).toEqual(
      rows.map((row) => Object.values(row)),
    );
    expect(registryFaults(read, true)).toEqual([]);
  }
});

test("the monitor reads the registry of units as its own", () => {
  const path = join(folder(), "r.csv");
  const unit = { unit: "U-000001", cid: cid(1), client: "K-1", operator: "alfa", beat_s: "180" };
  writeRegistryFile({ path, columns: ["unit", "cid", "client", "operator", "beat_s"], rows: [unit], lines: [] });
  const read = readRegistry(readFileSync(path, "utf8"));
  expect(read).toMatchObject({
    ok: true,
    units: [{ unit: "U-000001", cid: cid(1), operator: "alfa", beatMs: 180_000 }],
  });
});

test.each([
  [{ unit: "U-1", cid: "4600000010" }, "wrong check digit"],
  [{ unit: "U-1", cid: cid(1), client: "Anna" }, "never a name"],
  [{ unit: "U-1", cid: cid(1), note: "811218-9876" }, "the note is a personal identity number"],
  [{ unit: "U-1", cid: "", state: "in-service" }, "without a larmkod"],
  [{ unit: "U-1", cid: cid(1), state: "sleeping" }, "is none of"],
  [{ unit: "U-1", cid: cid(1), imei: "352099001761482" }, "imei"],
  [{ unit: "U-1", cid: cid(1), installed: "22/11" }, "is no date"],
  [{ unit: "U-1", cid: cid(1), buttons: "A" }, "is no address"],
] as const)("the row %j is refused: %s", (row, why) => {
  const file = fileOf([row as Record<string, string>]);
  const faults = registryFaults(file, true);
  expect(faults.map((fault) => fault.why).join()).toContain(why);
  expect(() => refuseFaults("r.csv", faults)).toThrow("r.csv:2:");
});

test("a file with a column about persons is not read at all", () => {
  const path = join(folder(), "r.csv");
  writeFileSync(path, "unit,cid,Personnummer\nU-1,,x\n");
  expect(() => readRegistryFile(path)).toThrow("personnummer is about a person");
});

test("no larmkod, serial or button stands twice, whatever is imported", () => {
  const anyRows = fc.array(
    fc.record({
      unit: fc.constantFrom("U-1", "U-2", "U-3", ""),
      cid: fc.constantFrom(cid(1), cid(2), cid(3), ""),
      buttons: fc.constantFrom("", "0000000A", "0000000B"),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(anyRows, anyRows, (before, incoming) => {
      const filled = incoming.filter(({ unit, cid: number }) => unit + number !== "");
      const rows = before.filter(({ unit, cid: number }) => unit + number !== "");
      const registry = fileOf(rows);
      if (registryFaults(registry, true).length > 0) return;
      const plan = planImport(registry, fileOf(filled));
      if (plan.faults.length === 0) expect(registryFaults(plan.registry, true)).toEqual([]);
      expect(plan.registry.rows).toHaveLength(rows.length + plan.added.length);
      if (plan.faults.length > 0) return;
      const again = planImport(plan.registry, fileOf(filled));
      if (new Set(filled.map(({ unit }) => unit)).size === filled.length) expect(again.added).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test("an import of 1,000 units says what is new and what changes, and a second one changes nothing", () => {
  const rows = Array.from({ length: 1_000 }, (_, at) => ({ unit: `U-${at}`, cid: cid(at), client: `K-${at}` }));
  const first = planImport(fileOf([]), fileOf(rows));
  expect([first.added.length, first.faults]).toEqual([1_000, []]);
  const moved = planImport(
    first.registry,
    fileOf([
      { unit: "U-7", cid: cid(8) },
      { unit: "U-8", cid: cid(7), client: "" },
    ]),
  );
  expect(moved.faults).toEqual([]);
  expect(importLines(moved)).toEqual([
    `~ U-7 ${cid(8)}`,
    `    cid: "${cid(7)}" -> "${cid(8)}"`,
    `~ U-8 ${cid(7)}`,
    `    cid: "${cid(8)}" -> "${cid(7)}"`,
    "0 new, 2 changed, 0 as before",
  ]);
  const taken = planImport(first.registry, fileOf([{ unit: "U-new", cid: cid(3) }]));
  expect(taken.faults).toEqual([{ line: 2, why: `cid ${cid(3)} belongs to unit U-3 in the registry` }]);
  expect(planImport(first.registry, fileOf(rows))).toMatchObject({ added: [], changed: [], same: 1_000 });
});

test("a larmkod or a button that another unit has is told by that unit's serial", () => {
  const registry = fileOf([
    { unit: "U-1", cid: cid(1), client: "K-1", buttons: "0000000A" },
    { unit: "U-2", cid: "", client: "K-2" },
  ]);
  const plan = { unit: "U-1", larmkod: cid(1), client: "K-1" };
  expect(larmkodTaken(registry, plan)).toBeUndefined();
  expect(larmkodTaken(registry, { ...plan, unit: "U-2" })).toContain("at unit U-1");
  expect(larmkodTaken(registry, { ...plan, client: "K-9" })).toContain("client K-1");
  expect(larmkodTaken(registry, { ...plan, unit: "U-9", larmkod: cid(9) })).toContain("neither");
  expect(larmkodTaken(registry, { ...plan, larmkod: cid(9) })).toContain(`larmkod ${cid(1)} for unit U-1`);
  expect([buttonElsewhere(registry, "0000000A", "U-2"), buttonElsewhere(registry, "0000000A", "U-1")]).toEqual([
    "U-1",
    undefined,
  ]);
  const closed = withRow(registry, { unit: "U-2", cid: cid(2), state: "in-service" });
  expect(closed.rows[1]).toEqual({ unit: "U-2", cid: cid(2), client: "K-2", state: "in-service" });
});
