import { expect, test } from "vitest";
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { putUpdate, takeUpdate } from "../storage/settings-codec-update.ts";
import { type UpdateSettings, updateDefaults, updateFault } from "./update-settings.ts";

const on: UpdateSettings = { ...updateDefaults, mode: "on", host: "release.example" };

test("a unit asks nobody unless it is told whom", () => {
  expect(updateDefaults.mode).toBe("off");
  expect(updateFault(updateDefaults)).toBeUndefined();
  expect(updateFault(on)).toBeUndefined();
});

test("each wrong setting is told", () => {
  const wrong: readonly (readonly [Partial<UpdateSettings>, string])[] = [
    [{ mode: "maybe" as "on" }, "updates must be off or on"],
    [{ host: "" }, "updates need a server"],
    [{ host: "a".repeat(65) }, "the name of the release server is too long"],
    [{ host: "a b" }, "the release server's name has a letter that no name has"],
    [{ host: "a/b" }, "the release server's name has a letter that no name has"],
    [{ port: 0 }, "the release server's port must be 1 to 65,535"],
    [{ transport: "udp" as "tcp" }, "updates come over tls or tcp"],
    [{ askEveryMs: 3_599_999 }, "a unit asks for updates each 1 to 168 h"],
    [{ askEveryMs: 604_800_001 }, "a unit asks for updates each 1 to 168 h"],
    [{ provenWithinMs: 299_999 }, "a new image has 5 to 60 min to prove itself"],
    [{ heardWithinMs: 3_599_999 }, "a new image has 1 to 72 h to hear a device"],
  ];
  for (const [change, fault] of wrong) expect(updateFault({ ...on, ...change })).toBe(fault);
  expect(updateFault({ ...on, host: "a".repeat(64), port: 65_535, askEveryMs: 604_800_000 })).toBeUndefined();
});

test("settings come back from their bytes", () => {
  const odd: UpdateSettings = {
    ...on,
    transport: "tcp",
    overMobile: true,
    port: 8_080,
    askEveryMs: 3_600_000,
    provenWithinMs: 300_000,
    heardWithinMs: 259_200_000,
  };
  for (const settings of [updateDefaults, on, odd]) {
    const to = new Writer(new Uint8Array(100));
    putUpdate(settings, to);
    const from = readerOf(to.written());
    expect(takeUpdate(from)).toEqual(settings);
    expect([from.left, from.overrun]).toEqual([0, false]);
  }
});
