import { randomFillSync } from "node:crypto";
import { expect, test } from "vitest";
import { decodeFrame, encodeFrame } from "../../protocol/console/frame.ts";
import { type ConsoleCommand, type ConsoleEvent, decodeEvent, encodeCommand } from "../../protocol/console/messages.ts";
import { unlockProof } from "../../protocol/console/unlock.ts";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import { NorFlash } from "../../simulator/flash.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import type { SerialOptions } from "../ports/serial.ts";
import { defaultStaggerMs } from "../settings.ts";
import { Unit } from "../unit.ts";

const key = new Uint8Array(16).fill(7);

/** A unit without radio and routes: whatever it does comes from its service line and its own start. */
function bench() {
  const queue = new EventQueue();
  const steps: string[] = [];
  const said: ConsoleEvent[] = [];
  const inbox: Uint8Array[] = [];
  let port: SerialOptions | undefined;
  new Unit(
    {
      clock: new SimClock(queue),
      secrets: { random: (into) => randomFillSync(into), aes: aesBlock },
      flash: new NorFlash({ sectorSize: 4096, sectorCount: 4, programUnit: 4, below: () => 0 }),
      openRadio: () => ({ send: () => {}, listen: () => {}, read: () => undefined, close: () => {} }),
      openBroadband: undefined,
      openModemLine: undefined,
      openServiceLine: (options) => {
        port = options;
        return {
          read: () => inbox.shift(),
          write: (bytes) => {
            const frame = decodeFrame(Buffer.from(bytes).toString("latin1").trimEnd());
            const event = frame.ok ? decodeEvent(frame.value.text) : undefined;
            if (event?.ok) said.push(event.value);
          },
          close: () => {},
        };
      },
      signals: { show: () => {} },
      observe: (machine, event) => steps.push(`${machine} ${(event as { type: string }).type}`),
    },
    {
      cid: "4607110231",
      domain: "example.net",
      policy: "broadband-only",
      receivers: [
        { uri: "sip:arc@example.net", host: "192.0.2.1", port: 5060, user: "", password: "", answerFrom: [] },
      ],
      localPort: 0,
      modem: { apn: "", user: "", password: "", pin: "" },
      staggerMs: defaultStaggerMs,
      bonds: [],
      serviceKey: key,
    },
  );
  const hear = (bytes: Uint8Array): void => {
    inbox.push(bytes);
    port?.onReadable(bytes.length);
  };
  const say = (command: ConsoleCommand): ConsoleEvent | undefined => {
    hear(encodeFrame({ speaker: "tool", sequence: 1, atMs: 0, text: encodeCommand(command) }));
    return said.at(-1);
  };
  return { steps, said, hear, say };
}

test("nothing that is said on an open service line reaches the machines, so no alarm can come from it", () => {
  const { steps, said, hear, say } = bench();
  const boot = said[0];
  const challenge = say({ type: "unlock", proof: new Uint8Array(0) });
  if (boot?.type !== "boot" || challenge?.type !== "challenge") throw new Error("no boot or no challenge");
  expect(say({ type: "unlock", proof: unlockProof(aesBlock(key), boot.unit, challenge.bytes) })?.type).toBe("unlocked");
  const before = steps.length;
  for (const command of [{ type: "hello" }, { type: "status" }] as const) say(command);
  for (const text of ["press", "pressed", "alarm", "raise kind=user-alarm", "test-alarm"])
    hear(encodeFrame({ speaker: "tool", sequence: 2, atMs: 0, text }));
  expect(steps).toHaveLength(before);
  expect(say({ type: "status" })).toMatchObject({
    type: "answer",
    reports: 0,
    pending: 0,
    active: "broadband",
    bad: 5,
  });
});
