/** Speech after an alarm: what the voice machine decides, carried out over the unit's telephone port. */
import type { AlarmEffect, AlarmEvent, AlarmState } from "../alarm/alarm-state.ts";
import { observerOf } from "../department.ts";
import type { OpenVoice, Voice as VoicePort } from "../ports/voice.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { offerOf, planCall, type Target } from "./call-plan.ts";
import { startVoice, stepVoice } from "./voice-machine.ts";
import { mediumOf, type VoiceSettings } from "./voice-settings.ts";
import type { VoiceEffect, VoiceEvent, VoiceState } from "./voice-state.ts";
import { isSameAlarms, waitingAlarms } from "./waiting-alarms.ts";

export interface VoiceOptions {
  readonly context: UnitContext;
  /** Checked. */
  readonly settings: VoiceSettings;
  readonly open: OpenVoice;
  /** SIP addresses of the receivers, first choice first. */
  readonly receiverUris: readonly string[];
  /** To the alarms: what became known, and which of them a call keeps open. */
  readonly onAlarm: (event: AlarmEvent) => void;
  /** A call is being made or up, or is so no more. */
  readonly onTalking: (on: boolean) => void;
}

export class Voice {
  private readonly options: VoiceOptions;
  private readonly port: VoicePort;
  private readonly runner: Runner<VoiceState, VoiceEvent, VoiceEffect>;
  private readonly wake: Wake;

  constructor(options: VoiceOptions) {
    const context = options.context;
    const settings = options.settings;
    this.options = options;
    this.port = options.open({
      onIncoming: (from) => this.hear({ type: "incoming", nowMs: this.nowMs(), from }),
      onAnswered: () => this.hear({ type: "answered", nowMs: this.nowMs() }),
      onEnded: (reason) => this.hear({ type: "ended", nowMs: this.nowMs(), reason }),
      onKey: (key) => this.hear({ type: "key", nowMs: this.nowMs(), key }),
    });
    this.wake = new Wake(context.clock, () => this.hear({ type: "due", nowMs: this.nowMs() }));
    this.runner = new Runner(
      stepVoice,
      startVoice({ allowedNumbers: settings.allowedNumbers, fallback: this.fallback() }),
      (effect) => this.perform(effect),
      observerOf(context, "voice"),
    );
  }

  /** What alarms offer; undefined where this board has no medium. */
  get crd(): readonly string[] | undefined {
    return offerOf(this.port.media);
  }

  granted(grant: Extract<AlarmEffect, { readonly type: "grant-call" }>): void {
    const receiverUris = this.options.receiverUris;
    const settings = this.options.settings;
    const own = { mobile: settings.receiverNumbers[grant.receiver] ?? "", sip: receiverUris[grant.receiver] ?? "" };
    const plan = planCall(grant.reply, own, this.port.media);
    this.hear({ type: "granted", nowMs: this.nowMs(), number: grant.number, plan });
  }

  /** After each step of the alarms. */
  alarms(state: AlarmState): void {
    const alarms = waitingAlarms(state);
    if (!isSameAlarms(alarms, this.runner.state.alarms)) this.hear({ type: "alarms", nowMs: this.nowMs(), alarms });
  }

  private fallback(): Target | undefined {
    const number = this.options.settings.fallbackNumber;
    const medium = mediumOf(number);
    return number === "" || this.port.media.indexOf(medium) < 0 ? undefined : { medium, number };
  }

  private hear(event: VoiceEvent): void {
    this.runner.dispatch(event);
  }

  private nowMs(): number {
    return this.options.context.clock.nowMs();
  }

  private perform(effect: VoiceEffect): void {
    const onAlarm = this.options.onAlarm;
    const onTalking = this.options.onTalking;
    switch (effect.type) {
      case "dial":
        this.port.dial(effect.medium, effect.number, effect.mode);
        return;
      case "answer":
        this.port.answer(effect.mode);
        return;
      case "tone":
        this.port.tone();
        return;
      case "hang-up":
        this.port.hangUp();
        return;
      case "talking":
        onTalking(effect.on);
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
