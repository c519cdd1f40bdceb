/**
 * Boards as data: `firmware/boards/*.json`, checked by the table below, which `board.schema.json` beside them is made from. A board's
 * file holds what its engine, its radio and its room are; whoever brings up a new one writes such a file and nothing in the tools.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { BoardWiring } from "../firmware/hosts/board.ts";
import { nearest } from "../simulator/scenario/scenario-units.ts";
import { UserError } from "./user-error.ts";

const count = (most: number): z.ZodNumber => z.int().min(0).max(most);
const word = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
const pinName = z.union([z.string().regex(/^[A-Z][A-Za-z0-9]*$/), count(63)]).describe('"D5" on Espruino, 5 on XS.');

const pinUse = z.strictObject({
  pin: pinName,
  active: z.enum(["high", "low"]).describe("Level at which it is on."),
  pull: z.enum(["up", "down"]).describe("Resistor inside the chip.").optional(),
});

const pinUses = z.strictObject({
  contact: pinUse.describe("Contact of a wrist button.").optional(),
  help: pinUse.describe("Keys on a unit.").optional(),
  cancel: pinUse.optional(),
  query: pinUse.optional(),
  presence: pinUse.optional(),
  away: pinUse.optional(),
  mains: pinUse.describe("On while the mains is there.").optional(),
  lid: pinUse.describe("On while the case is open.").optional(),
  lamp: pinUse.describe("One lamp, or three of different colours.").optional(),
  red: pinUse.optional(),
  green: pinUse.optional(),
  blue: pinUse.optional(),
  sounder: pinUse.optional(),
  vibrator: pinUse.optional(),
});

const serial = z.strictObject({
  port: pinName.describe('"Serial1" on Espruino, 1 on XS.'),
  receive: pinName,
  transmit: pinName,
  baud: count(4_000_000),
});

const spiRadio = z.strictObject({
  chip: z.literal("sx1262"),
  port: pinName,
  clock: pinName,
  in: pinName,
  out: pinName,
  select: pinName,
  busy: pinName,
  interrupt: pinName.describe("DIO1 of the chip."),
  reset: pinName,
  tcxoMv: count(3_300).describe("Supply of the module's TCXO from DIO3; 0: it has a crystal."),
  switchByChip: z.boolean().describe("DIO2 switches the aerial."),
});

const bleRadio = z.strictObject({ chip: z.literal("ble"), powerDbm: z.int().min(-40).max(10) });

const room = z.strictObject({
  kind: z.enum(["storage", "partition"]).describe("Espruino's Storage, or the partition of the whole image."),
  address: count(0xffff_ffff),
  bytes: count(64 * 1024 * 1024),
});

const pages = z.strictObject({
  address: count(0xffff_ffff),
  sectorSize: z.int().min(1_024).max(65_536),
  sectorCount: z.int().min(2).max(64),
  programUnit: z.union([z.literal(1), z.literal(4), z.literal(8)]).describe("Bytes that the chip programs at once."),
});

const memory = z.union([
  z.strictObject({
    jsVars: count(65_535).describe("Variables of the engine's image."),
    freeAtPeak: count(65_535).describe("As many must be left at the worst moment."),
  }),
  z.strictObject({
    slots: count(1_000_000).describe("Slots of the engine's heap."),
    chunkBytes: count(16_000_000).describe("Bytes of its chunks."),
    stackSlots: count(100_000),
    peakPercent: count(100).describe("Of both, what may be in use at the worst moment."),
  }),
]);

const eventBudget = z.strictObject({
  computrons: count(1_000_000_000).describe("Steps of XS in one event of this class, at most.").optional(),
  slots: count(1_000_000).describe("Slots of XS in use after it, at most.").optional(),
  statements: count(1_000_000).describe("Statements of Espruino in it, at most.").optional(),
});

export const boardSchema = z
  .strictObject({
    $schema: z.literal("./board.schema.json"),
    name: word.describe("Name of the file, and of the board in commands."),
    title: z.string().min(1).max(80),
    role: z.enum(["unit", "button"]),
    engine: z.enum(["espruino", "moddable"]),
    engineImage: z
      .strictObject({
        version: z.string().min(1).max(40),
        target: z.string().min(1).max(80).describe("What the engine's own build calls the board."),
        needs: z.string().min(1).max(200).describe("What must be otherwise than in the stock image.").optional(),
      })
      .describe("Image of the engine that the figures hold for."),
    chip: z.enum(["nrf52832", "nrf52840", "esp32"]),
    hardware: word.describe("What a tool compares before it writes an image."),
    region: z.enum(["eu"]).describe("Where the radio may be used."),
    pins: pinUses,
    lines: z.strictObject({ service: serial.optional(), modem: serial.optional() }),
    modem: z.strictObject({ dialect: z.enum(["quectel", "simcom", "ublox"]) }).optional(),
    network: z.strictObject({ ethernet: z.boolean().optional(), wifi: z.boolean().optional() }).optional(),
    radio: z.union([spiRadio, bleRadio]),
    native: z.strictObject({ aes: z.boolean(), ccm: z.boolean() }).describe("Ciphers inside the engine's image."),
    storage: z.strictObject({
      code: room.describe("Where the script goes."),
      journal: pages.describe("Raw pages outside it; a board without them cannot be built for.").optional(),
      factory: z
        .strictObject({ address: count(0xffff_ffff), sectorSize: z.int().min(1_024).max(65_536) })
        .describe("A raw page for what the device was given in the factory.")
        .optional(),
    }),
    budget: z.strictObject({
      imageBytes: count(16 * 1024 * 1024).describe("The script, as it lies in the flash."),
      memory,
      events: z.record(word, eventBudget).describe("By class of event."),
    }),
    measured: z
      .strictObject({
        how: z.string().min(1).max(200).describe("On which engine, with what, and when."),
        jsVars: z
          .strictObject({ boot: count(65_535), peak: count(65_535), later: count(65_535).optional() })
          .optional(),
        slots: z.strictObject({ boot: count(1_000_000), peak: count(1_000_000) }).optional(),
        chunkBytes: z.strictObject({ boot: count(16_000_000), peak: count(16_000_000) }).optional(),
        events: z.record(word, eventBudget).optional(),
      })
      .describe("What the script was found to need; the table of budgets shows it.")
      .optional(),
    source: z.array(z.string().min(1).max(300)).min(1).describe("Where each figure is from."),
  })
  .describe("A board that Livlina runs on.");

export type Board = z.infer<typeof boardSchema>;

const folder = fileURLToPath(new URL("../firmware/boards", import.meta.url));
const schemaName = "board.schema.json";

/** JSON Schema (draft 2020-12) of a board's file, as it stands beside them. */
export function boardJsonSchema(): object {
  return z.toJSONSchema(boardSchema, { io: "input" });
}

/** Names of all boards, sorted. */
export function boardNames(from: string = folder): string[] {
  return readdirSync(from)
    .filter((file) => file.endsWith(".json") && file !== schemaName)
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/** Every board, by name. Throws UserError like `readBoard`. */
export function readBoards(from: string = folder): Board[] {
  return boardNames(from).map((name) => readBoard(name, from));
}

/** Throws UserError (2) where there is no such board, or its file says what no board can be. */
export function readBoard(name: string, from: string = folder): Board {
  const names = boardNames(from);
  if (!names.includes(name)) {
    const near = nearest(name, names);
    throw new UserError(
      `there is no board ${name}`,
      near === undefined ? `one of ${names.join(", ")}` : `did you mean ${near}?`,
      2,
    );
  }
  const path = join(from, `${name}.json`);
  const fault = (what: string): UserError => new UserError(`${path}: ${what}`, "firmware/boards/board.schema.json", 2);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (thrown) {
    throw fault((thrown as Error).message);
  }
  const parsed = boardSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fault(`${issue?.path.join(".") || "the file"}: ${issue?.message}`);
  }
  const wrong = contradiction(parsed.data, name);
  if (wrong !== undefined) throw fault(wrong);
  return parsed.data;
}

/** What no type can hold. */
function contradiction(board: Board, name: string): string | undefined {
  const { engine, role, storage, budget, pins, lines, modem } = board;
  if (board.name !== name) return `name: is ${board.name}, and the file is called ${name}.json`;
  if ("jsVars" in budget.memory !== (engine === "espruino")) return `budget.memory: is not that of ${engine}`;
  if (role === "button" && pins.contact === undefined) return "pins.contact: a button needs its contact";
  if ((lines.modem === undefined) !== (modem === undefined)) return "modem: its dialect and its line come together";
  if (budget.imageBytes > storage.code.bytes) return "budget.imageBytes: more than storage.code.bytes";
  return overlap(board) ?? doubleUse(board);
}

function overlap({ storage }: Board): string | undefined {
  const { code, journal, factory } = storage;
  const areas = [{ name: "code", from: code.address, to: code.address + code.bytes }];
  if (journal !== undefined) {
    const to = journal.address + journal.sectorSize * journal.sectorCount;
    areas.push({ name: "journal", from: journal.address, to });
  }
  if (factory !== undefined)
    areas.push({ name: "factory", from: factory.address, to: factory.address + factory.sectorSize });
  for (const one of areas)
    for (const other of areas)
      if (one !== other && one.from < other.to && other.from < one.to)
        return `storage: ${one.name} and ${other.name} overlap`;
  return undefined;
}

/** Each pin has one use. */
function doubleUse({ pins, lines, radio }: Board): string | undefined {
  const uses: { name: string; pin: string | number }[] = [];
  for (const [name, use] of Object.entries(pins))
    if (use !== undefined) uses.push({ name: `pins.${name}`, pin: use.pin });
  for (const [name, line] of Object.entries(lines)) {
    if (line === undefined) continue;
    uses.push(
      { name: `lines.${name}.receive`, pin: line.receive },
      { name: `lines.${name}.transmit`, pin: line.transmit },
    );
  }
  if (radio.chip === "sx1262")
    for (const name of ["clock", "in", "out", "select", "busy", "interrupt", "reset"] as const)
      uses.push({ name: `radio.${name}`, pin: radio[name] });
  for (const one of uses)
    for (const other of uses)
      if (one.name < other.name && one.pin === other.pin)
        return `${one.name}: pin ${one.pin} is used by ${other.name} too`;
  return undefined;
}

/** What the device itself is told of its board. Throws UserError (1) where the journal has no pages of its own. */
export function wiringOf(board: Board, version: string, commit: string): BoardWiring {
  const { journal, factory } = board.storage;
  if (journal === undefined || factory === undefined) {
    throw new UserError(
      `${board.name}: no raw pages outside the store of scripts for ${journal === undefined ? "the journal" : "factory data"}`,
      `storage.${journal === undefined ? "journal" : "factory"} in firmware/boards/${board.name}.json; a file store that compacts may lose an alarm`,
      1,
    );
  }
  const { name, hardware, region, pins, lines, modem, network, radio, native } = board;
  // Strict objects of the table have no `undefined` in them: what is absent is not there.
  const told = {
    name,
    hardware,
    region,
    version,
    commit,
    pins,
    lines,
    modem,
    network,
    radio,
    native,
    journal,
    factory,
  };
  return JSON.parse(JSON.stringify(told)) as BoardWiring;
}
