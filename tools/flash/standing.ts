/**
 * Whether somebody depends on what a device does now: a unit in service, or an alarm that waits, is not flashed unless it is
 * forced (and the force is written down). A unit answers on its service line; what it is asked opens with its own key.
 */
import { encodeFrame, FrameReader } from "../../protocol/console/frame.ts";
import { decodeEvent, encodeCommand } from "../../protocol/console/messages.ts";
import type { ServiceLink } from "../provision/service-link.ts";
import { UserError } from "../user-error.ts";
import type { SerialLine } from "./serial-line.ts";

/** How a unit stands. */
export type Standing =
  /** No unit of ours speaks there: an empty board, or one that is in its loader or console. */
  | { readonly at: "silent" }
  /** A unit runs, and its key is not at hand. */
  | { readonly at: "locked"; readonly unit: string; readonly version: string }
  | {
      readonly at: "known";
      readonly unit: string;
      readonly version: string;
      readonly life: string;
      /** Alarms of people that nobody has accepted. */
      readonly pending: number;
    };

export interface Hello {
  readonly unit: string;
  readonly version: string;
}

/** A unit says who it is at once; asked twice, since the first may meet half a line. */
export const helloMs = 400;
const helloTries = 2;
const lineEnd = Uint8Array.of(13, 10);

/** Asks who is there; undefined where nothing answers as a unit does. Disturbs nothing, and opens no lock. */
export async function hello(line: SerialLine, withinMs = helloMs): Promise<Hello | undefined> {
  let found: Hello | undefined;
  const reader = new FrameReader((_, frame) => {
    const event = frame.ok && frame.value.speaker === "unit" ? decodeEvent(frame.value.text) : undefined;
    if (event?.ok === true && event.value.type === "identity")
      found = { unit: event.value.unit, version: event.value.version };
  });
  for (let sequence = 0; sequence < helloTries && found === undefined; sequence++) {
    line.write(lineEnd);
    line.write(encodeFrame({ speaker: "tool", sequence, atMs: 0, text: encodeCommand({ type: "hello" }) }));
    const endMs = performance.now() + withinMs;
    while (found === undefined && performance.now() < endMs)
      reader.push((await line.read(endMs - performance.now())) ?? new Uint8Array(0));
  }
  return found;
}

/** How the unit at the other end stands, as far as it tells. `link` is an open lock, or undefined without its key. */
export async function standingOf(known: Hello | undefined, link: ServiceLink | undefined): Promise<Standing> {
  if (known === undefined) return { at: "silent" };
  if (link === undefined) return { at: "locked", ...known };
  const { pending } = await link.ask({ type: "status" }, "answer");
  const { life } = await link.ask({ type: "state" }, "state");
  return { at: "known", unit: link.unit, version: link.version, life, pending };
}

/** What speaks against flashing, for people; undefined where nothing does. */
export function objectionOf(standing: Standing): string | undefined {
  if (standing.at === "silent") return undefined;
  if (standing.at === "locked")
    return `unit ${standing.unit} runs there, and without its key nobody knows whether it is in service`;
  const { unit, pending, life } = standing;
  if (pending > 0)
    return `unit ${unit} has ${pending === 1 ? "an alarm" : `${pending} alarms`} that nobody has accepted yet`;
  return life === "in-service" ? `unit ${unit} is in service` : undefined;
}

/**
 * Tells the unit that it is about to be flashed: it keeps that in its event log, with whether it was forced, and may still refuse (an
 * alarm may have come meanwhile). Throws UserError (4).
 */
export async function announce(link: ServiceLink, forced: boolean): Promise<void> {
  const answer = await link.tryOrder({ type: "flash", forced: forced ? "yes" : "no" });
  if (answer === "done" || answer === "begun") return;
  throw new UserError(
    `the unit refuses to be flashed: ${answer === "alarm" ? "an alarm waits for its acceptance" : "it is in service"}`,
    "see to the alarm, or return the unit first (livlina return-test); --force REASON overrules it and is written down",
    4,
  );
}
