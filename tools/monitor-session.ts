/**
 * `livlina monitor` without its streams: lines of receivers and the passing of time go in, lines for people or programs come
 * out. It tells of itself too: that it lives, since when it was away, and that it hears nothing any more.
 */
import type { Notice } from "../simulator/monitor/monitor.ts";
import { learnedUnit, type RegistryUnit } from "../simulator/monitor/registry.ts";
import { said } from "../simulator/monitor/said.ts";
import { ControlRoom, type RoomState } from "../simulator/outage/control-room.ts";
import { toldOf, visitsCsv } from "../simulator/outage/outage-report.ts";
import type { Contacts } from "../simulator/outage/outage-texts.ts";
import { LogFeed, type LogLine, readLogLine } from "../simulator/outage/receiver-log.ts";
import type { FiledTick } from "../simulator/outage/ticks.ts";
import { localDate, localTime } from "../simulator/scenario/scenario-clock.ts";
import { receiverName } from "./fleet-input.ts";

export interface SessionOptions {
  /** undefined: every unit that is heard is expected from then on. */
  readonly registry: readonly RegistryUnit[] | undefined;
  /** Of lines that name no receiver; the registry's unless said. */
  readonly receiver: string | undefined;
  readonly json: boolean;
  readonly language: "sv" | "en";
  readonly contacts: Contacts;
}

export interface SessionOutput {
  readonly line: (text: string) => void;
  /** For people, beside the stream. */
  readonly note: (text: string) => void;
}

/** What is kept in the state file. */
export interface SessionState {
  readonly version: 1;
  readonly units: readonly RegistryUnit[];
  readonly room: RoomState;
}

/** Units that are learned from the stream; others are not expected. */
export const learnLimit = 50_000;
const badLineNotes = 10;

export class MonitorSession {
  private readonly options: SessionOptions;
  private readonly output: SessionOutput;
  private readonly state: SessionState | undefined;
  private readonly units: Map<string, RegistryUnit>;
  private readonly receiver: string;
  private readonly receivers: Set<string>;
  /** Undefined until the first line or the first moment: only then is it known from when on units are expected. */
  private room: ControlRoom | undefined;
  private feed: LogFeed | undefined;
  private reachedMs: number;
  private badLines: number;
  private heardLines: number;

  constructor(options: SessionOptions, output: SessionOutput, state?: SessionState) {
    this.options = options;
    this.output = output;
    this.state = state;
    this.receiver = options.receiver ?? receiverName(options.registry ?? state?.units ?? []);
    this.receivers = new Set([this.receiver]);
    this.units = new Map((options.registry ?? state?.units ?? []).map((unit) => [unit.cid, unit]));
    this.room = undefined;
    this.feed = undefined;
    this.reachedMs = 0;
    this.badLines = 0;
    this.heardLines = 0;
  }

  /** Takes one line. `nowMs`: the present time; the line may be older, never younger. */
  take(text: string, nowMs: number): void {
    const line = readLogLine(text, this.receiver);
    if (line.kind === "bad") {
      this.badLines++;
      if (this.badLines <= badLineNotes) this.output.note(`a line that says nothing: ${line.why}`);
      return;
    }
    if (line.kind === "other") return;
    this.heardLines++;
    this.receivers.add(line.receiver);
    const room = this.at(Math.min(line.t, nowMs));
    this.learn(line, room);
    this.feed?.take(line, this.reachedMs);
  }

  pass(nowMs: number): void {
    this.at(nowMs).pass(this.reachedMs);
  }

  /** The stream has ended: nothing can be seen of any receiver any more. */
  end(nowMs: number): void {
    this.pass(nowMs);
    for (const name of this.receivers)
      this.room?.loseSight(
        name,
        said("its stream of events has ended", "dess händelseström har upphört"),
        this.reachedMs,
      );
  }

  /** What people have done since; units that nobody knows are told of once. */
  tick(ticks: readonly FiledTick[]): void {
    for (const { cid, ...tick } of ticks) {
      const known = this.units.get(cid) ?? [...this.units.values()].find(({ unit }) => unit === cid);
      if (known !== undefined) this.room?.visits.tick(known.cid, tick);
    }
  }

  /** A line that shows that the monitor lives. */
  alive(): string {
    const { heardLines: lines, badLines, reachedMs: t, room } = this;
    const { units, silent } = room?.monitor.counts() ?? { units: this.units.size, silent: 0 };
    const visits = room?.visits.at(t).length ?? 0;
    return JSON.stringify({ type: "alive", t, units, silent, open: room?.openCount ?? 0, visits, lines, badLines });
  }

  /** The call-and-visit list. */
  list(): string {
    return visitsCsv({ visits: this.room?.visits.at(this.reachedMs) ?? [], startWallMs: 0 });
  }

  /** Undefined while nothing has begun: what was kept before still holds. */
  kept(): SessionState | undefined {
    return this.room === undefined
      ? undefined
      : { version: 1, units: [...this.units.values()], room: this.room.kept() };
  }

  /** Moves the clock, never back, and begins with the first instant. */
  private at(nowMs: number): ControlRoom {
    // What was kept may be younger than a clock that was set back.
    this.reachedMs = Math.max(this.reachedMs, nowMs, this.state?.room.monitor.nowMs ?? 0);
    if (this.room !== undefined) return this.room;
    const room = new ControlRoom({
      startWallMs: 0,
      nowMs: this.reachedMs,
      onNotice: (notice) => this.tell(notice, room),
    });
    this.room = room;
    this.feed = new LogFeed(room);
    for (const unit of this.units.values()) room.expect(unit, this.reachedMs);
    if (this.state === undefined) return room;
    room.restore(this.state.room);
    const awayS = Math.floor((this.reachedMs - this.state.room.monitor.nowMs) / 1_000);
    this.output.note(`going on after ${awayS} s away`);
    return room;
  }

  private learn(line: Extract<LogLine, { readonly receiver: string }>, room: ControlRoom): void {
    if (this.options.registry !== undefined || line.kind !== "event" || line.event.cid === "") return;
    if (this.units.has(line.event.cid) || this.units.size >= learnLimit) return;
    // Whoever was refused may be anybody.
    if (line.event.type === "rejected") return;
    const unit = learnedUnit(line.event.cid, line.receiver);
    this.units.set(unit.cid, unit);
    room.expect(unit, this.reachedMs);
  }

  private tell({ t, outage, phase, cause, subject, units, evidence }: Notice, room: ControlRoom): void {
    const { contacts, json, language } = this.options;
    const record = room.outage(outage, t);
    const told = record === undefined ? undefined : toldOf(record, 0, contacts).updates.at(-1);
    if (json) {
      const { text, to } = told ?? { text: undefined, to: undefined };
      this.output.line(
        JSON.stringify({ type: "notice", t, outage, phase, cause, subject, units: units.length, evidence, to, text }),
      );
    } else this.output.line(`${localDate(t)} ${localTime(t)} ${told?.text[language] ?? evidence[language]}`);
  }
}
