/** For tests only: the uplink machine in time moved by hand, with a world of paths that answer or do not. */
import type { Route } from "../alarm/report.ts";
import { startUplink, stepUplink } from "./uplink-machine.ts";
import {
  checkLimit,
  type RouteState,
  type UplinkEffect,
  type UplinkEvent,
  type UplinkState,
  watchLimit,
} from "./uplink-state.ts";

/** What a path does with a message: answers it, answers by SIP alone, turns it away by SIP, is silent, or has no link to send it over. */
export type Far = "answers" | "no-mrs" | "refuses" | "silent" | "no-link";

export interface Done {
  readonly atMs: number;
  readonly effect: UplinkEffect;
}

interface Planned {
  readonly atMs: number;
  readonly event: (nowMs: number) => UplinkEvent;
}

export interface UplinkBenchOptions {
  readonly routes: readonly Route[];
  readonly receiverCount: number;
  readonly dice: number;
  readonly provenS: number;
  readonly freeze: <T>(value: T) => T;
}

const sipMs = 100;
const mrsMs = 500;
const giveUpMs = 32_000;
/** More steps than this at one instant are a machine that runs in circles. */
const stepLimit = 200;

export class UplinkBench {
  state: UplinkState;
  nowMs: number;
  done: Done[];
  far: (route: Route, receiver: number) => Far;
  private wakeMs: number;
  private planned: Planned[];
  private readonly freeze: <T>(value: T) => T;

  constructor(options: UplinkBenchOptions) {
    this.freeze = options.freeze;
    this.nowMs = 1_000;
    this.done = [];
    this.far = () => "answers";
    this.wakeMs = -1;
    this.planned = [];
    this.state = this.freeze(startUplink(options.routes, options.receiverCount, options.dice, 0, options.provenS));
  }

  link(route: Route, up: boolean): void {
    this.step({ type: "linked", nowMs: this.nowMs, route, up });
  }

  alarm(pending: boolean): void {
    this.step({ type: "alarm", nowMs: this.nowMs, pending });
  }

  /** A message of an alarm leaves over that path. */
  ask(id: number, route: Route, receiver: number): void {
    this.step({ type: "asked", nowMs: this.nowMs, id, route, receiver, probe: false });
    this.plan(id, route, receiver, false);
  }

  step(event: UplinkEvent): void {
    const next = stepUplink(this.state, this.freeze(event));
    this.state = this.freeze(next.state);
    if (this.state.watches.length > watchLimit || this.state.checks.length > checkLimit)
      throw new Error("bench: beyond a bound");
    for (const effect of next.effects) {
      this.freeze(effect);
      this.done.push({ atMs: this.nowMs, effect });
      if (effect.type === "wake") this.wakeMs = effect.atMs;
      else if (effect.type === "beat" || effect.type === "probe") this.askLater(effect);
    }
  }

  /** Time goes on until `ms` from now. */
  run(ms: number): void {
    const endMs = this.nowMs + ms;
    let steps = 0;
    for (let atMs = this.nextMs(); atMs >= 0 && atMs <= endMs; atMs = this.nextMs()) {
      steps = atMs > this.nowMs ? 0 : steps + 1;
      if (steps > stepLimit) throw new Error("bench: the machine runs in circles at " + this.nowMs);
      this.nowMs = Math.max(this.nowMs, atMs);
      this.doNext();
    }
    this.nowMs = endMs;
  }

  clear(): void {
    this.done = [];
  }

  route(route: Route): RouteState {
    for (const state of this.state.routes) if (state.route === route) return state;
    throw new Error("bench: no such route");
  }

  /** The beats since `clear`, as instants of one path; every path where none is named. */
  beats(route?: Route, receiver?: number): number[] {
    const found: number[] = [];
    for (const each of this.done) {
      const effect = each.effect;
      if (effect.type !== "beat") continue;
      if ((route === undefined || effect.route === route) && (receiver === undefined || effect.receiver === receiver))
        found.push(each.atMs);
    }
    return found;
  }

  /** Effects of one kind since `clear`, each with its instant. */
  of<T extends UplinkEffect["type"]>(type: T): { atMs: number; effect: Extract<UplinkEffect, { type: T }> }[] {
    const found: { atMs: number; effect: Extract<UplinkEffect, { type: T }> }[] = [];
    for (const each of this.done)
      if (each.effect.type === type)
        found.push({ atMs: each.atMs, effect: each.effect as Extract<UplinkEffect, { type: T }> });
    return found;
  }

  private askLater(effect: Extract<UplinkEffect, { type: "beat" | "probe" }>): void {
    const id = effect.id;
    const route = effect.route;
    const receiver = effect.receiver;
    const probe = effect.type === "probe";
    this.planned.push({ atMs: this.nowMs, event: (nowMs) => ({ type: "asked", nowMs, id, route, receiver, probe }) });
    this.plan(id, route, receiver, probe);
  }

  private plan(id: number, route: Route, receiver: number, probe: boolean): void {
    const far = this.far(route, receiver);
    const at = (afterMs: number, event: (nowMs: number) => UplinkEvent): void => {
      this.planned.push({ atMs: this.nowMs + afterMs, event });
    };
    if (far === "no-link") at(0, (nowMs) => ({ type: "failed", nowMs, id, heard: false, why: "no-link" }));
    if (far === "silent") at(giveUpMs, (nowMs) => ({ type: "failed", nowMs, id, heard: false, why: "no-answer" }));
    if (far === "refuses") {
      at(sipMs, (nowMs) => ({ type: "heard", nowMs, route }));
      at(sipMs, (nowMs) => ({ type: "failed", nowMs, id, heard: true, why: "busy" }));
    }
    if (far === "answers" || far === "no-mrs") {
      at(sipMs, (nowMs) => ({ type: "heard", nowMs, route }));
      at(sipMs, (nowMs) => ({ type: "carried", nowMs, id }));
    }
    if (far === "answers" && !probe) at(mrsMs, (nowMs) => ({ type: "answered", nowMs, route, receiver }));
  }

  private nextMs(): number {
    let nextMs = this.wakeMs;
    for (const each of this.planned) if (nextMs < 0 || each.atMs < nextMs) nextMs = each.atMs;
    return nextMs;
  }

  private doNext(): void {
    for (let i = 0; i < this.planned.length; i++) {
      const each = this.planned[i] as Planned;
      if (each.atMs > this.nowMs) continue;
      this.planned.splice(i, 1);
      this.step(each.event(this.nowMs));
      return;
    }
    this.wakeMs = -1;
    this.step({ type: "due", nowMs: this.nowMs });
  }
}
