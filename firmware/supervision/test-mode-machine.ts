/** Test mode: a technician works on the unit. It ends by itself, and it changes nothing of what a person's alarm does. */
import type { ReportKind } from "../alarm/report.ts";
import { go, type Next, stay } from "../machine.ts";

export type TestModeState = { readonly at: "off" } | { readonly at: "on"; readonly untilMs: number };

export type TestModeEvent =
  | { readonly type: "entered"; readonly nowMs: number }
  | { readonly type: "left" }
  | { readonly type: "due"; readonly nowMs: number };

export type TestModeEffect =
  | { readonly type: "tell"; readonly on: boolean }
  | { readonly type: "wake"; readonly atMs: number };

export const testModeAtStart: TestModeState = { at: "off" };

/** To enter it again gives the whole time anew, and tells nobody twice. */
export function stepTestMode(
  lastsMs: number,
  state: TestModeState,
  event: TestModeEvent,
): Next<TestModeState, TestModeEffect> {
  if (event.type === "entered") {
    const untilMs = event.nowMs + lastsMs;
    const effects: TestModeEffect[] = state.at === "off" ? [{ type: "tell", on: true }] : [];
    effects.push({ type: "wake", atMs: untilMs });
    return go({ at: "on", untilMs }, effects);
  }
  if (state.at === "off" || (event.type === "due" && event.nowMs < state.untilMs)) return stay(state);
  return go(testModeAtStart, [{ type: "tell", on: false }]);
}

/** As what a report counts meanwhile: technical ones are tests; what concerns a life stays what it is. */
export function kindInTestMode(state: TestModeState, kind: ReportKind): ReportKind {
  return state.at === "on" && kind === "technical" ? "test" : kind;
}
