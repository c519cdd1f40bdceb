/** Boards' files: the published schema is the table's, every file stands up to it, and what no board can be is told by name. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { boardJsonSchema, boardNames, readBoard, readBoards, wiringOf } from "./boards.ts";
import { UserError } from "./user-error.ts";

const shipped = fileURLToPath(new URL("../firmware/boards/", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "livlina-boards-"));
afterAll(() => rmSync(place, { recursive: true }));

/** The error of reading a board whose file is a changed copy of a shipped one. */
function faultOf(name: string, keys: readonly string[], value: unknown): UserError {
  const board = JSON.parse(readFileSync(join(shipped, `${name}.json`), "utf8"));
  const last = keys.at(-1) ?? "";
  let part = board;
  for (const key of keys.slice(0, -1)) part = part[key];
  part[last] = value;
  writeFileSync(join(place, `${name}.json`), JSON.stringify(board));
  return thrownBy(() => readBoard(name, place));
}

function thrownBy(run: () => unknown): UserError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

test("the schema beside the boards is the one that they are read by", () => {
  expect(JSON.parse(readFileSync(join(shipped, "board.schema.json"), "utf8"))).toEqual(boardJsonSchema());
});

test("there are units and buttons, of both engines, and each tells its device where the journal lies", () => {
  const boards = readBoards();
  expect(boards.map(({ name }) => name)).toEqual(["esp32", "mdbt42q", "puck-js", "wt32-eth01", "xiao-ble"]);
  expect(boardNames()).not.toContain("board.schema");
  for (const board of boards) {
    const wiring = wiringOf(board, "1.2.3", "0123456");
    expect(wiring).toMatchObject({ name: board.name, version: "1.2.3", commit: "0123456", pins: board.pins });
    expect(wiring.journal).toEqual(board.storage.journal);
    expect(JSON.stringify(wiring)).not.toContain("budget");
    expect(board.hardware.length).toBeLessThanOrEqual(16);
  }
});

test("the journal and the factory page lie outside the room for scripts, on whole sectors", () => {
  for (const { storage } of readBoards()) {
    for (const area of [storage.journal, storage.factory]) {
      expect(area).toBeDefined();
      expect((area?.address ?? 1) % (area?.sectorSize ?? 1)).toBe(0);
    }
  }
});

test("a board without raw pages gives no wiring: an alarm is not kept in a file store", () => {
  const { journal, ...storage } = readBoard("puck-js").storage;
  const fault = thrownBy(() => wiringOf({ ...readBoard("puck-js"), storage }, "1.0.0", ""));
  expect(fault).toMatchObject({ exitCode: 1, message: expect.stringContaining("no raw pages") });
  expect(fault.message).toContain("the journal");
  expect(fault.hint).toContain("firmware/boards/puck-js.json");
  expect(journal).toBeDefined();
});

test("a name that is nearly a board's is told so", () => {
  expect(thrownBy(() => readBoard("puckjs"))).toMatchObject({ exitCode: 2, hint: "did you mean puck-js?" });
  expect(thrownBy(() => readBoard("toaster")).hint).toContain("wt32-eth01");
});

/** What is told, and the change of a shipped board that it is told of: a path of keys, and the value put there. */
const mistakes: readonly [what: string, board: string, keys: readonly string[], value: unknown][] = [
  ["name: is other", "puck-js", ["name"], "other"],
  ["extra", "puck-js", ["extra"], 1],
  ["pins.contact: a button needs", "puck-js", ["pins"], {}],
  [
    "is not that of espruino",
    "puck-js",
    ["budget", "memory"],
    { slots: 1, chunkBytes: 1, stackSlots: 1, peakPercent: 66 },
  ],
  ["modem: its dialect and its line", "esp32", ["modem"], undefined],
  ["budget.imageBytes: more than", "puck-js", ["budget", "imageBytes"], 50_000],
  ["code and journal overlap", "puck-js", ["storage", "journal", "sectorCount"], 3],
  ["pin D5 is used", "esp32", ["pins", "lamp", "pin"], "D5"],
  ["storage.journal.programUnit", "esp32", ["storage", "journal", "programUnit"], 2],
];

test("what no board can be is told with the key", () => {
  for (const [what, name, keys, value] of mistakes) {
    const fault = faultOf(name, keys, value);
    expect([fault.exitCode, fault.message]).toEqual([2, expect.stringContaining(what)]);
  }
  writeFileSync(join(place, "esp32.json"), "{");
  expect(thrownBy(() => readBoard("esp32", place)).message).toContain("esp32.json");
});
