/** Speech after an alarm: what the voice machine decides, carried out over the unit's telephone port. */
import type { AlarmEffect, AlarmEvent, AlarmState } from "../alarm/alarm-state.ts";
import { observerOf } from "../department.ts";
import type { OpenVoice, VoiceMedium, Voice as VoicePort } from "../ports/voice.ts";
import { Runner } from "../runner.ts";
import type { ReceiverAddress } from "../sip/message-agent.ts";
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
  /** Absent where the board has no telephone: then nothing is offered, and nobody called or answered. */
  readonly open: OpenVoice | undefined;
  /** First choice first. */
  readonly receivers: readonly Pick<ReceiverAddress, "uri">[];
  /** To the alarms: what became known, and which of them a call keeps open. */
  readonly onAlarm: (event: AlarmEvent) => void;
  /** A call is being made or up, or is so no more. */
  readonly onTalking: (on: boolean) => void;
}

export class Voice {
  private readonly options: VoiceOptions;
  private readonly port: VoicePort | undefined;
  private readonly media: readonly VoiceMedium[];
  private readonly runner: Runner<VoiceState, VoiceEvent, VoiceEffect>;
  private readonly wake: Wake;

  constructor(options: VoiceOptions) {
    const context = options.context;
    const settings = options.settings;
    this.options = options;
    this.port = options.open === undefined ? undefined : this.opened(options.open);
    this.media = this.port === undefined ? [] : this.port.media;
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
    return offerOf(this.media);
  }

  granted(grant: Extract<AlarmEffect, { readonly type: "grant-call" }>): void {
    const receiver = this.options.receivers[grant.receiver];
    const settings = this.options.settings;
    const own = {
      mobile: settings.receiverNumbers[grant.receiver] ?? "",
      sip: receiver === undefined ? "" : receiver.uri,
    };
    const plan = planCall(grant.reply, own, this.media);
    this.hear({ type: "granted", nowMs: this.nowMs(), number: grant.number, plan });
  }

  /** After each step of the alarms. */
  alarms(state: AlarmState): void {
    if (this.port === undefined) return;
    const alarms = waitingAlarms(state);
    if (!isSameAlarms(alarms, this.runner.state.alarms)) this.hear({ type: "alarms", nowMs: this.nowMs(), alarms });
  }

  private opened(open: OpenVoice): VoicePort {
    return open({
      onIncoming: (from) => this.hear({ type: "incoming", nowMs: this.nowMs(), from }),
      onAnswered: () => this.hear({ type: "answered", nowMs: this.nowMs() }),
      onEnded: (reason) => this.hear({ type: "ended", nowMs: this.nowMs(), reason }),
      onKey: (key) => this.hear({ type: "key", nowMs: this.nowMs(), key }),
    });
  }

  private fallback(): Target | undefined {
    const number = this.options.settings.fallbackNumber;
    const medium = mediumOf(number);
    return number === "" || this.media.indexOf(medium) < 0 ? undefined : { medium, number };
  }

  private hear(event: VoiceEvent): void {
    this.runner.dispatch(event);
  }

  private nowMs(): number {
    return this.options.context.clock.nowMs();
  }

  private perform(effect: VoiceEffect): void {
    const port = this.port;
    if (port === undefined) return;
    const onAlarm = this.options.onAlarm;
    const onTalking = this.options.onTalking;
    switch (effect.type) {
      case "dial":
        port.dial(effect.medium, effect.number, effect.mode);
        return;
      case "answer":
        port.answer(effect.mode);
        return;
      case "tone":
        port.tone();
        return;
      case "hang-up":
        port.hangUp();
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
