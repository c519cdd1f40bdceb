import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { alarm, cid, ReceiverBench } from "../../simulator/peers/receiver-bench.ts";
import { freePort, type LiveReceiverProcess, startReceiver, until } from "../live-bench.ts";

const timeout = 30_000;

test("when the first receiver is killed in the middle of an alarm, the unit meets the same case at the standby", {
  timeout,
}, async () => {
  const port = await freePort("tcp");
  const ours = ["--ours", cid];
  const standby = await startReceiver(onTestFinished, "--standby", `tcp:127.0.0.1:${port}`, ...ours);
  const first = await startReceiver(onTestFinished, "--mirror", `tcp:127.0.0.1:${port}`, ...ours);
  const unit = createSocket("udp4");
  unit.bind(0, "127.0.0.1");
  await once(unit, "listening");
  onTestFinished(() => {
    unit.close();
  });
  const writer = new ReceiverBench();
  /** Says it, and waits until it stands in the receiver's log. */
  const say = async (to: LiveReceiverProcess, body: string): Promise<Record<string, unknown>> => {
    const before = to.events().length;
    unit.send(writer.message(body), to.port, "127.0.0.1");
    await until(() => to.events().length > before);
    return to.events()[before] as Record<string, unknown>;
  };

  // The connection between the two stands as soon as an alarm has come over.
  for (let trial = 100, isKnown = false; !isKnown; trial++) {
    await say(first, alarm(`W${trial}ALARMWAR000`));
    isKnown = (await say(standby, alarm(`W${trial}ALARMWAR000`)))["again"] === true;
  }

  expect(await say(first, alarm("A1B2C3D4E5F6000"))).toMatchObject({ type: "alarm", answer: "snu 0", again: false });
  first.running.child.kill("SIGKILL");
  await first.running.ended;

  const repeated = await say(standby, alarm("A1B2C3D4E5F6000"));
  expect(repeated).toMatchObject({ type: "alarm", answer: "snu 0", again: true });
  const elsewhere = await say(standby, alarm("A1B2C3D4E5F6001"));
  expect(elsewhere).toMatchObject({ answer: "snu 0", again: true, case: repeated["case"] });
  const update = await say(standby, alarm("A1B2C3D4E5F6000", { mty: "IN", ite: "pressed 3 times" }));
  expect(update).toMatchObject({ type: "update", answer: "snu 0", case: repeated["case"] });
  expect(await say(standby, alarm("OTHERALARM01000"))).toMatchObject({ again: false });
});
