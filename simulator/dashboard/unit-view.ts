/** What can be told of one unit while it lives: lamp, routes, journal, and the last things that happened there. */
import type { AlarmEffect, AlarmEvent } from "../../firmware/alarm/alarm-state.ts";
import type { Report } from "../../firmware/alarm/report.ts";
import type { UplinkEffect, UplinkEvent } from "../../firmware/uplink/uplink-state.ts";
import type { KeptReport, Note, RouteView } from "./messages.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Notes that are kept of each unit; older ones stand in the run log. */
export const mostNotes = 40;

export class UnitView {
  isOn: boolean;
  /** "" until it shows something in this life. */
  lamp: string;
  readonly notes: Note[];
  private readonly routes: readonly Mutable<RouteView>[];
  private readonly kept: Map<number, KeptReport>;

  /** Its routes, the first choice first. */
  constructor(routes: readonly RouteView["route"][]) {
    this.isOn = false;
    this.lamp = "";
    this.notes = [];
    this.routes = routes.map((route, at) => ({ route, at: "unproven", active: at === 0, heardMs: null }));
    this.kept = new Map();
  }

  /** A life of the unit begins, or ends. */
  power(isOn: boolean): void {
    this.isOn = isOn;
    this.lamp = "";
    for (const route of this.routes) route.at = "unproven";
  }

  note(atMs: number, by: Note["by"], what: string, button = 0, text: Note["text"] = null): void {
    this.notes.push({ atMs, by, what, button, text });
    if (this.notes.length > mostNotes) this.notes.shift();
  }

  uplink(atMs: number, event: UplinkEvent, effects: readonly UplinkEffect[]): void {
    if (event.type === "heard") {
      const route = this.routes.find((each) => each.route === event.route);
      if (route !== undefined) route.heardMs = atMs;
      if (route?.at === "unproven") route.at = "proven";
    }
    for (const effect of effects) {
      if (effect.type === "active-route") for (const route of this.routes) route.active = route.route === effect.route;
      if (effect.type !== "route-changed") continue;
      const route = this.routes.find((each) => each.route === effect.route);
      if (route !== undefined) route.at = effect.lost ? "lost" : "proven";
      this.note(atMs, "uplink", `${effect.route}-${effect.lost ? "lost" : "back"}`);
    }
  }

  alarm(atMs: number, event: AlarmEvent, effects: readonly AlarmEffect[]): void {
    if (event.type === "restored") for (const report of event.reports) this.keep(report);
    for (const effect of effects) {
      if (effect.type === "store") this.keep(effect.report);
      if (effect.type === "forget") this.kept.delete(effect.report.number);
      if (effect.type === "log") this.note(atMs, "alarm", effect.what);
    }
  }

  routeViews(): readonly RouteView[] {
    return this.routes.map((route) => ({ ...route }));
  }

  /** What lies in its journal, the newest first. */
  journal(): readonly KeptReport[] {
    return [...this.kept.values()].sort((a, b) => b.number - a.number);
  }

  private keep({ number, facts, at }: Report): void {
    this.kept.set(number, { number, kind: facts.kind, at });
  }
}
