/** What the unit shows and says: lamp, path notice and quiet hours behind one door. It decides nothing about alarms. */

import type { Report } from "../alarm/report.ts";
import { observerOf } from "../department.ts";
import { Runner } from "../runner.ts";
import type { LampSignal, UnitSignal } from "../signals.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { alarmFactOf, type LampFacts, lampOf } from "./lamp.ts";
import {
  type Links,
  type PathNoticeEffect,
  type PathNoticeEvent,
  type PathNoticeState,
  pathNoticeAtStart,
  stepPathNotice,
} from "./path-notice-machine.ts";
import type { PhraseName } from "./phrases.ts";
import { quietForS } from "./quiet-hours.ts";
import type { FeedbackSettings } from "./settings.ts";

export interface FeedbackPorts {
  /** The lamp, with its tone. */
  readonly showLamp: (signal: LampSignal) => void;
  readonly say: (phrase: PhraseName) => void;
  readonly callChanged: (talking: boolean) => void;
}

export class Feedback {
  private readonly context: UnitContext;
  private readonly settings: FeedbackSettings;
  private readonly ports: FeedbackPorts;
  private readonly wake: Wake;
  private readonly notice: Runner<PathNoticeState, PathNoticeEvent, PathNoticeEffect>;
  private facts: LampFacts;
  /** Whether anything is known of the links: until then "ready" would be a guess. */
  private linked: boolean;
  private shown: LampSignal | undefined;

  /** Shows nothing of the paths until it is told of the links for the first time. */
  constructor(context: UnitContext, settings: FeedbackSettings, ports: FeedbackPorts) {
    this.context = context;
    this.settings = settings;
    this.ports = ports;
    this.facts = { alarm: "none", talking: false, fault: false, links: "ready" };
    this.linked = false;
    this.shown = undefined;
    const times = { afterMs: settings.noPathAfterMs, repeatMs: settings.noPathRepeatMs };
    this.wake = new Wake(context.clock, () => this.due());
    this.notice = new Runner(
      (state: PathNoticeState, event: PathNoticeEvent) => stepPathNotice(times, state, event),
      pathNoticeAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "path-notice"),
    );
  }

  /** After each step of the alarm machine: the lamp follows the reports, however they came to be so. */
  alarms(reports: readonly Report[]): void {
    const alarm = alarmFactOf(reports);
    if (alarm !== this.facts.alarm) this.change({ alarm });
  }

  /** The alarm machine tells the wearer something; a fault may come from the journal too. Without a path nobody hears that all is ready. */
  tell(signal: UnitSignal): void {
    if (signal === "ready" && (!this.linked || this.facts.links === "no-path")) return;
    if (signal === "fault") this.fault(true);
    else this.ports.say(signal === "sending" && this.facts.talking ? "alarm-during-call" : signal);
  }

  links(links: Links): void {
    this.linked = true;
    this.change({ links });
    this.notice.dispatch({ type: "changed", nowMs: this.context.clock.nowMs(), links });
  }

  /** Whether the unit knows of a fault that somebody must see to. */
  fault(fault: boolean): void {
    if (fault && !this.facts.fault) this.ports.say("fault");
    this.change({ fault });
  }

  /** A call is being set up, or has ended. */
  talking(talking: boolean): void {
    if (talking === this.facts.talking) return;
    this.ports.callChanged(talking);
    if (talking) this.ports.say("talking");
    this.change({ talking });
  }

  private change(changes: Partial<LampFacts>): void {
    this.facts = Object.assign({}, this.facts, changes);
    const signal = lampOf(this.facts);
    if (signal === this.shown || (signal === "ready" && !this.linked)) return;
    this.shown = signal;
    this.ports.showLamp(signal);
  }

  private due(): void {
    const nowMs = this.context.clock.nowMs();
    const wallS = this.context.wallClock.seconds(nowMs);
    this.notice.dispatch({ type: "due", nowMs, quietForMs: quietForS(this.settings.quiet, wallS) * 1000 });
  }

  private perform(effect: PathNoticeEffect): void {
    if (effect.type === "wake") {
      this.wake.set(effect.atMs);
      return;
    }
    this.ports.say(effect.links === "ready" ? "path-back" : effect.links);
    if (effect.links === "no-path") this.ports.say("where-to-turn");
  }
}
