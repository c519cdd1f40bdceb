/** A test of every path on demand: each is asked once by a heartbeat, and passes with the receiver's `mrs`. */
import type { Route } from "../alarm/report.ts";
import type { TestedPath, UplinkTurn } from "./uplink-state.ts";
import { beat } from "./uplink-turn.ts";

/** Nothing new begins while a test is under way. */
export function testPaths(turn: UplinkTurn): void {
  if (turn.tests.length > 0) return;
  for (const state of turn.routes) {
    for (let receiver = 0; receiver < turn.receivers.length; receiver++) {
      turn.tests.push({ route: state.route, receiver, id: turn.nextBeat, result: "waiting" });
      beat(turn, state.route, receiver);
    }
  }
}

/** An answer counts for the path it came over. */
export function testAnswered(turn: UplinkTurn, route: Route, receiver: number): void {
  for (const test of turn.tests)
    if (test.route === route && test.receiver === receiver) {
      settle(turn, test, "passed");
      return;
    }
}

export function testFailed(turn: UplinkTurn, id: number): void {
  for (const test of turn.tests)
    if (test.id === id) {
      settle(turn, test, "failed");
      return;
    }
}

function settle(turn: UplinkTurn, settled: TestedPath, result: "passed" | "failed"): void {
  if (settled.result !== "waiting") return;
  const tests: TestedPath[] = [];
  let waiting = false;
  for (const test of turn.tests) {
    const now = test.id === settled.id ? Object.assign({}, test, { result }) : test;
    if (now.result === "waiting") waiting = true;
    tests.push(now);
  }
  turn.tests = waiting ? tests : [];
  if (!waiting) turn.effects.push({ type: "paths-tested", paths: tests });
}
