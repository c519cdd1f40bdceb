import { expect, onTestFinished, test } from "vitest";
import { openPty } from "../../tools/device/pty.ts";
import type { UserError } from "../../tools/user-error.ts";
import { DeviceLine } from "./device-line.ts";

const nowhere = "/dev/pts/no-such-line";

/** A line whose device is found at these places, one after the other, and then stays at the last. */
function lineAt(patienceMs: number, ...places: readonly (string | undefined)[]): DeviceLine {
  const startMs = Date.now();
  let looks = 0;
  const line = new DeviceLine({
    clock: { nowMs: () => Date.now() - startMs, after: () => ({ cancel: () => undefined }), graceMs: 0 },
    locate: async () => places[Math.min(looks++, places.length - 1)],
    patienceMs,
    onBytes: () => undefined,
    onLost: () => undefined,
    onBack: () => undefined,
    onGone: () => undefined,
  });
  onTestFinished(() => line.close());
  return line;
}

test("a device that goes while it is opened is opened where it comes back", async () => {
  const pty = openPty();
  onTestFinished(() => pty.close());
  const line = lineAt(5_000, nowhere, undefined, undefined, pty.path);
  await line.open();
  expect(line.path).toBe(pty.path);
});

test.each([
  ["is there and cannot be opened", 60_000, [nowhere]],
  ["goes and stays away", 10, [nowhere, undefined]],
])("a device that %s is told with its place", async (_, patienceMs, places) => {
  const thrown = await lineAt(patienceMs, ...places)
    .open()
    .catch((error: UserError) => error);
  expect(thrown).toMatchObject({ exitCode: 3, message: `cannot open ${nowhere}: No such file or directory` });
});

test("a device that is not plugged in is not waited for", async () => {
  await expect(lineAt(60_000, undefined).open()).rejects.toMatchObject({ message: "the device is not plugged in" });
});
