/** Speech after an alarm: what the voice machine decides, carried out over the unit's telephone port. */
import type { AlarmEvent, AlarmState } from "../alarm/alarm-state.ts";
import { isAccepted } from "../alarm/report.ts";
import { observerOf } from "../department.ts";
import type { CallSound } from "../ports/call-sound.ts";
import type { OpenPhone } from "../ports/phone.ts";
import type { VoiceMedium } from "../ports/voice.ts";
import { Runner } from "../runner.ts";
import type { ReceiverAddress } from "../sip/receiver-address.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { type CallPlan, offerOf, planCall } from "./call-plan.ts";
import { forgetGrant, type KeptGrant, keepGrant, keptGrant } from "./kept-grant.ts";
import { Telephone } from "./telephone.ts";
import { startVoice, stepVoice } from "./voice-machine.ts";
import { mediumOf, type VoiceSettings } from "./voice-settings.ts";
import type { FallbackTarget, VoiceEffect, VoiceEvent, VoiceState } from "./voice-state.ts";
import { isSameAlarms, waitingAlarms } from "./waiting-alarms.ts";

export interface VoiceOptions {
  readonly context: UnitContext;
  /** Checked. */
  readonly settings: VoiceSettings;
  /** What this board can call over, the best first; without any nothing is offered, and nobody called or answered. */
  readonly media: readonly VoiceMedium[];
  readonly sound: CallSound | undefined;
  /** First choice first. */
  readonly receivers: readonly Pick<ReceiverAddress, "uri">[];
  /** To the alarms: what became known, and which of them a call keeps open. */
  readonly onAlarm: (event: AlarmEvent) => void;
  /** A call is being made or up over that medium, or is so no more. */
  readonly onTalking: (on: boolean, medium: VoiceMedium) => void;
  /** Somebody may call from now on, or no more: the ways in are kept open. */
  readonly onOpen: (on: boolean) => void;
}

export class Voice {
  private readonly options: VoiceOptions;
  private readonly telephone: Telephone;
  private readonly runner: Runner<VoiceState, VoiceEvent, VoiceEffect>;
  private readonly wake: Wake;

  constructor(options: VoiceOptions) {
    const context = options.context;
    const settings = options.settings;
    this.options = options;
    this.telephone = new Telephone({
      sound: options.sound,
      onIncoming: (medium, from) => this.hear({ type: "incoming", nowMs: this.nowMs(), medium, from }),
      onAnswered: () => this.hear({ type: "answered", nowMs: this.nowMs() }),
      onEnded: (reason) => this.hear({ type: "ended", nowMs: this.nowMs(), reason }),
      onKey: (key) => this.hear({ type: "key", nowMs: this.nowMs(), key }),
    });
    this.wake = new Wake(context.clock, () => this.hear({ type: "due", nowMs: this.nowMs() }));
    this.runner = new Runner(
      stepVoice,
      startVoice({
        allowedNumbers: settings.allowedNumbers,
        fallback: this.fallback(),
        stopsData: settings.mobileCalls === "instead-of-data",
      }),
      (effect) => this.perform(effect),
      observerOf(context, "voice"),
    );
  }

  /** What alarms offer; undefined where this board has no medium. */
  get crd(): readonly string[] | undefined {
    return offerOf(this.options.media);
  }

  /** One of the board's telephones; all of them are there before anything is granted. */
  connect(open: OpenPhone): void {
    this.telephone.add(open);
  }

  /** What a former life was granted, and did not come to, begins anew while its alarm is known as accepted. */
  restore(state: AlarmState): void {
    const records = this.options.context.records;
    const kept = keptGrant(records);
    if (kept === undefined) return;
    if (isHelpOnItsWay(state, kept.number)) this.granted(kept);
    else forgetGrant(records);
  }

  /** A restart does not forget it. Of the calls that are owed at one time the first is kept. */
  keep(grant: KeptGrant): void {
    if (this.runner.state.numbers.length > 0 || this.planOf(grant).who === "none") return;
    keepGrant(this.options.context.records, grant);
  }

  granted(grant: KeptGrant): void {
    this.hear({ type: "granted", nowMs: this.nowMs(), number: grant.number, plan: this.planOf(grant) });
  }

  private planOf(grant: KeptGrant): CallPlan {
    const receiver = this.options.receivers[grant.receiver];
    const settings = this.options.settings;
    const own = {
      mobile: settings.receiverNumbers[grant.receiver] ?? "",
      sip: receiver === undefined ? "" : receiver.uri,
    };
    return planCall(grant.reply, own, this.options.media);
  }

  /** After each step of the alarms. */
  alarms(state: AlarmState): void {
    if (this.options.media.length === 0) return;
    const alarms = waitingAlarms(state);
    if (!isSameAlarms(alarms, this.runner.state.alarms)) this.hear({ type: "alarms", nowMs: this.nowMs(), alarms });
  }

  private fallback(): readonly FallbackTarget[] {
    const settings = this.options.settings;
    const all: FallbackTarget[] = [];
    this.addFallback(all, settings.fallbackNumber, false);
    for (const number of settings.relatives) this.addFallback(all, number, true);
    return all;
  }

  private addFallback(all: FallbackTarget[], number: string, mustConfirm: boolean): void {
    const medium = mediumOf(number);
    if (number !== "" && this.options.media.indexOf(medium) >= 0) all.push({ medium, number, mustConfirm });
  }

  private hear(event: VoiceEvent): void {
    const numbers = this.runner.state.numbers;
    this.runner.dispatch(event);
    if (numbers.length > 0 && this.runner.state.numbers.length === 0) forgetGrant(this.options.context.records);
  }

  private nowMs(): number {
    return this.options.context.clock.nowMs();
  }

  private perform(effect: VoiceEffect): void {
    const telephone = this.telephone;
    const onAlarm = this.options.onAlarm;
    const onTalking = this.options.onTalking;
    const onOpen = this.options.onOpen;
    switch (effect.type) {
      case "dial":
        if (!telephone.dial(effect.medium, effect.number, effect.mode))
          this.hear({ type: "ended", nowMs: this.nowMs(), reason: "failed" });
        return;
      case "answer":
        telephone.answer(effect.mode);
        return;
      case "tone":
        telephone.tone();
        return;
      case "hang-up":
        telephone.hangUp();
        return;
      case "speak":
        telephone.speak(effect.mode);
        return;
      case "volume":
        telephone.volume(effect.step);
        return;
      case "output":
        telephone.output();
        return;
      case "message":
        this.options.context.say("call-to-relative");
        return;
      case "open":
        onOpen(effect.on);
        return;
      case "talking":
        onTalking(effect.on, effect.medium);
        return;
      case "hold-open":
        onAlarm({ type: "call-began", nowMs: this.nowMs(), numbers: effect.numbers });
        return;
      case "let-close":
        onAlarm({ type: "call-ended", nowMs: this.nowMs(), numbers: effect.numbers });
        return;
      case "learn":
        onAlarm({ type: "learned", nowMs: this.nowMs(), number: effect.number, text: effect.text });
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}

/** After a restart an accepted alarm is closed for presses; the call about it is still owed. */
function isHelpOnItsWay(state: AlarmState, number: number): boolean {
  for (const report of state.reports) if (report.number === number) return isAccepted(report) && !report.cancelled;
  return false;
}
