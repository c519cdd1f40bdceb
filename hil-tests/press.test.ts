import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { refOf, stemOf } from "../protocol/scaip/stem.ts";
import type { HomeNews } from "../simulator/live/live-home.ts";
import type { ReceiverEvent } from "../simulator/peers/receiver-events.ts";
import { openLiveReceiver } from "../simulator/peers/receiver-live.ts";
import { openLoopback } from "../tools/device/loopback.ts";
import { DutError, openDut } from "./dut.ts";

const larmkod = "4607110231";
const answerMs = 3_000;

function logFile(name: string): string {
  return fileURLToPath(new URL(`../out/hil/${name}.log`, import.meta.url));
}

/** A unit, its button and a receiver that takes everything, all on this machine. */
async function bench() {
  const events: ReceiverEvent[] = [];
  const news: HomeNews[] = [];
  let onNews = (): void => {};
  const live = await openLiveReceiver({
    name: "receiver",
    listen: [{ transport: "udp", host: "127.0.0.1", port: 0 }],
    mode: "normal",
    latencyMs: { least: 5, most: 30 },
    ours: (cid) => cid === larmkod,
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => live.close());
  const [address] = live.addresses;
  if (address === undefined) throw new Error("the receiver listens nowhere");
  const { host, port } = address;
  const unit = await openLoopback({
    larmkod,
    receivers: [{ uri: "sip:arc@bench.example.net", host, port, user: "", password: "", answerFrom: [] }],
    onNews: (heard) => {
      news.push(heard);
      onNews();
    },
  });
  onTestFinished(() => unit.close());
  /** Resolves when a sensor has seen it; the test's own time limit is the deadline. */
  const seen = (matches: (heard: HomeNews) => boolean): Promise<void> =>
    new Promise((resolve) => {
      onNews = () => {
        if (news.some(matches)) resolve();
      };
      onNews();
    });
  return { unit, events, seen };
}

test("a press behind a real serial line is accepted, and line, receiver and button tell the same", async () => {
  const { unit, events, seen } = await bench();
  const dut = await openDut(unit.path, logFile("press"));
  onTestFinished(() => dut.close());
  const identity = await dut.ask({ type: "hello" }, "identity", answerMs);
  expect(identity).toMatchObject({ lock: "locked", version: "0.1.0" });
  await dut.unlock(unit.serviceKey, answerMs);

  unit.press();
  const stored = await dut.expect("log", { what: "stored" }, answerMs);
  await dut.expect("lamp", { signal: "sending" }, answerMs);
  const carried = await dut.expect("log", { what: "carried", number: stored.number }, answerMs);
  const accepted = await dut.expect("log", { what: "accepted", number: stored.number }, answerMs);
  expect(accepted).toMatchObject({ route: "broadband", receiver: 1, part: carried.part });
  await seen((heard) => heard.type === "button-showed" && heard.signal === "accepted");

  const ref = refOf(stemOf(identity.unit, accepted.number), accepted.part);
  expect(events.filter((event) => event.type === "alarm" && event.ref === ref)).toMatchObject([
    { cid: larmkod, stc: 10 },
  ]);
  const status = await dut.ask({ type: "status" }, "answer", answerMs);
  expect(status).toMatchObject({ pending: 0, active: "broadband", bad: 0, tries: 1, dropped: 0 });
  expect(unit.lostCount()).toBe(0);
});

test("a locked unit takes a press all the same, and tells the line nothing of it", async () => {
  const { unit, events, seen } = await bench();
  const dut = await openDut(unit.path, logFile("press-locked"));
  onTestFinished(() => dut.close());
  expect(await dut.ask({ type: "status" }, "locked", answerMs)).toMatchObject({ why: "command" });
  unit.press();
  await seen((heard) => heard.type === "button-showed" && heard.signal === "accepted");
  expect(events.filter((event) => event.type === "alarm" && event.stc === 10)).toHaveLength(1);
  const next = await dut.ask({ type: "hello" }, "identity", answerMs);
  expect(next.lock).toBe("locked");
  await expect(dut.expect("log", {}, 0)).rejects.toThrow("unread (0 lines)");
});

test("a unit whose line is taken away is unknown, not failed and not passed", async () => {
  const { unit } = await bench();
  const dut = await openDut(unit.path, logFile("press-lost"));
  onTestFinished(() => dut.close());
  await dut.ask({ type: "hello" }, "identity", answerMs);
  const waiting = dut.expect("boot", {}, answerMs).catch((thrown: unknown) => thrown);
  unit.close();
  const error = await waiting;
  expect(error).toBeInstanceOf(DutError);
  expect(error).toMatchObject({ verdict: "unknown", message: expect.stringContaining("lost sight of the device") });
});
