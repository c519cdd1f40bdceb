/**
 * The recovery ladder of a route that is lost: open the sockets anew, attach anew, choose the network anew, reset the
 * modem, cut its power. Faster while an alarm is pending; never within 20 s of a SIP answer over that route.
 */
import type { RecoveryStep } from "../modem/modem-state.ts";
import type { RouteState, UplinkTurn } from "./uplink-state.ts";
import { changeRoute } from "./uplink-turn.ts";

const steps: readonly RecoveryStep[] = ["reopen", "reattach", "reselect", "reset", "power-cycle"];
const reselect = 2;
const firstHarsh = 3;
/** Without an alarm, after the step before: attach anew at the loss, choose the network anew within three minutes of it. */
const calmMs: readonly number[] = [0, 0, 150_000, 300_000, 300_000];
/** In an alarm, not before that time from its start: sockets in the second round, which begins after 33 s. */
const alarmMs: readonly number[] = [34_000, 57_000, 85_000, 150_000, 300_000];
/** In an alarm, after the step before, so that it has its time to work. */
const alarmGapMs: readonly number[] = [0, 0, 25_000, 60_000, 60_000];
const quietMs = 20_000;
const apartMs = 300_000;
/** A single receiver may be at fault itself: the modem is then not restarted more often than this. */
const loneReceiverMs = 1_800_000;

/** What a miss changes: the first one makes the sockets due, a loss the rest of the ladder. */
export function rungAfterMiss(turn: UplinkTurn, state: RouteState): Partial<RouteState> {
  if (state.rungMs >= 0 || (state.at !== "lost" && state.rung > 0)) return {};
  return { rungMs: turn.nowMs };
}

/** An alarm begins: what is not working climbs once more from the foot, by the alarm's times. */
export function rungAtAlarm(turn: UplinkTurn, state: RouteState): Partial<RouteState> {
  return state.misses > 0 ? { rung: 0, rungMs: turn.nowMs } : {};
}

/** Takes the next step when it is due. */
export function climb(turn: UplinkTurn, state: RouteState): void {
  if (state.rungMs < 0 || state.rungMs > turn.nowMs) return;
  const earliestMs = notBeforeMs(turn, state);
  if (earliestMs > turn.nowMs) {
    changeRoute(turn, state.route, { rungMs: earliestMs });
    return;
  }
  turn.effects.push({ type: "recover", route: state.route, step: steps[state.rung] as RecoveryStep });
  const wraps = state.rung + 1 >= steps.length;
  const rung = wraps ? 1 : state.rung + 1;
  const gapsMs = turn.alarmMs < 0 ? calmMs : alarmGapMs;
  const waitMs = wraps ? apartMs : (gapsMs[rung] as number);
  changeRoute(turn, state.route, {
    rung,
    rungMs: state.at === "lost" ? turn.nowMs + waitMs : -1,
    reselectMs: state.rung === reselect ? turn.nowMs : state.reselectMs,
    harshMs: state.rung >= firstHarsh ? turn.nowMs : state.harshMs,
  });
}

function notBeforeMs(turn: UplinkTurn, state: RouteState): number {
  let earliestMs = state.heardMs < 0 ? 0 : state.heardMs + quietMs;
  if (turn.alarmMs >= 0) earliestMs = Math.max(earliestMs, turn.alarmMs + (alarmMs[state.rung] as number));
  if (state.rung === reselect && state.reselectMs >= 0) earliestMs = Math.max(earliestMs, state.reselectMs + apartMs);
  if (turn.receivers.length < 2 && state.rung >= firstHarsh && state.harshMs >= 0)
    earliestMs = Math.max(earliestMs, state.harshMs + loneReceiverMs);
  return earliestMs;
}
