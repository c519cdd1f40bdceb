/**
 * The recovery ladder of a route that is lost: open the sockets anew, attach anew, choose the network anew, reset the
 * modem, cut its power. Faster while an alarm is pending; never within 20 s of a SIP answer over that route.
 */
import type { RecoveryStep } from "../modem/modem-state.ts";
import type { RouteState, UplinkTurn } from "./uplink-state.ts";

const steps: readonly RecoveryStep[] = ["reopen", "reattach", "reselect", "reset", "power-cycle"];
/** Without an alarm, from the loss on: attach anew at once, choose the network anew within three minutes. */
const calmMs: readonly number[] = [0, 0, 150_000, 300_000, 300_000];
/** In an alarm, from the press on. */
const alarmMs: readonly number[] = [20_000, 57_000, 85_000, 150_000, 300_000];
const quietMs = 20_000;
const apartMs = 300_000;
/** A single receiver may be at fault itself: the modem is then not restarted more often than this. */
const loneReceiverMs = 1_800_000;
const firstHarsh = 3;

/** What a miss changes: the first climbs the first rung, a loss sets the time of the next. */
export function rungAfterMiss(turn: UplinkTurn, state: RouteState): Partial<RouteState> {
  if (state.misses === 1 && state.rung === 0) {
    turn.effects.push({ type: "recover", route: state.route, step: "reopen" });
    return { rung: 1 };
  }
  if (state.at !== "lost" || state.rungMs >= 0) return {};
  return { rungMs: turn.nowMs };
}

/** Takes the next step when it is due. */
export function climb(turn: UplinkTurn, state: RouteState, set: (changes: Partial<RouteState>) => void): void {
  if (state.at !== "lost" || state.rungMs < 0 || state.rungMs > turn.nowMs) return;
  if (state.heardMs >= 0 && turn.nowMs < state.heardMs + quietMs) {
    set({ rungMs: state.heardMs + quietMs });
    return;
  }
  const due = turn.alarmMs < 0 ? -1 : turn.alarmMs + (alarmMs[state.rung] ?? apartMs);
  if (due > turn.nowMs) {
    set({ rungMs: due });
    return;
  }
  const step = steps[state.rung] as RecoveryStep;
  turn.effects.push({ type: "recover", route: state.route, step });
  const rung = state.rung + 1 < steps.length ? state.rung + 1 : 1;
  const lone = turn.receivers.length < 2 && rung >= firstHarsh;
  const waitMs = lone ? loneReceiverMs : turn.alarmMs < 0 ? (calmMs[rung] ?? apartMs) : 60_000;
  set({ rung, rungMs: turn.nowMs + (rung === 1 ? apartMs : waitMs) });
}
