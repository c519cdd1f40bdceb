import fc from "fast-check";
import { expect, test } from "vitest";
import type { SpeechMode } from "../ports/voice.ts";
import { CallBench, type Fate, type Packet, type Station } from "./call-test-bench.ts";
import { deskUri, unitUri } from "./call-test-messages.ts";
import type { Transport } from "./receiver-address.ts";

type Act =
  | { readonly type: "dial" | "answer" | "speak"; readonly byUnit: boolean; readonly mode: SpeechMode }
  | { readonly type: "hang-up" | "lose-sound"; readonly byUnit: boolean; readonly mode: SpeechMode };

interface Moment {
  readonly afterMs: number;
  readonly act: Act;
}

const anyAct = fc.record({
  type: fc.constantFrom<Act["type"]>("dial", "dial", "answer", "answer", "speak", "hang-up", "lose-sound"),
  byUnit: fc.boolean(),
  mode: fc.constantFrom<SpeechMode>("duplex", "listen", "talk"),
});
const anyMoment: fc.Arbitrary<Moment> = fc.record({
  afterMs: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 20_000 })),
  act: anyAct as fc.Arbitrary<Act>,
});
/** Half of the plays begin with a call that is answered. */
const anyMoments = fc
  .tuple(fc.boolean(), fc.boolean(), fc.array(anyMoment, { maxLength: 10 }))
  .map(([isBegun, byUnit, moments]) => (isBegun ? [...begun(byUnit), ...moments] : moments));
/** For each packet its copies' delays; a packet without any is lost. */
const anyFates = fc.array(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 3 }), {
  minLength: 1,
  maxLength: 60,
});

function begun(byUnit: boolean): Moment[] {
  return [
    { afterMs: 0, act: { type: "dial", byUnit, mode: "duplex" } },
    { afterMs: 900, act: { type: "answer", byUnit: !byUnit, mode: "duplex" } },
  ];
}

/** Whether a phone has a call, as its callbacks and its user's acts say; what it says beside is against its contract. */
class Model {
  at: "none" | "dialling" | "ringing" | "up";

  constructor(station: Station) {
    this.at = "none";
    station.onEvent = (event) => this.hear(event);
  }

  private hear(event: string): void {
    const word = event.substring(0, event.indexOf(" ") < 0 ? event.length : event.indexOf(" "));
    if (word === "incoming" && this.at === "none") this.at = "ringing";
    else if (word === "answered" && this.at === "dialling") this.at = "up";
    else if (word === "ended" && this.at !== "none") this.at = "none";
    else throw new Error(event + " while " + this.at);
  }
}

function carryOut(station: Station, model: Model, act: Act, other: string): void {
  switch (act.type) {
    case "dial":
      if (model.at !== "none") return;
      model.at = "dialling";
      station.act((phone) => phone.dial(other, act.mode));
      return;
    case "answer":
      if (model.at === "ringing") model.at = "up";
      station.act((phone) => phone.answer(act.mode));
      return;
    case "speak":
      station.act((phone) => phone.speak(act.mode));
      return;
    case "hang-up":
      model.at = "none";
      station.act((phone) => phone.hangUp());
      return;
    case "lose-sound": {
      const media = station.media[station.media.length - 1];
      if (media !== undefined && !media.isClosed) {
        media.isClosed = true;
        media.options.onFault();
      }
    }
  }
}

/** The path as drawn, but of one kind of packet never more than three in a row are lost: retransmission is to get through. */
function kindly(bench: CallBench, fates: readonly (readonly number[])[]): Fate {
  const lost: Record<string, number> = {};
  return (index) => {
    const packet = bench.packets[index] as Packet;
    const message = packet.message;
    const name = packet.from.port + (message.kind === "request" ? message.method : message.status + message.cseqMethod);
    const fate = fates[index % fates.length] as readonly number[];
    const count = (lost[name] ?? 0) + 1;
    lost[name] = fate.length === 0 && count <= 3 ? count : 0;
    return fate.length === 0 && count > 3 ? [50] : fate;
  };
}

function play(transport: Transport, moments: readonly Moment[], fates: readonly (readonly number[])[]): void {
  const bench = new CallBench(transport, true);
  const unit = bench.unit;
  const desk = bench.desk;
  if (desk === undefined) throw new Error("no desk");
  const models = { unit: new Model(unit), desk: new Model(desk) };
  bench.fate = transport === "udp" ? kindly(bench, fates) : () => [30];
  for (const moment of moments) {
    bench.run(moment.afterMs);
    if (moment.act.byUnit) carryOut(unit, models.unit, moment.act, deskUri);
    else carryOut(desk, models.desk, moment.act, unitUri);
  }
  bench.run(100_000);
  expect(models.unit.at, bench.talk.join("\n")).toBe(models.desk.at);
  expect(["none", "up"]).toContain(models.unit.at);
  carryOut(unit, models.unit, { type: "hang-up", byUnit: true, mode: "duplex" }, deskUri);
  bench.run(100_000);
  expect([models.unit.at, models.desk.at]).toEqual(["none", "none"]);
  expect(unit.media.concat(desk.media).filter((media) => !media.isClosed)).toEqual([]);
  expect(bench.clock.running).toBe(0);
  if (transport !== "udp") expect(repeatedIn(bench)).toEqual([]);
}

/** What went out more than once, but for the 200 to an INVITE and its ACK. */
function repeatedIn(bench: CallBench): string[] {
  const repeated: string[] = [];
  const seen = new Set<string>();
  bench.packets.forEach((packet, index) => {
    const message = packet.message;
    const branch = message.via[0]?.branch ?? "";
    const name = bench.talk[index] + " " + branch;
    if (seen.has(name) && message.cseqMethod !== "ACK" && !name.includes("200 INVITE")) repeated.push(name);
    seen.add(name);
  });
  return repeated;
}

test("over a path that loses, doubles and reorders, both ends agree whether there is a call, and both end", () => {
  fc.assert(fc.property(anyMoments, anyFates, (moments, fates) => play("udp", moments, fates)));
});

test("over a connection that loses nothing they agree as well, and each message goes out once", () => {
  fc.assert(fc.property(anyMoments, (moments) => play("tcp", moments, [[1]])));
});
