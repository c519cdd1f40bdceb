import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { decodeResponse } from "../../protocol/scaip/response.ts";
import { decodeSip, encodeSip } from "../../protocol/sip/message.ts";
import { ListenError } from "../live/live-sockets.ts";
import { alarm, okTo, ReceiverBench } from "./receiver-bench.ts";
import type { ReceiverEvent } from "./receiver-events.ts";
import { openLiveReceiver } from "./receiver-live.ts";

const usual = { name: "lab", mode: "normal", latencyMs: { least: 0, most: 5 } } as const;
const anyPort = { host: "127.0.0.1", port: 0 };

test("on a real port an alarm is carried, accepted, and acknowledged by the unit", async () => {
  const events: ReceiverEvent[] = [];
  const live = await openLiveReceiver({ ...usual, listen: anyPort, onEvent: (event) => events.push(event) });
  onTestFinished(() => live.close());
  const unit = createSocket("udp4");
  onTestFinished(() => {
    unit.close();
  });
  const heard: Buffer[] = [];
  const done = new Promise<void>((resolve) => {
    unit.on("message", (bytes) => {
      heard.push(bytes);
      if (heard.length === 2) resolve();
    });
  });
  unit.send(new ReceiverBench().message(alarm("Q4T8A0000127")), live.address.port, "127.0.0.1");
  await done;
  const [carried, own] = heard.map((bytes) => decodeSip(bytes));
  expect(carried).toMatchObject({ ok: true, value: { kind: "response", status: 200 } });
  if (own?.ok !== true || own.value.kind !== "request") throw new Error("no MESSAGE of its own");
  expect(decodeResponse(own.value.body)).toMatchObject({ ok: true, value: { ref: "Q4T8A0000127", snu: 0 } });
  unit.send(encodeSip(okTo(own.value)), live.address.port, "127.0.0.1");
  expect(events).toMatchObject([{ type: "alarm", answer: "snu 0", from: `127.0.0.1:${unit.address().port}` }]);
});

test("a port in use is a ListenError", async () => {
  const other = createSocket("udp4");
  other.bind(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => {
    other.close();
  });
  const listen = { host: "127.0.0.1", port: other.address().port };
  await expect(openLiveReceiver({ ...usual, listen, onEvent: () => {} })).rejects.toThrow(ListenError);
});
