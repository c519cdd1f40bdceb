/**
 * Carries SCAIP messages out over the routes and answers back in: it knows sockets, SIP and references, and decides
 * nothing. Two machines hear of everything: the one that delivers reports, the one that proves paths.
 */
import { encodeRequest } from "../../protocol/scaip/request.ts";
import type { ScaipResponse } from "../../protocol/scaip/response.ts";
import { decodeResponse } from "../../protocol/scaip/response.ts";
import { numberFromRef, partFromRef } from "../../protocol/scaip/stem.ts";
import type { AlarmEvent, Attempt, FailReason } from "../alarm/alarm-state.ts";
import { beatMessage, messageOf, type Sender } from "../alarm/message.ts";
import { isRaced, type Report, type Route } from "../alarm/report.ts";
import type { Clock } from "../ports/clock.ts";
import type { CallRoute } from "../sip/call-route.ts";
import type { AgentEvent, FailReason as SipFailReason } from "../sip/message-agent.ts";
import type { CallReply } from "../voice/call-plan.ts";
import type { WallClock } from "../wall-clock.ts";
import type { RouteLink } from "./route-link.ts";
import type { UplinkEvent } from "./uplink-state.ts";

export interface CourierOptions {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly sender: Sender;
  /** The policy's first route: its beats say so. */
  readonly primary: Route;
  /** The receiver that a kept report's session is with, so that late answers still count; -1 where there is none. */
  readonly receiverOf: (number: number, part: number) => number;
  readonly onAlarm: (event: AlarmEvent) => void;
  readonly onUplink: (event: UplinkEvent) => void;
  /** An `mrs` to something of ours; `snu` is its status number. */
  readonly onAnswer: (snu: number) => void;
}

interface Beat {
  readonly number: number;
  readonly receiver: number;
}

/** Heartbeats whose `mrs` is still matched. */
const beatLimit = 16;

export class Courier {
  private readonly options: CourierOptions;
  private readonly links: RouteLink[];
  private readonly beats: Beat[];
  /** A call has taken its line: nothing passes. */
  private barred: Route | undefined;
  private isAlive: boolean;

  constructor(options: CourierOptions) {
    this.options = options;
    this.links = [];
    this.beats = [];
    this.barred = undefined;
    this.isAlive = false;
  }

  /** A route that the board has. */
  add(link: RouteLink): void {
    this.links.push(link);
    if (this.isAlive) link.keepAlive(true);
  }

  /** Sends a report's message; a route without a socket fails at once. */
  send(attempt: Attempt, report: Report): void {
    const route = attempt.path.route;
    const receiver = attempt.path.receiver;
    const link = this.link(route);
    const nowMs = this.options.clock.nowMs();
    if (link === undefined || !this.passes(link)) {
      this.options.onAlarm({ type: "failed", nowMs, attempt: attempt.id, reason: "no-link" });
      return;
    }
    // From the second round on: a receiver that shows a wrong certificate may still be the one that helps.
    const lastResort = report.facts.kind === "user-alarm" && report.round > 1 && attempt.what === "ME";
    const body = encodeRequest(messageOf(this.options.sender, report, attempt));
    link.send(attempt.id, receiver, body, { urgent: isRaced(report), lastResort });
    this.options.onUplink({ type: "asked", nowMs, id: attempt.id, route, receiver, probe: false });
  }

  /** Sends a heartbeat under the report number `number`. */
  beat(id: number, route: Route, receiver: number, number: number): void {
    const link = this.asked(id, route, receiver, false);
    if (link === undefined) return;
    if (this.beats.length >= beatLimit) this.beats.shift();
    this.beats.push({ number, receiver });
    const message = beatMessage(this.options.sender, number, route === this.options.primary);
    link.send(id, receiver, encodeRequest(message), { urgent: false, lastResort: false });
  }

  /** Asks whether the receiver's SIP front answers at all. */
  probe(id: number, route: Route, receiver: number): void {
    const link = this.asked(id, route, receiver, true);
    if (link !== undefined) link.probe(id, receiver);
  }

  stop(attempt: number): void {
    for (const link of this.links) link.stop(attempt);
    this.options.onUplink({ type: "stopped", nowMs: this.options.clock.nowMs(), id: attempt });
  }

  /** The connections of that route stay open from now on, those of the others only while they are used. */
  keep(route: Route): void {
    for (const link of this.links) link.keep(link.route === route);
  }

  /** Whether messages over that route fail at once, so that they go another way. */
  bar(route: Route, on: boolean): void {
    if (on) this.barred = route;
    else if (this.barred === route) this.barred = undefined;
  }

  /** Somebody may call back, or no longer. */
  keepAlive(on: boolean): void {
    this.isAlive = on;
    for (const link of this.links) link.keepAlive(on);
  }

  /** The unit is registered with that receiver over `route` now, and no longer reached over another one. */
  tookOver(route: Route, receiver: number): void {
    for (const link of this.links) if (link.route !== route) link.overtaken(receiver);
  }

  /** Whether the receiver has to show who it is, over every route, before anything of it counts. */
  isAuthenticated(receiver: number): boolean {
    for (const link of this.links) if (!link.isAuthenticated(receiver)) return false;
    return true;
  }

  /** A telephone over that route; undefined where the board has no such route. */
  calls(route: Route): CallRoute | undefined {
    const link = this.link(route);
    return link === undefined ? undefined : link.calls;
  }

  reopen(route: Route): void {
    const link = this.link(route);
    if (link !== undefined) link.reopen();
  }

  hear(route: Route, event: AgentEvent): void {
    const nowMs = this.options.clock.nowMs();
    switch (event.type) {
      case "heard":
        this.options.onUplink({ type: "heard", nowMs, route });
        return;
      case "carried":
        if (event.dateMs !== undefined) this.options.wallClock.set(event.dateMs, nowMs);
        this.options.onUplink({ type: "carried", nowMs, id: event.attempt });
        if (isOfReport(event.attempt)) this.options.onAlarm({ type: "carried", nowMs, attempt: event.attempt });
        if (event.body.length > 0) this.hearAnswer(route, event.receiver, "", event.body);
        return;
      case "failed":
        this.options.onUplink({
          type: "failed",
          nowMs,
          id: event.attempt,
          heard: event.status > 0,
          why: event.reason,
        });
        if (isOfReport(event.attempt)) {
          const reason = failReasonOf(event.reason);
          const retryAfterS = event.retryAfterS;
          this.options.onAlarm({ type: "failed", nowMs, attempt: event.attempt, reason, retryAfterS });
        }
        return;
      case "message":
        // Whoever holds a wrong certificate may say anything: an alarm that only he has taken stays pending.
        if (event.foreign !== true) this.hearAnswer(route, event.receiver, event.host, event.body);
        return;
    }
  }

  /**
   * An `mrs`: matched by its reference alone, over any route, whatever it is an answer to. Where receivers share an
   * address, the reference also tells which of them speaks.
   */
  private hearAnswer(route: Route, from: number, host: string, body: Uint8Array): void {
    const response = decodeResponse(body);
    if (!response.ok) return;
    const ref = response.value.ref;
    const snu = response.value.snu;
    const number = numberFromRef(this.options.sender.prefix, ref);
    const part = partFromRef(ref);
    const beat = this.beatOf(number);
    const asked = beat === undefined ? this.options.receiverOf(number, part) : beat.receiver;
    const link = this.link(route);
    const nowMs = this.options.clock.nowMs();
    if (number < 0 || asked < 0 || link === undefined) {
      this.options.onUplink({ type: "odd-answer", nowMs, route, receiver: from });
      return;
    }
    const receiver = host !== "" && link.mayAnswer(asked, host) ? asked : from;
    if (beat === undefined)
      this.tellAlarms({ type: "answered", nowMs, receiver, route, number, part, snu }, response.value);
    // What was asked of another proves nothing: whoever says it may only bear that receiver's address.
    this.options.onUplink({ type: receiver === asked ? "answered" : "odd-answer", nowMs, route, receiver });
    if (receiver !== asked) return;
    this.options.onAnswer(snu);
    const minutes = response.value.hbi;
    if (receiver === 0 && minutes !== undefined) this.options.onUplink({ type: "interval", nowMs, minutes });
  }

  /** They hear before the uplink does: what that then brings back must not be tried for an alarm that has just been accepted. */
  private tellAlarms(event: Extract<AlarmEvent, { type: "answered" }>, response: ScaipResponse): void {
    const offered = this.options.sender.crd !== undefined;
    this.options.onAlarm(offered ? Object.assign({}, event, { reply: replyOf(response) }) : event);
  }

  /** The link to ask over; undefined where it is not open, and then the question has failed. */
  private asked(id: number, route: Route, receiver: number, probe: boolean): RouteLink | undefined {
    const link = this.link(route);
    const nowMs = this.options.clock.nowMs();
    this.options.onUplink({ type: "asked", nowMs, id, route, receiver, probe });
    if (link !== undefined && this.passes(link)) return link;
    const why = link === undefined || link.ready ? "no-link" : link.fault;
    this.options.onUplink({ type: "failed", nowMs, id, heard: false, why });
    return undefined;
  }

  private passes(link: RouteLink): boolean {
    return link.ready && link.route !== this.barred;
  }

  private beatOf(number: number): Beat | undefined {
    for (const beat of this.beats) if (beat.number === number) return beat;
    return undefined;
  }

  private link(route: Route): RouteLink | undefined {
    for (const link of this.links) if (link.route === route) return link;
    return undefined;
  }
}

/** What is left out means no call, or a call to the unit's own receiver (SS 91100 table 2). */
function replyOf(response: ScaipResponse): CallReply {
  return { mre: response.mre ?? 0, cre: response.cre ?? 61, tnu: response.tnu ?? [] };
}

/**
 * Why a connection was not to be had is for the log: to an alarm it is a path that is not there. Over one that was lost the message
 * may have arrived: whoever heard of it is owed a withdrawal.
 */
function failReasonOf(reason: SipFailReason): FailReason {
  switch (reason) {
    case "connection-lost":
      return "no-answer";
    case "no-answer":
    case "refused":
    case "busy":
    case "unauthorised":
      return reason;
    default:
      return "no-link";
  }
}

/** The alarm machine counts its attempts in odd numbers, the uplink machine its beats in even ones. */
function isOfReport(id: number): boolean {
  return id % 2 === 1;
}
