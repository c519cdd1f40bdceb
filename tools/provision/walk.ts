/** A walk through the home with a button: room by room, how far each press was above what the unit can still hear. */
import type { Desk } from "./desk.ts";
import type { ServiceLink } from "./service-link.ts";

export interface WalkOptions {
  readonly link: ServiceLink;
  readonly desk: Desk;
  /** Of the button, in the unit's table. */
  readonly place: number;
  /** As the unit's line has the room, and as people do. */
  readonly word: string;
  readonly name: string;
  /** So many are enough. */
  readonly presses: number;
  readonly patienceMs: number;
}

export interface WalkedRoom {
  readonly name: string;
  readonly presses: number;
  /** In dB, of the weakest; 0 where none was heard. */
  readonly margin: number;
  /** Of each press, in dB. */
  readonly each: readonly number[];
  readonly result: "passed" | "failed" | "unheard";
}

const askEachMs = 300;

/** The presses of one room, which are no calls for help. The walk is over when this returns. */
export async function walkRoom(options: WalkOptions): Promise<WalkedRoom> {
  const { link, desk, place, word, name, presses, patienceMs } = options;
  await link.order({ type: "range-walk", place, where: word });
  desk.say(`  ${name}: press the button ${presses === 1 ? "once" : `${presses} times`}; it is no alarm`);
  const each: number[] = [];
  const endMs = performance.now() + patienceMs;
  while (each.length < presses && performance.now() < endMs) {
    await pause(askEachMs);
    const [now] = await link.list({ type: "range-now" }, "walking");
    if (now === undefined) break;
    if (now.presses > each.length) {
      each.push(now.last);
      desk.say(`  ${name}: press ${now.presses}, ${now.last} dB above what the unit can hear`);
    }
  }
  const rooms = await link.list({ type: "range-end" }, "walk");
  const room = rooms.find(({ where }) => where === word);
  return { name, presses: room?.presses ?? 0, margin: room?.margin ?? 0, each, result: room?.result ?? "unheard" };
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
