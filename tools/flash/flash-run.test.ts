/** The flows of `flash` against stand-ins of boards behind pseudo-terminals: what is compared, refused, forced and written down. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readButtonFactory } from "../../firmware/hosts/button-factory.ts";
import { readBoard } from "../boards.ts";
import { type Image, imageFile } from "../build/image.ts";
import type { Desk } from "../provision/desk.ts";
import { emptyKeys, writeKeys } from "../provision/keys-file.ts";
import { UserError } from "../user-error.ts";
import type { DeviceJob } from "./device-job.ts";
import type { EspPart } from "./esp32.ts";
import { EspruinoConsole } from "./espruino-console.ts";
import { EspruinoPeer, type PeerOptions } from "./espruino-peer.ts";
import { factoryOf, putFactory } from "./factory.ts";
import type { JournalLine } from "./flash-journal.ts";
import { type FlashPlan, type FlashResult, flashEsp32, flashEspruino, interpreterImage } from "./flash-run.ts";
import { type LoaderOptions, RomLoader } from "./rom-loader.ts";
import { openSerialLine } from "./serial-line.ts";

const script = Uint8Array.from({ length: 1_500 }, (_, i) => 0x20 + ((i * 7 + (i >>> 5)) % 90));
const patience = { answerMs: 2_000, quietMs: 20, greetMs: 800, resetMs: 80, bootMs: 80, helloMs: 40 };

function imageOf(name: string, changes: object = {}): Image {
  const { engineImage: _, ...board } = readBoard(name);
  const about = { ...interpreterImage(readBoard(name)).manifest, version: "0.2.0", commit: "0".repeat(40) };
  const manifest = {
    ...about,
    storageName: "livlina",
    files: [imageFile("livlina.js", script)],
    budgetBytes: board.budget.imageBytes,
  };
  return { manifest: { ...manifest, ...changes }, contents: [script] };
}

const hasty = { ...patience, greetMs: 100 };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "livlina-flash-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

type Changes = Partial<Omit<FlashPlan, "job">> & { readonly job?: Partial<DeviceJob> };

function planOf(board: string, path: string, journal: string, changes: Changes): FlashPlan {
  const desk: Desk = {
    say: () => {},
    ask: () => Promise.reject(new UserError("nobody answers", "-", 3)),
    close: () => {},
  };
  const job = {
    board: readBoard(board),
    path,
    found: undefined,
    baud: 115_200,
    isBaudGiven: false,
    key: undefined,
    waitMs: 0,
    desk,
    patience,
  };
  const usual = {
    image: imageOf(board),
    force: undefined,
    journal,
    isDryRun: false,
    isSure: true,
    onProgress: () => {},
  };
  return { ...usual, ...changes, job: { ...job, ...changes.job } };
}

function linesIn(journal: string): JournalLine[] {
  return readFileSync(journal, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JournalLine);
}

/** What a promise rejects with. */
function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

function bench(options: PeerOptions = {}) {
  const journal = join(folder(), "journal.jsonl");
  const peer = new EspruinoPeer(options);
  onTestFinished(() => peer.close());
  const flash = (changes: Changes = {}): Promise<FlashResult> =>
    flashEspruino(planOf("puck-js", peer.pty.path, journal, changes));
  return { peer, flash, journal };
}

test("a board is flashed, then again without a byte, its label tells what it has, and the journal tells of both", async () => {
  const { peer, flash, journal } = bench();
  const shown: number[] = [];
  const first = await flash({ onProgress: (done) => shown.push(done) });
  expect(first).toMatchObject({ board: "puck-js", chip: "4afee30d2b1c", kept: 0, forced: "" });
  expect(shown).toEqual([...shown].sort((one, other) => one - other));
  expect(shown.at(-1)).toBe(first.written);
  expect(peer.files.get("livlina")?.equals(script)).toBe(true);
  const label = { hardware: "puck-js", region: "eu", version: "0.2.0", bytes: 1_500 };
  expect(JSON.parse(peer.files.get("livlina.json")?.toString() ?? "")).toMatchObject(label);
  expect([...peer.files.keys()].at(-1)).toBe(".bootcde");
  expect(peer.boots).toBe(1);
  expect(await flash()).toMatchObject({ kept: first.written, written: 0 });
  expect(linesIn(journal).map((line) => line.what)).toEqual(["begun", "done", "begun", "done"]);
});

test("a dry run compares, erases nothing, and writes nothing down", async () => {
  const { peer, flash, journal } = bench();
  expect(await flash({ isDryRun: true })).toMatchObject({ isDryRun: true, written: 0 });
  expect(peer.files.size).toBe(0);
  expect(() => linesIn(journal)).toThrow("ENOENT");
});

test.each<[string, PeerOptions, object, string]>([
  ["another board", { board: "MDBT42Q" }, {}, "this is a MDBT42Q, and puck-js is a PUCKJS; nothing was erased"],
  [
    "an old interpreter",
    { version: "2v28.12" },
    {},
    "its interpreter is 2v28.12, and the image needs 2v29; nothing was erased",
  ],
  [
    "an image of another board",
    {},
    { board: "mdbt42q", hardware: "mdbt42q" },
    "the image is for mdbt42q (mdbt42q, nrf52832), not for puck-js; nothing was erased",
  ],
  [
    "an interpreter in the journal's pages",
    { rawFrom: 0x6_b000 },
    {},
    "the pages at 0x6a000 are not free under this interpreter; nothing was erased",
  ],
  ["too little room", { capacity: 1_500 }, {}, "Storage has room for 1468 bytes, and the image needs"],
])("%s is found before anything is erased, and no force helps", async (_name, options, changes, message) => {
  const { peer, flash } = bench(options);
  peer.files.set(".bootcde", Buffer.from("1"));
  const error = await failure(flash({ image: imageOf("puck-js", changes), force: "because" }));
  expect(error).toMatchObject({ exitCode: 1, message: expect.stringContaining(message) });
  expect([...peer.files.values()].join()).toBe("1");
});

const label = { board: "puck-js", hardware: "puck-js", role: "button", commit: "", bytes: 1, crc: 1 };
test.each<[string, PeerOptions, object | undefined, string]>([
  [
    "another region",
    {},
    { ...label, region: "us", version: "0.1.0" },
    "the device is for the region us, and the image for eu",
  ],
  [
    "a newer version there",
    {},
    { ...label, region: "eu", version: "0.10.0" },
    "version 0.10.0 is there, and 0.2.0 is older",
  ],
  ["a call that waits", { pending: 1 }, undefined, "its wearer has called, and nobody has accepted that yet"],
])(
  "%s is refused unless it is forced, and the force is written down here and on the device",
  async (_name, options, there, message) => {
    const { peer, flash, journal } = bench(options);
    if (there !== undefined) peer.files.set("livlina.json", Buffer.from(JSON.stringify(there)));
    expect(await failure(flash())).toMatchObject({ exitCode: 4, message: `${message}; nothing was erased` });
    expect(peer.files.has("livlina")).toBe(false);
    const written = { forced: "bench unit 7", overruled: message };
    expect(await flash({ force: "bench unit 7" })).toMatchObject(written);
    expect(linesIn(journal)).toMatchObject([
      { what: "begun", ...written },
      { what: "done", ...written },
    ]);
    expect(JSON.parse(peer.files.get("livlina.note")?.toString() ?? "")).toMatchObject(written);
  },
);

test("a reason that overrules nothing is not written down as force", async () => {
  const { peer, flash, journal } = bench();
  expect(await flash({ force: "just in case" })).toMatchObject({ forced: "", overruled: "" });
  expect(linesIn(journal)).toMatchObject([{ forced: "" }, { forced: "" }]);
  expect(peer.files.has("livlina.note")).toBe(false);
});

test("a cable that is pulled in the middle is told with how far it came, the board has nothing to start, and the next try goes on", async () => {
  const { peer, flash, journal } = bench({ faults: [{ atWrite: 3, what: "unplugged" }] });
  peer.files.set(".bootcde", Buffer.from("an older one"));
  const error = await failure(flash());
  expect(error).toMatchObject({ exitCode: 3, message: expect.stringMatching(/is gone.*, with \d\d % written$/) });
  expect((error as UserError).hint).toContain("plug it in again, then the same command once more");
  expect(linesIn(journal)).toMatchObject([
    { what: "begun" },
    { what: "failed", error: expect.stringContaining("is gone") },
  ]);
  expect(peer.files.has(".bootcde")).toBe(false);
  const again = bench();
  for (const [name, bytes] of peer.files) again.peer.files.set(name, bytes);
  expect((await again.flash()).kept).toBeGreaterThan(200);
  expect(again.peer.files.get("livlina")?.equals(script)).toBe(true);
});

test("a firmware that has taken the line is caught in the moment after power", async () => {
  const { peer, flash } = bench({ isTaken: true });
  const said: string[] = [];
  const desk: Desk = {
    say: (text) => {
      said.push(text);
      setTimeout(() => peer.power(500), 200);
    },
    ask: () => Promise.resolve("yes"),
    close: () => {},
  };
  expect(await flash({ isSure: false, job: { desk, waitMs: 10_000, patience: hasty } })).toMatchObject({ kept: 0 });
  expect(said).toEqual([`${peer.pty.path}: no console yet. Switch the board's power off and on; waiting 10 s`]);
  const never = bench({ isTaken: true });
  expect(await failure(never.flash({ job: { waitMs: 300, patience: hasty } }))).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("no Espruino console answered"),
  });
});

test("who a button is comes from its row in the keys' file, onto its own page, and is not written a second time", async () => {
  const { peer, flash } = bench();
  const at = folder();
  const keys = join(at, "keys.json");
  const phrase = join(at, "phrase");
  writeFileSync(phrase, "a long passphrase\n");
  const row = { address: "1A2B3C4D", form: "wrist" as const, key: "c9".repeat(16), made: "2026-11-22T00:00:00Z" };
  writeKeys(keys, { ...emptyKeys(), buttons: [row] }, "a long passphrase");
  const flags = { keys, passphraseFile: phrase };
  const factory = factoryOf(readBoard("puck-js"), { ...flags, button: "1a2b3c4d" });
  await flash({ factory });
  const button = { address: 0x1a2b3c4d, form: "wrist", label: new Uint8Array(16).fill(0xc9) };
  expect(readButtonFactory(peer.raw.subarray(0, 4_096))).toEqual({ ok: true, value: button });
  const line = await openSerialLine(peer.pty.path, 115_200);
  const again = await putFactory(new EspruinoConsole(line, patience), 0x6_9000, factory as Uint8Array);
  expect(again).toBe(false);
  await line.close();
  expect(() => factoryOf(readBoard("puck-js"), { ...flags, button: "00000000" })).toThrow("has no button 00000000");
  expect(() => factoryOf(readBoard("wt32-eth01"), { ...flags, button: "1A2B3C4D" })).toThrow("is no button");
  const page = join(at, "page");
  writeFileSync(page, factory as Uint8Array);
  expect(factoryOf(readBoard("puck-js"), { factory: page })).toEqual(factory);
  expect(() => factoryOf(readBoard("wt32-eth01"), { factory: page })).toThrow("is no factory page of a unit");
});

test("what cannot be written down is not done", async () => {
  const { peer } = bench();
  const plan = planOf("puck-js", peer.pty.path, "/dev/null/journal", {});
  expect(await failure(flashEspruino(plan))).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("nothing was erased"),
  });
  expect(peer.files.size).toBe(0);
});

const parts: readonly EspPart[] = [
  { name: "bootloader.bin", address: 0x1000, bytes: script },
  { name: "app.bin", address: 0x2_0000, bytes: script },
];

function espBench(options: LoaderOptions = {}) {
  const journal = join(folder(), "journal.jsonl");
  const peer = new RomLoader(options);
  onTestFinished(() => peer.close());
  const flash = (changes: Changes = {}): Promise<FlashResult> =>
    flashEsp32(planOf("wt32-eth01", peer.pty.path, journal, changes), { chip: "ESP32", parts });
  return { peer, flash, journal };
}

test("an ESP32 is flashed through its loader, and the journal knows it by its own address", async () => {
  const { peer, flash, journal } = espBench();
  expect(await flash()).toMatchObject({ chip: "24:0a:c4:12:34:56", written: 2 * script.length, kept: 0 });
  expect(peer.flash.subarray(0x2_0000, 0x2_0000 + script.length).equals(script)).toBe(true);
  peer.reset();
  expect(await flash({ factory: Uint8Array.of(1, 2, 3, 4) })).toMatchObject({ written: 4, kept: 2 * script.length });
  expect([...peer.flash.subarray(0x3f_f000, 0x3f_f005)]).toEqual([1, 2, 3, 4, 0xff]);
  expect(linesIn(journal).slice(0, 2)).toMatchObject([{ chip: "24:0a:c4:12:34:56" }, { what: "done" }]);
});

test("what this bench knows of an ESP32's last image speaks against an older one and another region, and a half line of it against nothing", async () => {
  const { peer, flash, journal } = espBench();
  const line = {
    what: "done",
    chip: "24:0a:c4:12:34:56",
    image: "firmware",
    hardware: "wt32-eth01",
    region: "us",
    version: "1.0.0",
  };
  const newer = { ...line, image: "interpreter", version: "2v29", region: "eu" };
  writeFileSync(journal, `${JSON.stringify(line)}\n${JSON.stringify(newer)}\nhalf a li`);
  const message =
    "the device is for the region us, and the image for eu; version 1.0.0 is there, and 0.2.0 is older; nothing was erased";
  expect(await failure(flash())).toMatchObject({ exitCode: 4, message });
  expect(peer.erased).toBe(0);
});
