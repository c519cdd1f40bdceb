/** A press that is followed from the button to a receiver and back, by what line, receivers and lamps say of it. */
import assert from "node:assert/strict";
import { alarmByHand } from "../../firmware/alarm/facts.ts";
import { numberFromRef } from "../../protocol/scaip/stem.ts";
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import type { HeardByReceiver } from "../bench/bench.ts";
import { benchLarmkod } from "../strategy/bench-settings.ts";
import type { Subject } from "../strategy/subject.ts";

interface AcceptedAlarm {
  readonly number: number;
  readonly pressedMs: number;
  readonly route: "none" | "broadband" | "mobile";
  /** In the unit's list, from 1. */
  readonly receiver: number;
  /** From the press to the acceptance that the unit heard. */
  readonly afterMs: number;
}

const prefixLength = 5;
const lampMs = 10_000;

/** A call for help by a button, or by the key on the unit under test. */
export function isCall(event: ReceiverEvent): boolean {
  return event.type === "alarm" && isOfPress(event);
}

/** The same, or an update of it that tells of a further press. */
export function isOfPress({ type, cid, stc }: ReceiverEvent): boolean {
  return (type === "alarm" || type === "update") && cid === benchLarmkod && stc === alarmByHand;
}

export function numberOf({ ref }: ReceiverEvent): number {
  return numberFromRef(ref.slice(0, prefixLength), ref);
}

/** Somebody presses a button, and some receiver accepts it within so long. Rejects with DeviceError or ExpectError. */
export async function acceptedPress(subject: Subject, withinMs: number, button = 1): Promise<AcceptedAlarm> {
  return await acceptanceOf(subject, await subject.press(button), withinMs);
}

/** The acceptance of a press at that time. */
export async function acceptanceOf(subject: Subject, pressedMs: number, withinMs: number): Promise<AcceptedAlarm> {
  const { unit } = subject;
  const number = numberOf(await heardCall(subject, pressedMs, withinMs, isCall));
  const { event, hostMs } = await unit.expect("log", { what: "accepted", number }, withinMs);
  return { number, pressedMs, route: event.route, receiver: event.receiver, afterMs: Math.round(hostMs - pressedMs) };
}

/** The first such message that any receiver hears from then on. */
export async function heardCall(
  { bench }: Subject,
  sinceMs: number,
  withinMs: number,
  matches: (event: ReceiverEvent) => boolean,
): Promise<HeardByReceiver> {
  const waiting = bench.receivers.map((receiver) => receiver.expect("a call for help", matches, withinMs, sinceMs));
  return await Promise.any(waiting).catch(async (thrown: unknown) => {
    throw thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  });
}

/** One press is one case, whoever was asked how often. */
export function assertOneCase(
  subject: Subject,
  { number, pressedMs }: Pick<AcceptedAlarm, "number" | "pressedMs">,
): void {
  const cases = casesSince(subject, pressedMs, (event) => numberOf(event) === number);
  assert.equal(cases.length, 1, `one press is ${cases.length} cases: ${cases.join(", ")}`);
}

/** Cases that receivers have opened for calls since then, such as "first 3". */
export function casesSince(
  { bench }: Subject,
  sinceMs: number,
  matches: (event: ReceiverEvent) => boolean = () => true,
): readonly string[] {
  const cases = bench.receivers.flatMap(({ name, events }) =>
    events
      .filter((event) => event.hostMs >= sinceMs && isCall(event) && event.case !== undefined && matches(event))
      .map((event) => `${name} ${event.case}`),
  );
  return [...new Set(cases)];
}

/** Where the bench has an eye on the button's lamp. */
export async function seesAccepted(subject: Subject, pressedMs: number, button = 1): Promise<void> {
  const name = subject.buttons[button - 1]?.name ?? "";
  await subject.sensor(name, "lamp")?.expect("accepted", lampMs, pressedMs);
}
