/**
 * Drives an SX1262: one task at a time, each ended by BUSY, an interrupt or the one timer. It looks whether the channel is
 * free before it sends (EN 300 220-1 5.21), goes on listening after it, and starts a chip that failed anew, ever more rarely.
 */
import type { Dice } from "../dice.ts";
import { roll } from "../dice.ts";
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";
import { irqs, modes } from "./sx1262-commands.ts";
import type { Sx1262Settings } from "./sx1262-settings.ts";
import type {
  ChipFault,
  ChipTask,
  Sx1262Effect,
  Sx1262Event,
  Sx1262State,
  TaskFound,
  WaitingPacket,
} from "./sx1262-state.ts";
import { changed, forEver } from "./sx1262-state.ts";
import { largestPacket, sendMs, sendOverMs } from "./sx1262-tasks.ts";

export type Sx1262Next = Next<Sx1262State, Sx1262Effect>;

/** Beside the one under way. */
export const mostWaiting = 4;
/** From the beginning of reception until the strength is worth reading. */
const settleMs = 1;
/** Waits for a channel that is taken; a frame lasts 46 ms at most. */
const shortestWaitMs = 8;
const longestWaitMs = 40;
/** A packet that waits longer for a chip that fails is of no use any more: its copies follow. */
const keepMs = 2_000;
/** A packet is begun so often. */
const mostTries = 2;
/** Waits before a start after the first, second ... fault in a row. */
const restartMs: readonly number[] = [0, 100, 1_000, 10_000, 60_000, 600_000];
/** Working for so long, a chip has its faults forgiven. */
const calmMs = 60_000;

export function stepSx1262(settings: Sx1262Settings, state: Sx1262State, event: Sx1262Event): Sx1262Next {
  const effects: Sx1262Effect[] = [];
  const next = decide(settings, react(settings, state, event, effects), event.nowMs, effects);
  const atMs = next.task === "none" ? wakeAt(next) : -1;
  if (atMs >= 0) effects.push({ type: "wake", atMs });
  return go(next, effects);
}

function react(settings: Sx1262Settings, state: Sx1262State, event: Sx1262Event, effects: Sx1262Effect[]): Sx1262State {
  switch (event.type) {
    case "handed":
      return hand(state, event.bytes, event.nowMs, effects);
    case "asked":
      return changed(state, {
        listenUntilMs: event.forMs < 0 ? forEver : event.forMs === 0 ? -1 : event.nowMs + event.forMs,
      });
    case "interrupted":
      return changed(state, { interrupted: true });
    case "done":
      return finish(
        settings,
        changed(state, { task: "none", interrupted: state.interrupted || event.raised }),
        state.task,
        event.found,
        event.nowMs,
        effects,
      );
    case "faulted":
      return fail(state, event.fault, event.nowMs, effects);
    case "due":
      return state;
  }
}

function hand(state: Sx1262State, bytes: Uint8Array, nowMs: number, effects: Sx1262Effect[]): Sx1262State {
  if (state.packets.length > mostWaiting) {
    effects.push({ type: "drop", why: "full" });
    return state;
  }
  const packets: WaitingPacket[] = [];
  for (const packet of state.packets) packets.push(packet);
  packets.push({ bytes, atMs: nowMs, tries: 0 });
  return changed(state, { packets });
}

/** What follows from a task that has ended. */
function finish(
  settings: Sx1262Settings,
  state: Sx1262State,
  task: ChipTask,
  found: TaskFound,
  nowMs: number,
  effects: Sx1262Effect[],
): Sx1262State {
  switch (task) {
    case "start":
      if (found.errors !== 0) return fail(state, "errors", nowMs, effects);
      return changed(state, { at: "ready", startedMs: nowMs });
    case "listen":
    case "sniff":
      if (found.sync !== settings.syncWord) return fail(state, "reset", nowMs, effects);
      return changed(state, {
        at: task === "listen" ? "receiving" : "sniffing",
        judgeAtMs: nowMs + settleMs,
        watchAtMs: settings.watchEachMs > 0 && task === "listen" ? nowMs + settings.watchEachMs : -1,
      });
    case "measure":
      return judge(settings, state, found, nowMs, effects);
    case "look":
      return looked(state, found, nowMs, effects);
    case "locate":
      if (found.byteCount < 1 || found.byteCount > largestPacket) return state;
      effects.push({ type: "fetch", start: found.start, byteCount: found.byteCount, packetDbm: found.packetDbm });
      return changed(state, { task: "fetch" });
    case "fetch":
      effects.push({ type: "deliver", bytes: found.packet });
      return state;
    case "load":
      return loaded(settings, state, found, nowMs, effects);
    case "send":
      return begun(state, nowMs);
    case "sleep":
      return changed(state, { at: "asleep" });
    case "none":
      return state;
  }
}

/** How loud the channel is: for the packet that wants it, and for whoever watches over it. */
function judge(
  settings: Sx1262Settings,
  state: Sx1262State,
  found: TaskFound,
  nowMs: number,
  effects: Sx1262Effect[],
): Sx1262State {
  if (found.mode !== modes.receiving) return fail(state, "reset", nowMs, effects);
  const taken = found.rssiDbm > settings.busyAboveDbm;
  const judged = watch(settings, state, taken, nowMs, effects);
  const first = state.packets[0];
  // What has just come in is fetched first: sending would wipe it out.
  if (first === undefined || state.interrupted) return judged;
  const looks = state.looks + 1;
  if (!taken || looks >= settings.looks) {
    effects.push({ type: "load", bytes: first.bytes });
    return changed(judged, { task: "load", looks: 0 });
  }
  const dice: Dice = { dice: state.dice };
  const waitMs = shortestWaitMs + roll(dice, longestWaitMs - shortestWaitMs + 1);
  return changed(judged, { looks, judgeAtMs: nowMs + waitMs, dice: dice.dice });
}

/** What a look says to whoever watches over the channel; those before a packet come too close to each other for that. */
function watch(
  settings: Sx1262Settings,
  state: Sx1262State,
  taken: boolean,
  nowMs: number,
  effects: Sx1262Effect[],
): Sx1262State {
  if (state.watchAtMs < 0 || nowMs < state.watchAtMs) return state;
  if (taken && state.energySinceMs >= 0) effects.push({ type: "busy", forMs: nowMs - state.energySinceMs });
  return changed(state, {
    energySinceMs: taken ? nowMs : -1,
    watchAtMs: nowMs + settings.watchEachMs,
    failures: nowMs - state.startedMs >= calmMs ? 0 : state.failures,
  });
}

/** A chip that forgot its channel while it was loaded must not send on another. */
function loaded(
  settings: Sx1262Settings,
  state: Sx1262State,
  found: TaskFound,
  nowMs: number,
  effects: Sx1262Effect[],
): Sx1262State {
  if (found.sync !== settings.syncWord) return fail(state, "reset", nowMs, effects);
  effects.push({ type: "send", byteCount: (state.packets[0] as WaitingPacket).bytes.length });
  return changed(state, { task: "send" });
}

/** The packet is on the air. What waiting for the channel took is added to the window in which its answer is heard. */
function begun(state: Sx1262State, nowMs: number): Sx1262State {
  const first = state.packets[0] as WaitingPacket;
  const until = state.listenUntilMs;
  return changed(state, {
    at: "sending",
    sentByMs: nowMs + sendMs(first.bytes.length) + sendOverMs,
    listenUntilMs: until < 0 || until === forEver ? until : until + nowMs - first.atMs,
    energySinceMs: -1,
  });
}

/** What the chip has noted. */
function looked(state: Sx1262State, found: TaskFound, nowMs: number, effects: Sx1262Effect[]): Sx1262State {
  if (state.at === "sending") {
    if ((found.irq & irqs.txDone) !== 0)
      return changed(state, { at: "ready", packets: rest(state.packets), failures: 0 });
    if (found.mode !== modes.sending || nowMs >= state.sentByMs)
      return fail(state, found.mode === modes.standbyRc ? "reset" : "endless-packet", nowMs, effects);
    return state;
  }
  const whole = (found.irq & irqs.rxDone) !== 0 && (found.irq & irqs.crcError) === 0;
  if (state.at === "receiving" && found.mode !== modes.receiving) return fail(state, "reset", nowMs, effects);
  // A turn that heard something is the last one until the chip is told anew.
  const next = state.at === "sniffing" && found.irq !== 0 ? changed(state, { at: "ready" }) : state;
  if (!whole) return wants(state, nowMs) ? next : resting(next, effects);
  effects.push({ type: "run", task: "locate" });
  return changed(next, { task: "locate" });
}

/** The chip is reset: at once after a first fault, later and later after more. */
function fail(state: Sx1262State, fault: ChipFault, nowMs: number, effects: Sx1262Effect[]): Sx1262State {
  const failures = state.failures + 1;
  effects.push({ type: "tell", fault, failures });
  const packets: WaitingPacket[] = [];
  for (let i = 0; i < state.packets.length; i++) {
    const packet = state.packets[i] as WaitingPacket;
    const tries = packet.tries + (i === 0 && (state.at === "sending" || state.task === "send") ? 1 : 0);
    if (tries < mostTries) packets.push({ bytes: packet.bytes, atMs: packet.atMs, tries });
    else effects.push({ type: "drop", why: "broken-off" });
  }
  return changed(state, {
    at: "down",
    task: "none",
    packets,
    interrupted: false,
    looks: 0,
    watchAtMs: -1,
    energySinceMs: -1,
    startAtMs: nowMs + (restartMs[Math.min(failures, restartMs.length) - 1] as number),
    failures,
  });
}

/** Begins what is due, where nothing is under way. */
function decide(settings: Sx1262Settings, state: Sx1262State, nowMs: number, effects: Sx1262Effect[]): Sx1262State {
  if (state.task !== "none") return state;
  const fresh = inTime(state, nowMs, effects);
  if (fresh.at === "down") return nowMs >= fresh.startAtMs ? begin(fresh, "start", effects) : fresh;
  if (fresh.interrupted || (fresh.at === "sending" && nowMs >= fresh.sentByMs))
    return begin(changed(fresh, { interrupted: false }), "look", effects);
  if (fresh.at === "sending") return fresh;
  if (fresh.packets.length > 0) {
    if (fresh.at !== "receiving") return begin(fresh, "listen", effects);
    return nowMs >= fresh.judgeAtMs ? begin(fresh, "measure", effects) : fresh;
  }
  if (!wants(fresh, nowMs)) {
    if (fresh.at === "asleep") return fresh;
    // An interrupt that was lost must not take its packet into the sleep.
    return fresh.at === "ready" ? resting(fresh, effects) : begin(fresh, "look", effects);
  }
  const turns = settings.sniffUs > 0 && fresh.listenUntilMs === forEver;
  if (fresh.at === "sniffing" || (fresh.at === "receiving" && !turns))
    return fresh.at === "receiving" && fresh.watchAtMs >= 0 && nowMs >= fresh.watchAtMs
      ? begin(fresh, "measure", effects)
      : fresh;
  return begin(fresh, turns ? "sniff" : "listen", effects);
}

/** Without the packets that have waited too long for a chip that fails. */
function inTime(state: Sx1262State, nowMs: number, effects: Sx1262Effect[]): Sx1262State {
  const first = state.packets[0];
  if (first === undefined || state.failures === 0 || state.at === "sending" || nowMs - first.atMs < keepMs)
    return state;
  effects.push({ type: "drop", why: "late" });
  return inTime(changed(state, { packets: rest(state.packets), looks: 0 }), nowMs, effects);
}

function resting(state: Sx1262State, effects: Sx1262Effect[]): Sx1262State {
  return begin(changed(state, { watchAtMs: -1, energySinceMs: -1 }), "sleep", effects);
}

function begin(
  state: Sx1262State,
  task: "start" | "listen" | "sniff" | "measure" | "look" | "sleep",
  effects: Sx1262Effect[],
): Sx1262State {
  effects.push({ type: "run", task });
  return changed(state, { task });
}

function wants(state: Sx1262State, nowMs: number): boolean {
  return state.packets.length > 0 || nowMs < state.listenUntilMs;
}

/** The earliest instant at which time alone changes what is due, or -1. */
function wakeAt(state: Sx1262State): number {
  if (state.at === "down") return state.startAtMs;
  if (state.at === "sending") return state.sentByMs;
  if (state.packets.length > 0) return state.judgeAtMs;
  const endMs = state.listenUntilMs === forEver || state.at === "asleep" ? -1 : state.listenUntilMs;
  if (state.watchAtMs < 0 || state.at !== "receiving") return endMs;
  return endMs < 0 ? state.watchAtMs : Math.min(endMs, state.watchAtMs);
}

function rest(packets: readonly WaitingPacket[]): readonly WaitingPacket[] {
  const left: WaitingPacket[] = [];
  for (let i = 1; i < packets.length; i++) left.push(packets[i] as WaitingPacket);
  return left;
}
