import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readBoard } from "../../tools/boards.ts";
import { imageFile, manifestName } from "../../tools/build/image.ts";
import type { Bench, BenchDevice } from "../bench/bench.ts";
import { boardsOf, type CommandEnd } from "./bench-boards.ts";
import { bringUp } from "./images.ts";
import { temporary } from "./scripted-rig.ts";

const signal = new AbortController().signal;
const approve = async (): Promise<void> => {};

/** A bench with one board whose image is there, and a `livlina` that answers as planned and books what it was asked. */
function bench(board: string, answers: readonly Partial<CommandEnd>[]) {
  const { path, close } = temporary();
  onTestFinished(close);
  const bytes = Buffer.from("the script");
  const { hardware, region, role, engine, chip } = readBoard(board);
  mkdirSync(join(path, board));
  writeFileSync(join(path, board, "main.js"), bytes);
  const manifest = {
    ...{ format: 1, board, hardware, region, role, engine, chip },
    ...{ version: "0.2.0", commit: "c0ffee", changed: false, budgetBytes: 1, files: [imageFile("main.js", bytes)] },
    journal: { address: 0, sectorSize: 4096, sectorCount: 2, programUnit: 4 },
  };
  writeFileSync(join(path, board, manifestName), JSON.stringify(manifest));
  const device = {
    ...{ name: "board-1", role: "button", board, image: board, serviceKey: undefined, label: undefined },
    usb: { serialNumber: "A1", socket: "1-1.4" },
    locate: async () => "/dev/ttyACM0",
  } satisfies BenchDevice;
  const asked: string[][] = [];
  let lettingGo = 0;
  const boards = boardsOf({ devices: [device] } as unknown as Bench, {
    recordPath: join(path, "images.json"),
    images: path,
    letGo: async () => {
      lettingGo++;
    },
    livlina: async (args) => {
      asked.push([...args]);
      return { code: 0, stdout: "", stderr: "", ...answers[asked.length - 1] };
    },
  });
  return { path, device: boards[0] as NonNullable<(typeof boards)[0]>, asked, lettingGo: () => lettingGo };
}

test("a board that verifies is not flashed; one that differs is, with a reason, and verifies then", async () => {
  const same = bench("puck-js", [{ stdout: '{"same":true,"there":"0.2.0"}' }]);
  expect(await bringUp(same.device, false, approve, signal)).toMatchObject({ isWritten: false });
  expect(same.asked.map(([what]) => what)).toEqual(["verify"]);
  expect(same.lettingGo()).toBe(1);
  const other = bench("puck-js", [
    { code: 1, stdout: '{"same":false,"there":"0.1.0"}' },
    { stdout: "{}" },
    { stdout: '{"same":true,"there":"0.2.0"}' },
  ]);
  expect(await bringUp(other.device, false, approve, signal)).toMatchObject({ isWritten: true });
  expect(other.asked[1]).toEqual([
    ...["flash", "puck-js", "--port", "/dev/ttyACM0", "--image", join(other.path, "puck-js"), "--json", "--yes"],
    ...["--force", "hil run: the image that the bench file names"],
  ]);
});

test("what verify and flash refuse is refused here, and what they cannot see is blocked", async () => {
  const wrong = bench("puck-js", [{ code: 1, stderr: "/dev/ttyACM0: this is a BANGLEJS2\n  try: the right board\n" }]);
  await expect(bringUp(wrong.device, false, approve, signal)).rejects.toMatchObject({
    ...{ exitCode: 4, message: "board-1: /dev/ttyACM0: this is a BANGLEJS2", hint: "the right board" },
  });
  const silent = bench("puck-js", [{ code: 3, stderr: "nothing answers\n  try: power\n" }]);
  await expect(bringUp(silent.device, false, approve, signal)).rejects.toMatchObject({ verdict: "unknown" });
});

test("an ESP32 is not reset to be compared: what this bench wrote onto it counts", async () => {
  const esp = bench("wt32-eth01", [{ stdout: "{}" }]);
  expect(await bringUp(esp.device, false, approve, signal)).toMatchObject({ isWritten: true });
  expect(await bringUp(esp.device, false, approve, signal)).toMatchObject({ isWritten: false });
  expect(esp.asked.map(([what]) => what)).toEqual(["flash"]);
});

test("nobody is flashed who does not want it", async () => {
  const esp = bench("wt32-eth01", []);
  const refuse = (): Promise<void> => Promise.reject(new Error("nothing was done"));
  await expect(bringUp(esp.device, false, refuse, signal)).rejects.toThrow("nothing was done");
  expect(esp.asked).toEqual([]);
});
