/** Firmware that is written over a cable: what the unit knew is still there, and a cable or power that goes in the middle is no end. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Stream } from "../../simulator/core/prng.ts";
import { comparable, differences } from "../../tools/provision/settings-file.ts";
import type { HilCase } from "../run/case.ts";
import { standingOf } from "../strategy/standing.ts";
import type { Subject } from "../strategy/subject.ts";
import { unitCase } from "./unit-case.ts";

const command = fileURLToPath(new URL("../../tools/livlina.js", import.meta.url));
const reason = "hil: an image that is written on purpose";
const cycles = { quick: 1, nightly: 1_000 };
const flashMs = 600_000;
const hoursMs = 12 * 3_600_000;
/** Within which the power goes: an image takes some tens of seconds. */
const cutMs = 20_000;
const offMs = 2_000;

/** Writes the image that the bench file names; answers the exit code. */
function flash(subject: Subject, path: string): Promise<number> {
  const { bench, unit } = subject;
  const { board, image = board } = bench.device(unit.name);
  const words = ["flash", board, "--port", path, "--image", image, "--yes", "--force", reason];
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...words], { timeout: flashMs }, (error) => {
      resolve(error === null ? 0 : typeof error.code === "number" ? error.code : 3);
    });
  });
}

/** The same settings and buttons, and the version of the image. */
async function assertSameUnit(subject: Subject, before: Awaited<ReturnType<typeof standingOf>>): Promise<void> {
  await subject.strategy.to("online");
  const after = await subject.unit.withLink(standingOf);
  assert.deepEqual(differences(comparable(before.settings), comparable(after.settings)), []);
  assert.deepEqual(
    after.devices.map(({ did }) => did),
    before.devices.map(({ did }) => did),
  );
}

export const updateCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "update",
    name: "flashed",
    proves: "a unit that gets an image over its cable keeps its settings and its buttons",
    needs: ["flash", "receiver", "button"],
    start: "online",
    limitMs: flashMs,
    run: async (subject) => {
      const before = await subject.unit.withLink(standingOf);
      assert.equal(await subject.unit.lend((path) => flash(subject, path)), 0);
      await assertSameUnit(subject, before);
    },
  }),
  unitCase({
    suite: "power-cuts",
    name: "flashing",
    proves: "an image whose writing was cut off is written whole by the same command, and the unit is who it was",
    needs: ["flash", "mains", "battery", "receiver", "button"],
    start: "online",
    limitMs: hoursMs,
    isNightly: true,
    run: async (subject, { seed, depth, signal, note }) => {
      const chance = new Stream(seed, "power cuts", 2);
      const before = await subject.unit.withLink(standingOf);
      for (let cycle = 0; cycle < cycles[depth]; cycle++) {
        signal.throwIfAborted();
        const code = await subject.unit.lend(async (path) => {
          const writing = flash(subject, path);
          await subject.bench.sleep(chance.below(cutMs));
          await subject.strategy.cutPower(offMs);
          await writing;
          return await flash(subject, path);
        });
        assert.equal(code, 0, `cycle ${cycle + 1}: the image could not be written after a cut`);
        await assertSameUnit(subject, before);
      }
      note(`${cycles[depth]} cuts`);
    },
  }),
];
