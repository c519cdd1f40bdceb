/** Registries as people keep them: our own form, other separators and columns, and what is wrong with them by line. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRows } from "../report/csv.ts";
import { unitOf } from "./monitor-bench.ts";
import { type RegistryUnit, readRegistry, registryCsv } from "./registry.ts";

const word = fc.stringMatching(/^[a-zåäö][a-zåäö0-9,;" -]{0,12}[a-zåäö0-9]$/);
const unit = (cid: number): fc.Arbitrary<RegistryUnit> =>
  fc.record({
    unit: word,
    cid: fc.constant(String(cid)),
    provider: fc.oneof(fc.constant(""), word),
    receivers: fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 3 }),
    operator: fc.oneof(fc.constant(""), word),
    cell: fc.oneof(fc.constant(""), word),
    roams: fc.boolean(),
    broadband: fc.oneof(fc.constant(""), word),
    power: fc.oneof(fc.constant(""), word),
    routerBackup: fc.boolean(),
    night: fc.boolean(),
    beatMs: fc.integer({ min: 1, max: 86_400 }).map((seconds) => seconds * 1_000),
  });

test("a registry that is written is read back the same, whatever the names hold", () => {
  fc.assert(
    fc.property(fc.tuple(unit(1), unit(2), unit(3)), (units) => {
      expect(readRegistry(registryCsv(units))).toEqual({ ok: true, units });
    }),
  );
});

test("semicolons, a byte order mark, other columns, their order and empty lines do not matter", () => {
  const text =
    "\ufeffNamn;CID;Night;operator;adress\r\nAnna;4607110231;ja;alfa;Storgatan 1\r\n\r\n;;;;\r\nBo;4607110232;;;";
  expect(readRegistry(text)).toEqual({
    ok: true,
    units: [
      unitOf("4607110231", { operator: "alfa", night: true, receivers: [] }),
      unitOf("4607110232", { receivers: [] }),
    ],
  });
});

test.each([
  ["no column cid", "unit,provider\na,b\n", 1, /no column "cid"/],
  ["no cid", "unit,cid\na,1\nb,\n", 3, /no cid/],
  ["a cid twice", "cid\n1\n2\n1\n", 4, /cid 1 stands on line 2 already/],
  ["an interval that cannot be", "cid,beat_s\n1,180\n2,often\n", 3, /beat_s must be 1 to 90000, not "often"/],
  ["a line after a cell with a line end", 'cid,unit\n1,"two\nlines"\n1,x\n', 4, /stands on line 2/],
])("%s is told with its line", (_, text, line, why) => {
  const read = readRegistry(text);
  expect(read).toMatchObject({ ok: false, faults: [{ line }] });
  if (!read.ok) expect(read.faults[0]?.why).toMatch(why);
});

test("of many faults the first twenty are told", () => {
  const read = readRegistry(`cid\n${"1\n".repeat(50)}`);
  expect(read.ok ? 0 : read.faults.length).toBe(20);
});

test("rows keep quotes, separators and line ends inside quotes", () => {
  expect(csvRows('a,b\r\n"x ""y"", z",\r\n').map(({ line, cells }) => [line, ...cells])).toEqual([
    [1, "a", "b"],
    [2, 'x "y", z', ""],
  ]);
});
