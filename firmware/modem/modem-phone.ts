/** The telephone of a modem: what its machine decides, carried out on the modem's line and told to whoever opened it. */
import type { Fact } from "../../protocol/at/answers.ts";
import { callNewsOf, callOf } from "../../protocol/at/calls.ts";
import type { Dialect } from "../../protocol/at/commands.ts";
import { voiceDialectOf } from "../../protocol/at/voice-dialects.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observe } from "../ports/host.ts";
import type { OpenPhone, Phone, PhoneOptions } from "../ports/phone.ts";
import type { SpeechMode, VoiceMedium } from "../ports/voice.ts";
import { Runner } from "../runner.ts";
import { Wake } from "../wake.ts";
import type { Answer } from "./at-session.ts";
import type { LineJob, LineUser } from "./line-user.ts";
import { wantOf } from "./modem-phone-jobs.ts";
import { stepPhone } from "./modem-phone-machine.ts";
import type { PhoneEffect, PhoneEvent, PhoneJob, PhoneState } from "./modem-phone-state.ts";
import { phoneIdle } from "./modem-phone-state.ts";

export interface ModemPhoneOptions {
  readonly clock: Clock;
  /** Whether the modem has voice; undefined: it is tried (`callsVoice` of its model). */
  readonly callsVoice: () => boolean | undefined;
  /** `Modem.wake`: there is something to say on the line. */
  readonly wakeLine: () => void;
  /** A call holds the modem, or does so no more: where it has no data beside a call, sockets stand still meanwhile. */
  readonly onBusy: (on: boolean) => void;
  readonly observe: Observe | undefined;
}

interface PhoneLineJob extends LineJob {
  readonly job: PhoneJob;
}

export class ModemPhone implements Phone, LineUser {
  readonly medium: VoiceMedium;
  readonly needsContext: boolean;
  /** Opened once. */
  readonly open: OpenPhone;
  private readonly options: ModemPhoneOptions;
  private readonly runner: Runner<PhoneState, PhoneEvent, PhoneEffect>;
  private readonly timer: Wake;
  private port: PhoneOptions | undefined;

  constructor(options: ModemPhoneOptions) {
    const observe = options.observe;
    this.medium = "mobile";
    this.needsContext = false;
    this.options = options;
    this.port = undefined;
    this.open = (port) => {
      this.port = port;
      return this;
    };
    this.timer = new Wake(options.clock, () => this.feed({ type: "due", nowMs: this.nowMs() }));
    this.runner = new Runner(
      stepPhone,
      phoneIdle,
      (effect) => this.perform(effect),
      observe === undefined ? undefined : (event, effects) => observe("phone", event, effects),
    );
  }

  dial(number: string, mode: SpeechMode): void {
    const capable = this.options.callsVoice() !== false;
    this.feed({ type: "dial-ordered", nowMs: this.nowMs(), number, mode, capable });
  }

  answer(mode: SpeechMode): void {
    this.feed({ type: "answer-ordered", nowMs: this.nowMs(), mode });
  }

  speak(mode: SpeechMode): void {
    this.feed({ type: "mode-chosen", nowMs: this.nowMs(), mode });
  }

  volume(step: 1 | -1): void {
    this.feed({ type: "volume-stepped", nowMs: this.nowMs(), step });
  }

  hangUp(): void {
    this.feed({ type: "hang-up-ordered", nowMs: this.nowMs() });
  }

  close(): void {
    this.port = undefined;
    this.hangUp();
  }

  next(): LineJob | undefined {
    const want = wantOf(this.runner.state);
    if (want === undefined) return undefined;
    const job: PhoneLineJob = { user: this, exchange: want.exchange, payload: undefined, job: want.job };
    return job;
  }

  begun(job: LineJob): void {
    this.runner.dispatch({ type: "job-began", nowMs: this.nowMs(), job: (job as PhoneLineJob).job });
  }

  answered(_job: LineJob, answer: Answer): void {
    this.feed({ type: "job-ended", nowMs: this.nowMs(), ok: answer.ok });
  }

  unanswered(_job: LineJob): void {
    this.feed({ type: "job-lost", nowMs: this.nowMs() });
  }

  hear(fact: Fact): void {
    if (fact.type === "started" || fact.type === "powered-down") this.feed({ type: "restarted", nowMs: this.nowMs() });
    else if (fact.type === "registration") {
      const on = fact.registration === "home" || fact.registration === "roaming";
      this.feed({ type: "network-told", nowMs: this.nowMs(), domain: fact.domain, on });
    }
  }

  hearLine(line: string): void {
    const call = callOf(line);
    if (call !== undefined) {
      this.feed({ type: "listed", nowMs: this.nowMs(), call });
      return;
    }
    const news = callNewsOf(line);
    if (news !== undefined) this.feed({ type: "told", nowMs: this.nowMs(), news });
  }

  begin(_address: string, dialect: Dialect): void {
    this.feed({ type: "line-came", nowMs: this.nowMs(), dialect: voiceDialectOf(dialect.name) });
  }

  end(): void {
    this.feed({ type: "line-lost", nowMs: this.nowMs() });
  }

  private feed(event: PhoneEvent): void {
    this.runner.dispatch(event);
    if (wantOf(this.runner.state) !== undefined) this.options.wakeLine();
  }

  private nowMs(): number {
    return this.options.clock.nowMs();
  }

  private perform(effect: PhoneEffect): void {
    const port = this.port;
    switch (effect.type) {
      case "tell-incoming":
        if (port !== undefined) port.onIncoming(effect.number);
        else this.hangUp();
        return;
      case "tell-answered":
        if (port !== undefined) port.onAnswered();
        return;
      case "tell-ended":
        if (port !== undefined) port.onEnded(effect.reason);
        return;
      case "tell-key":
        if (port !== undefined) port.onKey(effect.key);
        return;
      case "busy":
        this.options.onBusy(effect.on);
        return;
      case "wake":
        this.timer.set(effect.atMs);
        return;
    }
  }
}
