/** A whole unit takes a release while somebody presses the button: before, in the middle of it, during its restart, on trial. */
import { expect, test } from "vitest";
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { OpenStream } from "../../firmware/ports/stream.ts";
import { FlashPart } from "../../firmware/storage/flash-part.ts";
import { Unit } from "../../firmware/unit.ts";
import { BootChoice } from "../../firmware/update/boot-choice.ts";
import { FlashSlots } from "../../firmware/update/flash-slots.ts";
import { updateDefaults } from "../../firmware/update/update-settings.ts";
import { versionNumber } from "../../protocol/update/image-header.ts";
import { Stream as Chance } from "../core/prng.ts";
import { NorFlash } from "../flash.ts";
import { ReleaseServer } from "../peers/release-server.ts";
import { playScenario } from "../play.ts";
import { foundOf, type SmallWorld, smallText } from "../play-bench.ts";
import type { RunPress } from "../record/run-result.ts";
import { RunLog } from "../report/run-log.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { plainStarters } from "../starters.ts";
import { releaseOf, releasePage, trusted } from "./releases.ts";

const pages = 12;
const serverHost = "192.0.2.80";
const lineMs = 40;

interface Played {
  readonly starts: readonly { readonly atMs: number; readonly version: string }[];
  readonly press: RunPress | undefined;
  readonly found: readonly string[];
  readonly firstPieceMs: number;
}

/** `isMute`: over the new release nothing of the unit reaches a receiver. */
async function playUpdate(world: SmallWorld, isMute: boolean): Promise<Played> {
  const chance = new Chance(1, "cells", 0);
  const chip = (sectorCount: number, programUnit: number): NorFlash =>
    new NorFlash({ sectorSize: releasePage, sectorCount, programUnit, below: (n) => chance.below(n) });
  const [slots, choices] = [chip(2 * pages, 64), chip(2, 4)];
  const server = new ReleaseServer();
  server.publish(releaseOf("1.1.0"));
  const starts: { atMs: number; version: string }[] = [];
  let bornMs = 0;
  let now = (): number => 0;
  let firstPieceMs = 0;
  const start = (host: UnitHost, settings: ConstructorParameters<typeof Unit>[1]): void => {
    const choice = new BootChoice(choices);
    const begun = choice.start();
    const version = begun.slot === 0 ? "1.0.0" : "1.1.0";
    starts.push({ atMs: now(), version });
    bornMs = now();
    const parts = [new FlashPart(slots, 0, pages), new FlashPart(slots, pages, pages)] as const;
    const toServer = streamsTo(server, host, () => {
      if (firstPieceMs === 0 && server.pieces > 0) firstPieceMs = bornMs + host.clock.nowMs();
    });
    const openStream: OpenStream = (options) =>
      options.to.host === serverHost ? toServer(options) : (host.openBroadbandStream as OpenStream)(options);
    const silent = isMute && version === "1.1.0" ? { openBroadband: undefined, openModemLine: undefined } : {};
    const update = { mode: "on" as const, host: serverHost, port: 80, transport: "tcp" as const };
    new Unit(
      {
        ...host,
        ...silent,
        openBroadbandStream: openStream,
        update: {
          identity: { board: "test-board", revision: 1, region: "eu", version: versionNumber(version) },
          keys: [trusted],
          slots: new FlashSlots(parts, choice, begun),
        },
      },
      { ...settings, update: { ...updateDefaults, ...update } },
    );
  };
  const result = await playScenario(parseScenario(smallText(world), "small.yaml"), {
    seed: 1,
    onProgress: () => {},
    log: new RunLog(undefined),
    prepare: ({ queue }) => {
      now = () => queue.nowMs;
    },
    starters: { ...plainStarters, unit: () => start },
  });
  return { starts, press: result.presses[0], found: foundOf(result), firstPieceMs };
}

/** A line of its own to the release server: what is written comes there, and is answered, after a while. */
function streamsTo(server: ReleaseServer, host: UnitHost, onAnswer: () => void): OpenStream {
  return (options) => {
    let isOpen = true;
    const inbox: Uint8Array[] = [];
    const later = (what: () => void): void => {
      host.clock.after(lineMs, () => {
        if (isOpen) what();
      });
    };
    later(() => options.onReady({ host: "10.0.0.1", port: 49_152 }, "unverified"));
    return {
      write: (bytes) =>
        later(() => {
          const answer = server.answer(Buffer.from(bytes).toString("latin1"));
          onAnswer();
          if (answer === undefined) return;
          inbox.push(answer.bytes);
          options.onReadable(answer.bytes.length);
        }),
      read: () => inbox.shift(),
      close: () => {
        isOpen = false;
      },
    };
  };
}

const plain: SmallWorld = { duration: "45m", presses: [] };

test("a whole unit takes a release, starts it, and keeps it", async () => {
  const { starts, found } = await playUpdate({ ...plain, duration: "60m" }, false);
  expect(starts.map(({ version }) => version)).toEqual(["1.0.0", "1.1.0"]);
  expect(found).toEqual([]);
});

test("a press at any moment of an update is accepted within a minute, once", async () => {
  const calm = await playUpdate(plain, false);
  const restartMs = (calm.starts[1] as { atMs: number }).atMs;
  const moments = [
    calm.firstPieceMs + 100,
    ...[-14_000, -5_000, -3_001, -2_900, -1_000, -1, 1, 500, 5_000, 60_000].map((ms) => restartMs + ms),
  ];
  for (const atMs of moments) {
    const { press, found } = await playUpdate({ ...plain, presses: [`at: ${atMs}ms, press: u`] }, false);
    expect({ atMs, found }).toEqual({ atMs, found: [] });
    expect({ atMs, cases: press?.cases }).toEqual({ atMs, cases: 1 });
    expect((press?.acceptedMs as number) - atMs).toBeLessThanOrEqual(60_000);
  }
});

test("a release over which no receiver is reached is taken back within minutes, and a press meanwhile is accepted after that", async () => {
  const calm = await playUpdate(plain, true);
  expect(calm.starts.map(({ version }) => version)).toEqual(["1.0.0", "1.1.0", "1.0.0"]);
  const [, trial, back] = calm.starts as [unknown, { atMs: number }, { atMs: number }];
  expect(back.atMs - trial.atMs).toBeLessThan(16 * 60_000);
  const atMs = trial.atMs + 300_000;
  const { press } = await playUpdate({ ...plain, presses: [`at: ${atMs}ms, press: u`] }, true);
  expect(press?.cases).toBe(1);
  expect(press?.acceptedMs as number).toBeLessThan(back.atMs + 60_000);
});
