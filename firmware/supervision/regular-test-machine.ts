/**
 * The tests that come by the calendar: the daily test message (autolarm) over both routes in turn, and the press that each
 * client makes once a month. A press that does not come climbs: reminders, then a line in somebody's list.
 */

import type { PhraseName } from "../feedback/phrases.ts";
import { go, type Next } from "../machine.ts";
import { isWorkingDay } from "../time/working-days.ts";

export type TestRoute = "primary" | "redundant";

/** What is kept over a restart. */
export interface RegularTestState {
  readonly at: "fine" | "reminded" | "listed";
  /** Over which route the next test message goes. */
  readonly next: TestRoute;
  /** Test messages sent and accepted since the unit was made, by route: what they cost. */
  readonly sent: number;
  readonly sentRedundant: number;
  readonly accepted: number;
  readonly acceptedRedundant: number;
  /** Days since a real press was accepted, and the local date of that press (-1: unknown). */
  readonly days: number;
  readonly pressDay: number;
  /** Reminders said since then. */
  readonly reminders: number;
  /** Days since somebody asked for a test press (-1: nobody did), the date (-1: unknown), and reminders said since. */
  readonly askedDays: number;
  readonly askedDay: number;
  readonly askedReminders: number;
}

/** `day` is the local date (days since 1970), or -1 while the time is unknown. */
export type RegularTestEvent =
  | { readonly type: "message-due"; readonly routes: number; readonly late: boolean }
  | { readonly type: "message-accepted"; readonly over: TestRoute }
  /** The daily look at the calendar. */
  | { readonly type: "day-passed"; readonly day: number }
  /** A receiver has accepted an alarm that somebody raised by a real press. */
  | { readonly type: "press-accepted"; readonly day: number }
  /** The centre, or a tool, asks for a test press. */
  | { readonly type: "press-asked"; readonly day: number };

export type RegularTestEffect =
  | { readonly type: "keep" }
  | { readonly type: "send-message"; readonly over: TestRoute; readonly late: boolean }
  | { readonly type: "say"; readonly phrase: PhraseName }
  /** The unit belongs into the list of those that somebody must call; `asked`: a test that was asked for was not made. */
  | { readonly type: "list"; readonly days: number; readonly asked: boolean }
  | { readonly type: "unlist" };

export interface PressPlan {
  /** Days since the last accepted press at which the wearer is reminded; then again three and four days later. */
  readonly remindAfterDays: number;
  readonly listAfterDays: number;
}

/** Reminders after somebody has asked: on the third day, again on the fourth; in the list on the fifth or the next working day. */
const askedReminderDays: readonly number[] = [3, 4];
const askedListDay = 5;
/** The first reminder of the month, then as above. */
const reminderSteps: readonly number[] = [0, 3, 4];
/** Counts stop here rather than begin anew. */
export const countEnd = 0xffff_ffff;
const daysEnd = 0xffff;

export const regularTestAtStart: RegularTestState = {
  at: "fine",
  next: "primary",
  sent: 0,
  sentRedundant: 0,
  accepted: 0,
  acceptedRedundant: 0,
  days: 0,
  pressDay: -1,
  reminders: 0,
  askedDays: -1,
  askedDay: -1,
  askedReminders: 0,
};

export function stepRegularTest(
  plan: PressPlan,
  state: RegularTestState,
  event: RegularTestEvent,
): Next<RegularTestState, RegularTestEffect> {
  switch (event.type) {
    case "message-due":
      return sendMessage(state, event.routes, event.late);
    case "message-accepted":
      return kept(countAccepted(state, event.over), []);
    case "day-passed":
      return passDay(plan, state, event.day);
    case "press-accepted":
      return hearPress(state, event.day);
    case "press-asked":
      return kept(change(state, { askedDays: 0, askedDay: event.day, askedReminders: 0 }), [
        { type: "say", phrase: "press-to-test" },
      ]);
  }
}

/** Whose turn it is was kept before the message leaves: a restart does not repeat a route. */
function sendMessage(
  state: RegularTestState,
  routes: number,
  late: boolean,
): Next<RegularTestState, RegularTestEffect> {
  const over = routes < 2 ? "primary" : state.next;
  const counted =
    over === "primary"
      ? change(state, { next: "redundant", sent: oneMore(state.sent, countEnd) })
      : change(state, { next: "primary", sentRedundant: oneMore(state.sentRedundant, countEnd) });
  return kept(counted, [{ type: "send-message", over, late }]);
}

function countAccepted(state: RegularTestState, over: TestRoute): RegularTestState {
  if (over === "primary") return change(state, { accepted: oneMore(state.accepted, countEnd) });
  return change(state, { acceptedRedundant: oneMore(state.acceptedRedundant, countEnd) });
}

function hearPress(state: RegularTestState, day: number): Next<RegularTestState, RegularTestEffect> {
  const pressed = change(state, {
    at: "fine",
    days: 0,
    pressDay: day,
    reminders: 0,
    askedDays: -1,
    askedDay: -1,
    askedReminders: 0,
  });
  return kept(pressed, state.at === "listed" ? [{ type: "unlist" }] : []);
}

function passDay(plan: PressPlan, before: RegularTestState, day: number): Next<RegularTestState, RegularTestEffect> {
  const days = passed(before.days, before.pressDay, day);
  const askedDays = before.askedDays < 0 ? -1 : passed(before.askedDays, before.askedDay, day);
  const reminders = stepsReached(reminderSteps, days - plan.remindAfterDays);
  const askedReminders = askedDays < 0 ? 0 : stepsReached(askedReminderDays, askedDays);
  const reminds = reminders > before.reminders || askedReminders > before.askedReminders;
  const missesMonth = days >= plan.listAfterDays;
  const missesAsked = askedDays >= askedListDay && (day < 0 || isWorkingDay(day));
  const lists = before.at !== "listed" && (missesMonth || missesAsked);
  const effects: RegularTestEffect[] = [];
  if (lists) effects.push({ type: "list", days: missesMonth ? days : askedDays, asked: !missesMonth });
  if (lists || reminds) effects.push({ type: "say", phrase: lists ? "call-service" : "press-to-test" });
  const at = lists ? "listed" : before.at === "fine" && reminds ? "reminded" : before.at;
  return kept(change(before, { at, days, reminders, askedDays, askedReminders }), effects);
}

/** What the calendar says; one day more than before where it does not know, or was wrong at one end. */
function passed(before: number, sinceDay: number, day: number): number {
  return sinceDay >= 0 && day >= sinceDay ? Math.min(day - sinceDay, daysEnd) : oneMore(before, daysEnd);
}

function stepsReached(steps: readonly number[], days: number): number {
  let reached = 0;
  while (reached < steps.length && days >= (steps[reached] as number)) reached++;
  return reached;
}

function oneMore(count: number, end: number): number {
  return Math.min(count + 1, end);
}

function kept(state: RegularTestState, then: readonly RegularTestEffect[]): Next<RegularTestState, RegularTestEffect> {
  const effects: RegularTestEffect[] = [{ type: "keep" }];
  for (const effect of then) effects.push(effect);
  return go(state, effects);
}

function change(state: RegularTestState, changes: Partial<RegularTestState>): RegularTestState {
  return Object.assign({}, state, changes);
}
