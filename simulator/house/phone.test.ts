/** A unit's alarms, its voice and the telephone of its modem together, against an operator who calls back or never does. */
import { expect, test } from "vitest";
import { AlarmDesk } from "../../firmware/alarm/alarm-desk.ts";
import type { Attempt } from "../../firmware/alarm/alarm-state.ts";
import type { Report } from "../../firmware/alarm/report.ts";
import { ModemPhone } from "../../firmware/modem/modem-phone.ts";
import type { OpenPhone } from "../../firmware/ports/phone.ts";
import { Journal } from "../../firmware/storage/journal.ts";
import { ReportNumbers } from "../../firmware/storage/report-numbers.ts";
import type { UnitContext } from "../../firmware/unit-context.ts";
import type { CallReply } from "../../firmware/voice/call-plan.ts";
import { Voice } from "../../firmware/voice/voice.ts";
import { type VoiceSettings, voiceDefaults } from "../../firmware/voice/voice-settings.ts";
import { WallClock } from "../../firmware/wall-clock.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { unitFlash } from "../home-parts.ts";
import { ModemBench } from "../peers/modem-bench.ts";
import { ModemTelephone } from "../peers/modem-telephone.ts";
import { Operator, type OperatorHabits } from "./phone-exchange.ts";

const homeNumber = "+46701110001";
const centreNumber = "+4681000";
const fallbackNumber = "+4687654321";
const minuteMs = 60_000;
/** A modem is up by then. */
const bootMs = 30_000;

interface SceneOptions {
  /** What the receiver answers to an alarm; undefined: it is never heard of. */
  readonly reply: CallReply | undefined;
  readonly habits?: Partial<OperatorHabits>;
  readonly settings?: Partial<VoiceSettings>;
  /** The board has no telephone. */
  readonly isMute?: boolean;
}

class Scene {
  readonly bench: ModemBench;
  readonly clock: SimClock;
  readonly centre: Operator;
  readonly neighbour: Operator;
  readonly acts: string[] = [];
  readonly sent: { readonly attempt: Attempt; readonly report: Report }[] = [];
  readonly talking: boolean[] = [];
  /** Somebody in the home speaks when there is a call. */
  isHeard = true;
  startMs = 0;
  readonly desk: AlarmDesk;
  readonly voice: Voice;
  private readonly reply: CallReply | undefined;

  constructor(options: SceneOptions) {
    const telephone = new ModemTelephone({ model: "EG95", number: homeNumber });
    this.bench = new ModemBench({ peer: { parts: [telephone.part] } });
    this.bench.runFor(bootMs);
    const clock = new SimClock(this.bench.queue);
    this.clock = clock;
    const habits = { answersAfterMs: 5_000, talksMs: 30_000, key: "0", ...options.habits };
    this.reply = options.reply;
    this.centre = new Operator(clock, telephone.exchange, centreNumber, habits);
    this.neighbour = new Operator(clock, telephone.exchange, fallbackNumber, habits);
    const never = (): never => {
      throw new Error("not in this test");
    };
    const wallClock = new WallClock();
    const secrets = { random: (into: Uint8Array) => into.fill(7), aes: never };
    const records = new Journal(unitFlash(new Stream(1, "flash", 0)));
    const context = {
      clock,
      wallClock,
      secrets,
      records,
      observe: undefined,
      raise: never,
      show: () => {},
      say: () => {},
    };
    this.desk = new AlarmDesk({
      context,
      numbers: new ReportNumbers(records, secrets),
      plan: { receiverCount: 1, routes: ["mobile"], staggerMs: 5_000, preAlarmMs: 0, fallDelayMs: 0, testReceiver: -1 },
      dice: 7,
      hands: {
        acknowledge: () => {},
        remember: () => {},
        send: (attempt, report) => this.answer(attempt, report),
        stop: () => {},
        show: () => {},
        accepted: () => {},
        orderCall: (order) => (order.type === "keep-call" ? this.voice.keep(order) : this.voice.granted(order)),
        log: () => {},
        stepped: () => this.voice.alarms(this.desk.state),
      },
    });
    this.voice = this.newVoice(context, options);
    this.connectPhone();
    this.run(bootMs);
    this.startMs = clock.nowMs();
  }

  private newVoice(context: UnitContext, options: SceneOptions): Voice {
    return new Voice({
      context,
      settings: {
        ...voiceDefaults,
        allowedNumbers: [centreNumber],
        receiverNumbers: [centreNumber],
        ...options.settings,
      },
      media: options.isMute === true ? [] : ["mobile"],
      sound: {
        tone: () => this.note("tone"),
        wasHeard: () => this.isHeard,
        output: () => this.note("output"),
      },
      receivers: [{ uri: "sip:larm@example.org" }],
      onAlarm: (event) => this.desk.hear(event),
      onTalking: (on) => this.talking.push(on),
      onOpen: () => {},
    });
  }

  private connectPhone(): void {
    const { modem } = this.bench;
    const phone = new ModemPhone({
      clock: this.clock,
      callsVoice: () => true,
      wakeLine: () => modem.wake(),
      onBusy: () => {},
      observe: undefined,
    });
    this.voice.connect(this.watched(phone.open));
    modem.attach(phone);
  }

  /** What the unit does with its telephone, and when, from the press on. */
  private watched(open: OpenPhone): OpenPhone {
    return (port) => {
      const phone = open({
        ...port,
        onIncoming: (number) => {
          this.note(`ring ${number}`);
          port.onIncoming(number);
        },
      });
      return {
        medium: phone.medium,
        dial: (number, mode) => {
          this.note(`dial ${number} ${mode}`);
          phone.dial(number, mode);
        },
        answer: (mode) => {
          this.note(`answer ${mode}`);
          phone.answer(mode);
        },
        speak: (mode) => phone.speak(mode),
        volume: (step) => phone.volume(step),
        hangUp: () => {
          this.note("hang-up");
          phone.hangUp();
        },
        close: () => phone.close(),
      };
    };
  }

  private note(what: string): void {
    this.acts.push(`${this.clock.nowMs() - this.startMs} ${what}`);
  }

  press(): void {
    this.desk.hear({ type: "key-pressed", nowMs: this.clock.nowMs(), number: 500, key: 0 });
  }

  run(ms: number): void {
    this.bench.runFor(ms);
  }

  /** What happened at an operator's telephone, without the instants. */
  whatHappened(operator: Operator): string[] {
    return operator.log.map(withoutTime);
  }

  get report(): Report | undefined {
    return this.desk.state.reports[0];
  }

  /** The texts of the updates that went out. */
  get updates(): string[] {
    const texts: string[] = [];
    for (const { attempt, report } of this.sent)
      if (attempt.what === "IN") texts.push(report.updates.map(({ text }) => text).join());
    return texts;
  }

  private answer(attempt: Attempt, report: Report): void {
    this.sent.push({ attempt, report });
    const reply = this.reply;
    if (reply === undefined) return;
    this.clock.after(500, () => {
      const nowMs = this.clock.nowMs();
      const { number, part, path } = attempt;
      this.desk.hear({ type: "carried", nowMs, attempt: attempt.id });
      this.desk.hear({
        type: "answered",
        nowMs,
        receiver: path.receiver,
        route: path.route,
        number,
        part,
        snu: 0,
        reply,
      });
    });
  }
}

function withoutTime(line: string): string {
  return line.substring(line.indexOf(" ") + 1);
}

test("accepted with a call-back promised, and no call within 60 s: the unit calls, and the alarm is open until that has ended", () => {
  const reply = { mre: 1, cre: 5, tnu: [] };
  const scene = new Scene({ reply, habits: { key: "", talksMs: 100_000 } });
  scene.press();
  scene.run(60_499);
  expect(scene.acts).toEqual([]);
  scene.run(1);
  expect(scene.acts).toEqual(["60500 tone", `60500 dial ${centreNumber} duplex`]);
  scene.run(100_000);
  expect(scene.whatHappened(scene.centre)).toEqual([`rung by ${homeNumber}`, "talks"]);
  expect(scene.talking).toEqual([true]);
  expect(scene.report?.at).toBe("open");
  scene.run(10_000);
  expect(scene.talking).toEqual([true, false]);
  expect(scene.report?.at).toBe("done");
  expect(scene.report?.acceptedMs).toBe(scene.startMs + 500);
});

test("a promised call that comes is answered by itself after a tone, and the unit does not call", () => {
  const scene = new Scene({ reply: { mre: 2, cre: 5, tnu: [] } });
  scene.press();
  scene.centre.callBack(homeNumber, 40_000);
  scene.run(10 * minuteMs);
  expect(scene.acts.map(withoutTime)).toEqual([`ring ${centreNumber}`, "tone", "answer listen", "hang-up"]);
  expect(scene.whatHappened(scene.centre)).toEqual([`calls ${homeNumber}`, "talks", "ended: over"]);
});

test("when nobody accepts, the stored number is called: answered and cleared by key 0 the alarm still waits, and is told", () => {
  const scene = new Scene({ reply: undefined, settings: { fallbackNumber } });
  scene.press();
  scene.run(minuteMs);
  expect(scene.neighbour.log[0]).toContain(`rung by ${homeNumber}`);
  expect(scene.neighbour.log[1]).toContain("talks");
  expect(scene.report?.acceptedMs).toBe(-1);
  expect(scene.report?.later).toBe("spoken");
  scene.run(11 * minuteMs);
  expect(scene.neighbour.log.filter((line) => line.includes("rung")).length).toBe(2);
});

test("a fallback call that nobody takes rings for 90 s", () => {
  const scene = new Scene({ reply: undefined, settings: { fallbackNumber }, habits: { answersAfterMs: -1 } });
  scene.press();
  scene.run(5 * minuteMs);
  const [dialled, hungUp] = scene.acts.slice(1).map((line) => Number.parseInt(line, 10));
  expect((hungUp ?? 0) - (dialled ?? 0)).toBe(90_000);
  expect(scene.report?.later).toBe("");
});

test("nobody in the home speaks: the call is over, and the receiver is told that there was no response", () => {
  const scene = new Scene({ reply: { mre: 1, cre: 61, tnu: [] }, habits: { key: "", talksMs: 10_000 } });
  scene.isHeard = false;
  scene.press();
  scene.run(5 * minuteMs);
  expect(scene.updates).toContain("no response");
  expect(scene.centre.log.filter((line) => line.includes("rung")).length).toBe(1);
});

test("busy lines, dead numbers and lost calls are tried again, and undo no acceptance", () => {
  const scene = new Scene({ reply: { mre: 1, cre: 62, tnu: ["gsm:+46709999999"] } });
  scene.centre.callBack(fallbackNumber, 0);
  scene.press();
  scene.run(20_000);
  expect(scene.whatHappened(scene.centre).pop()).toBe("talks");
  scene.bench.bearer.change({ registered: "searching" });
  scene.run(10_000);
  scene.bench.bearer.change({ registered: "home" });
  scene.run(5 * minuteMs);
  const dialled = scene.acts.filter((line) => line.includes("dial")).map((line) => line.split(" ")[2]);
  expect(dialled.slice(0, 2)).toEqual(["+46709999999", centreNumber]);
  expect(dialled.length).toBeGreaterThan(2);
  expect(dialled.length).toBeLessThanOrEqual(5);
  expect(scene.report?.acceptedMs).toBe(scene.startMs + 500);
});

test("a second caller hears busy while a call is up, and outside every window nobody is answered", () => {
  const scene = new Scene({ reply: { mre: 1, cre: 61, tnu: [] } });
  scene.neighbour.callBack(homeNumber, 0);
  scene.run(2_000);
  expect(scene.acts.map(withoutTime)).toEqual([`ring ${fallbackNumber}`, "hang-up"]);
  expect(scene.neighbour.log[1]).toContain("busy");
  scene.press();
  scene.neighbour.callBack(homeNumber, 8_000);
  scene.run(10_000);
  expect(scene.neighbour.log[3]).toContain("busy");
  expect(scene.acts.filter((line) => line.includes("ring")).length).toBe(1);
});

test("a unit without a telephone offers none, and decides about no call", () => {
  const scene = new Scene({ reply: undefined, settings: { fallbackNumber }, isMute: true });
  expect(scene.voice.crd).toBeUndefined();
  scene.press();
  scene.run(20 * minuteMs);
  expect([scene.acts, scene.neighbour.log, scene.talking]).toEqual([[], [], []]);
});

test("a unit offers the media of its telephone", () => {
  expect(new Scene({ reply: undefined }).voice.crd).toEqual(["gsm:"]);
});
