/** The unit's telephone in its real modem driver, on a line to the modem's stand-in, which the telephone network calls and is called by. */
import { expect, test } from "vitest";
import { ModemPhone } from "../../firmware/modem/modem-phone.ts";
import type { Phone } from "../../firmware/ports/phone.ts";
import { callsVoice } from "../../protocol/at/voice-dialects.ts";
import { SimClock } from "../core/sim-clock.ts";
import type { OperatorHabits } from "../house/phone-exchange.ts";
import { Operator } from "../house/phone-exchange.ts";
import { ModemBench } from "./modem-bench.ts";
import type { CallVendor } from "./modem-call-news.ts";
import { ModemTelephone } from "./modem-telephone.ts";

const home = "+46701110001";
const centre = "+4681000";
const neighbour = "+4687654321";
const vendors: readonly { readonly vendor: CallVendor; readonly model: string }[] = [
  { vendor: "quectel", model: "EG95" },
  { vendor: "simcom", model: "SIMCOM_SIM7600E" },
  { vendor: "ublox", model: "LARA-R6001" },
];

interface SceneOptions {
  readonly model: string;
  readonly vendor?: CallVendor;
  readonly habits?: Partial<OperatorHabits>;
  readonly dataOnly?: boolean;
  readonly seed?: number;
}

class Scene {
  readonly bench: ModemBench;
  readonly telephone: ModemTelephone;
  readonly told: string[] = [];
  readonly busy: boolean[] = [];
  readonly centre: Operator;
  readonly neighbour: Operator;
  readonly phone: Phone;

  constructor(options: SceneOptions) {
    const { model } = options;
    const telephone = new ModemTelephone({
      model,
      number: home,
      ...(options.dataOnly === undefined ? {} : { dataOnly: options.dataOnly }),
    });
    this.telephone = telephone;
    this.bench = new ModemBench({ seed: options.seed ?? 1, peer: { model, parts: [telephone.part] } });
    const clock = new SimClock(this.bench.queue);
    const habits = { answersAfterMs: 5_000, talksMs: 30_000, key: "", ...options.habits };
    this.centre = new Operator(clock, telephone.exchange, centre, habits);
    this.neighbour = new Operator(clock, telephone.exchange, neighbour, habits);
    const modem = this.bench.modem;
    const phone = new ModemPhone({
      clock,
      callsVoice: () => callsVoice(modem.report.model),
      wakeLine: () => modem.wake(),
      onBusy: (on) => this.busy.push(on),
      observe: undefined,
    });
    this.phone = phone.open({
      onIncoming: (number) => this.told.push(`incoming ${number}`),
      onAnswered: () => this.told.push("answered"),
      onEnded: (reason) => this.told.push(`ended ${reason}`),
      onKey: (key) => this.told.push(`key ${key}`),
    });
    modem.attach(phone);
    this.bench.runFor(30_000);
  }

  run(ms: number): void {
    this.bench.runFor(ms);
  }

  /** Runs until that was told; answers how long that took. Throws beyond the limit. */
  until(what: string, limitMs: number): number {
    const from = this.bench.queue.nowMs;
    while (this.told.indexOf(what) < 0 && this.bench.queue.nowMs - from < limitMs) this.run(20);
    if (this.told.indexOf(what) < 0)
      throw new Error(`not told: ${what}; but ${this.told}\n${this.bench.talk.slice(-25)}`);
    return this.bench.queue.nowMs - from;
  }

  /** The line and the network are free again: the next call goes through. */
  isFree(): boolean {
    return this.telephone.calls.at === "" && this.busy[this.busy.length - 1] !== true;
  }
}

test.each(vendors)(
  "$vendor: a dialled call is answered, keys are heard both ways of muting, and the unit hangs up",
  (one) => {
    const scene = new Scene({ ...one, habits: { key: "0" } });
    scene.phone.dial(centre, "talk");
    expect(scene.until("answered", 15_000)).toBeGreaterThan(5_000);
    scene.until("key 0", 5_000);
    scene.run(2_000);
    expect(scene.telephone.calls.isMicrophoneMuted).toBe(true);
    expect(scene.telephone.calls.level).toBe(one.vendor === "ublox" ? 80 : 4);
    scene.phone.speak("listen");
    scene.run(3_000);
    expect([scene.telephone.calls.isMicrophoneMuted, scene.telephone.calls.level]).toEqual([false, 0]);
    expect(scene.telephone.calls.isSpeakerMuted).toBe(one.vendor === "simcom");
    scene.phone.speak("duplex");
    scene.phone.volume(1);
    scene.run(3_000);
    expect(scene.telephone.calls.level).toBe(one.vendor === "ublox" ? 100 : 5);
    expect(scene.telephone.calls.isSpeakerMuted).toBe(false);
    expect(scene.busy).toEqual([true]);
    scene.phone.hangUp();
    scene.run(5_000);
    expect(scene.told).toEqual(["answered", "key 0"]);
    expect(scene.busy).toEqual([true, false]);
    expect(scene.centre.log.pop()).toContain("ended: over");
    expect(scene.isFree()).toBe(true);
  },
);

test.each(vendors)(
  "$vendor: whoever is dialled and is busy, away, silent or lost is told as that, and the line is free",
  (one) => {
    const scene = new Scene({ ...one, habits: { answersAfterMs: -1 } });
    scene.phone.dial("+46709999999", "duplex");
    scene.until("ended failed", 10_000);
    scene.neighbour.callBack(centre, 0);
    scene.run(5_000);
    scene.phone.dial(centre, "duplex");
    scene.until("ended busy", 10_000);
    scene.run(200_000);
    scene.phone.dial(centre, "duplex");
    expect(scene.until("ended no-answer", 150_000)).toBeGreaterThan(100_000);
    scene.run(1_000);
    scene.phone.dial(centre, "duplex");
    scene.run(5_000);
    scene.bench.bearer.change({ registered: "searching" });
    scene.run(60_000);
    expect(scene.told.pop()).toMatch(/ended (failed|no-answer)/);
    expect(scene.told).toEqual(["ended failed", "ended busy", "ended no-answer"]);
    expect(scene.isFree()).toBe(true);
  },
);

test.each(vendors)(
  "$vendor: a call that comes in tells who calls, is answered muted as ordered, and its end is told",
  (one) => {
    const scene = new Scene({ ...one, habits: { talksMs: 20_000, key: "7" } });
    scene.centre.callBack(home, 0);
    expect(scene.until(`incoming ${centre}`, 3_000)).toBeLessThan(2_000);
    scene.phone.answer("talk");
    scene.run(5_000);
    expect(scene.telephone.calls.at).toBe("active");
    expect(scene.telephone.calls.isMicrophoneMuted).toBe(true);
    scene.until("ended over", 40_000);
    scene.run(2_000);
    expect(scene.told).toEqual([`incoming ${centre}`, "key 7", "ended over"]);
    expect(scene.isFree()).toBe(true);
  },
);

test.each(vendors)(
  "$vendor: a caller who withholds his number is told as nobody, and one who gives up is told as over",
  (one) => {
    const scene = new Scene({ ...one, habits: { isWithheld: true } });
    scene.centre.callBack(home, 0);
    scene.until("incoming ", 3_000);
    scene.phone.hangUp();
    scene.run(3_000);
    expect(scene.centre.log.pop()).toContain("ended: busy");
    const call = scene.telephone.exchange.call("0701234567", home, {
      onAnswered: () => {},
      onEnded: () => {},
      onKey: () => {},
    });
    scene.until("incoming 0701234567", 3_000);
    scene.run(7_000);
    call.hangUp("caller");
    scene.until("ended no-answer", 3_000);
    scene.run(15_000);
    expect(scene.told).toEqual(["incoming ", "incoming 0701234567", "ended no-answer"]);
    expect(scene.isFree()).toBe(true);
  },
);

test.each(vendors)("$vendor: a second caller hears busy, and the first call goes on unheard of it", (one) => {
  const scene = new Scene({ ...one, habits: { talksMs: 60_000 } });
  scene.phone.dial(centre, "duplex");
  scene.until("answered", 15_000);
  scene.neighbour.callBack(home, 0);
  scene.run(5_000);
  expect(scene.neighbour.log.pop()).toContain("ended: busy");
  expect(scene.telephone.calls.at).toBe("active");
  scene.run(20_000);
  expect(scene.told).toEqual(["answered"]);
});

test.each(vendors)("$vendor: a modem that restarts in a call has lost it, and the next call goes through", (one) => {
  const scene = new Scene({ ...one, habits: { talksMs: 60_000 } });
  scene.phone.dial(centre, "duplex");
  scene.until("answered", 15_000);
  scene.run(1_000);
  scene.bench.peer.restart();
  expect(scene.until("ended lost", 60_000)).toBeLessThan(40_000);
  scene.run(60_000);
  expect(scene.busy.pop()).toBe(false);
  scene.phone.dial(centre, "duplex");
  scene.run(20_000);
  expect(scene.told).toEqual(["answered", "ended lost", "answered"]);
});

test.each(vendors)("$vendor: a call that the network loses is told as lost where the network has gone", (one) => {
  const scene = new Scene({ ...one, habits: { talksMs: 60_000 } });
  scene.phone.dial(centre, "duplex");
  scene.until("answered", 15_000);
  scene.bench.bearer.change({ registered: "searching" });
  expect(scene.until("ended lost", 60_000)).toBeLessThan(40_000);
  scene.bench.bearer.change({ registered: "home" });
  scene.run(60_000);
  expect(scene.isFree()).toBe(true);
});

test.each(vendors)(
  "$vendor: hung up while it dials or rings at the far end, the line is free, whatever answers are lost",
  (one) => {
    for (let waitMs = 0; waitMs < 4_000; waitMs += 400) {
      for (const silentMs of [0, 2_000, 20_000]) {
        const scene = new Scene({ ...one, seed: waitMs + silentMs + 1 });
        scene.phone.dial(centre, "listen");
        scene.run(waitMs);
        scene.bench.peer.faults.silent = silentMs > 0;
        scene.phone.hangUp();
        scene.run(silentMs);
        scene.bench.peer.faults.silent = false;
        scene.run(90_000);
        expect(scene.told).toEqual([]);
        expect(scene.isFree()).toBe(true);
        scene.phone.dial(centre, "duplex");
        scene.until("answered", 20_000);
      }
    }
  },
);

test.each(vendors)("$vendor: a hang-up that is refused is said another way", (one) => {
  const scene = new Scene(one);
  scene.bench.peer.faults.refusals.push({ name: "+CHUP", code: 3, count: 99 });
  scene.phone.dial(centre, "duplex");
  scene.until("answered", 15_000);
  scene.phone.hangUp();
  scene.run(5_000);
  expect(scene.isFree()).toBe(true);
});

test.each(vendors)("$vendor: nobody outside hears more than the mode allows, from the first moment on", (one) => {
  const scene = new Scene({ ...one, habits: { talksMs: 10_000 } });
  // SIMCom's microphone can be silenced in a call alone, and is so right then.
  const graceMs = one.vendor === "simcom" ? 2_000 : 0;
  scene.phone.dial(centre, "talk");
  scene.until("answered", 15_000);
  scene.run(graceMs);
  expect(scene.telephone.calls.isMicrophoneMuted).toBe(true);
  scene.until("ended over", 20_000);
  scene.neighbour.callBack(home, 0);
  scene.until(`incoming ${neighbour}`, 5_000);
  scene.phone.answer("talk");
  while (scene.telephone.calls.at !== "active") scene.run(10);
  scene.run(graceMs);
  expect(scene.telephone.calls.isMicrophoneMuted).toBe(true);
});

test("a module that carries data alone is asked for no call, and one that refuses is believed", () => {
  const scene = new Scene({ model: "BG96", dataOnly: true });
  scene.phone.dial(centre, "duplex");
  expect(scene.told).toEqual([]);
  scene.until("ended failed", 10);
  expect(scene.bench.talk.join("")).not.toContain("ATD");
  const unknown = new Scene({ model: "BG95-M3", dataOnly: true });
  unknown.phone.dial(centre, "duplex");
  unknown.until("ended failed", 10_000);
  expect(unknown.bench.talk.join("")).toContain("ATD");
  unknown.run(10_000);
  expect(unknown.busy).toEqual([true, false]);
});

test("a call is made and ended also where the data service is refused", () => {
  const scene = new Scene({ model: "EG95", habits: { talksMs: 5_000 } });
  scene.bench.bearer.refusesData = true;
  scene.bench.modem.recover("reattach");
  scene.run(30_000);
  scene.phone.dial(centre, "duplex");
  scene.until("answered", 30_000);
  scene.until("ended over", 30_000);
});

test.each(vendors)("$vendor: a word that a call is over, and none was, ends no call", (one) => {
  const scene = new Scene({ ...one, habits: { talksMs: 60_000 } });
  scene.phone.dial(centre, "duplex");
  scene.until("answered", 15_000);
  for (const line of ["NO CARRIER", "BUSY", "NO CARRIER"]) {
    scene.bench.peer.tell(line);
    scene.run(700);
    scene.bench.peer.faults.newsBetween = { line, count: 1 };
    scene.run(5_000);
  }
  expect(scene.told).toEqual(["answered"]);
  scene.phone.hangUp();
  scene.run(5_000);
  expect(scene.isFree()).toBe(true);
});

test.each(vendors)(
  "$vendor: calls are made and taken over a line that says everything in pieces and answers late",
  (one) => {
    for (let seed = 1; seed <= 12; seed++) {
      const scene = new Scene({ ...one, seed, habits: { talksMs: 8_000 } });
      const { faults } = scene.bench.peer;
      Object.assign(faults, { pieceBytes: 1 + (seed % 5), pieceGapMs: 3, slowMs: 40 * seed });
      faults.lateAnswers = seed % 3;
      scene.phone.dial(centre, "duplex");
      scene.run(1_000 + 37 * seed);
      faults.lateAnswers = 1;
      scene.run(120_000);
      expect(scene.told.filter((line) => line.startsWith("ended")).length).toBe(1);
      expect(scene.isFree()).toBe(true);
      scene.told.length = 0;
      scene.neighbour.callBack(home, 0);
      scene.until(`incoming ${neighbour}`, 10_000);
      scene.phone.answer("duplex");
      scene.until("ended over", 40_000);
      scene.run(10_000);
      expect(scene.isFree()).toBe(true);
    }
  },
);
