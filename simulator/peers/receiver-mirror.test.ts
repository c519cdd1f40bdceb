import { connect } from "node:net";
import { expect, test } from "vitest";
import { alarm, cid, mrq, ReceiverBench } from "./receiver-bench.ts";
import { MirrorSender, mirrorLimit, openMirror, type TakenMessage } from "./receiver-mirror.ts";

/** Lets other things happen until it holds; the test's own time limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test("a standby knows the case of an alarm that the first receiver has accepted, and tells a poll the same", () => {
  const standby = new ReceiverBench();
  const first = new ReceiverBench({ onTaken: (message) => standby.receiver.mirror(message) });
  first.ask(alarm("A1B2C3D4E5F6000"));
  expect(standby.receiver.book.caseOf(cid, "A1B2C3D4E5F6000")?.snu).toBe(0);
  expect(standby.ask(alarm("A1B2C3D4E5F6000"))).toBe(0);
  expect(standby.events.map(({ type, again, case: number }) => [type, again, number])).toEqual([["alarm", true, 1]]);
});

test("a heartbeat changes no book, and the standby is not told of it", () => {
  const taken: TakenMessage[] = [];
  const bench = new ReceiverBench({ onTaken: (message) => taken.push(message) });
  expect(bench.ask(mrq({ ref: "B1", mty: "PI", cid, dty: "0002" }))).toBe(0);
  expect(taken).toEqual([]);
  for (const mty of ["ME", "IN", "RE"]) bench.ask(alarm("A1B2C3D4E5F6000", { mty }));
  expect(taken.map(({ snu }) => snu)).toEqual([0, 0, 0]);
});

test("what was refused there is not open here, and rubbish changes nothing", () => {
  const standby = new ReceiverBench();
  const first = new ReceiverBench({ mode: "busy", onTaken: (message) => standby.receiver.mirror(message) });
  first.ask(alarm("A1B2C3D4E5F6000"));
  standby.receiver.mirror({ body: new Uint8Array([60, 1, 2]), snu: 0 });
  expect([...standby.receiver.book.cases()].filter(({ state }) => state === "open")).toEqual([]);
});

test("over a real connection what is taken arrives in order, also what waited for the standby to come", async (context) => {
  const got: TakenMessage[] = [];
  const probe = await openMirror({ host: "127.0.0.1", port: 0 }, () => {});
  probe.close();
  const sender = new MirrorSender({ host: "127.0.0.1", port: probe.port });
  context.onTestFinished(() => sender.close());
  for (let i = 0; i < mirrorLimit + 5; i++) sender.send({ body: new Uint8Array([i >> 8, i & 255]), snu: i % 7 });
  const mirror = await openMirror({ host: "127.0.0.1", port: probe.port }, (message) => got.push(message));
  context.onTestFinished(() => mirror.close());
  await until(() => got.length >= mirrorLimit);
  // The oldest gave way.
  expect(got[0]).toEqual({ body: new Uint8Array([0, 5]), snu: 5 });
  expect(got.at(-1)).toEqual({
    body: new Uint8Array([(mirrorLimit + 4) >> 8, (mirrorLimit + 4) & 255]),
    snu: (mirrorLimit + 4) % 7,
  });
  sender.send({ body: new Uint8Array([9]), snu: 0 });
  await until(() => got.length > mirrorLimit);
});

test.each(["no json", '{"snu":"0","body":"AA=="}', "[]", "null", `{"snu":0,"body":"${"A".repeat(5_000)}"}`])(
  "whoever writes %.20s is cut off and changes nothing",
  async (line) => {
    let count = 0;
    const mirror = await openMirror({ host: "127.0.0.1", port: 0 }, () => count++);
    const socket = connect(mirror.port, "127.0.0.1", () => socket.write(`${line}\n`));
    let closed = false;
    socket
      .on("error", () => {})
      .on("close", () => {
        closed = true;
      });
    await until(() => closed);
    mirror.close();
    expect(count).toBe(0);
  },
);
