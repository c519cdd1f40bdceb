/**
 * What units themselves say of their trouble, in the codes of SS 91100 annexes A and C: by it, units that are still heard
 * show what has failed behind them.
 */
import { parsePressed } from "../../protocol/scaip/pressed.ts";
import type { ReceiverEvent } from "../peers/receiver-events.ts";

/** What a unit has lost and told of. */
export type Loss = "mains" | "mobile" | "broadband" | "button" | "air";

export interface LossNews {
  readonly loss: Loss;
  readonly isLost: boolean;
  /** The device that it is about, "" where the message does not say. */
  readonly device: string;
}

const lost: Readonly<Record<number, Loss>> = {
  85: "mains",
  24: "mobile",
  23: "broadband",
  123: "button",
  52: "air",
  95: "air",
  122: "air",
};
const back: Readonly<Record<number, Loss>> = { 86: "mains", 113: "mobile", 112: "broadband", 124: "button" };
/** Status codes that end radio interference: in service, normal, restoral. */
const airBack: readonly number[] = [48, 70, 94];
/** Radio unit (SS 91100 annex A). */
const radioUnit = 50;
/** What people wear or have on the wall, and a button's alarm by hand. */
const buttons: readonly number[] = [3, 4, 5];
const alarmByHand = 10;

/** A unit that starts anew knows of no lost link yet: what is still lost it will tell again. */
const started = 96;
const localUnit = 2;

/** Nothing where the message speaks of nothing of the kind. One that was refused still says what the unit knows. */
export function lossNews({ mty, dty, stc, did }: ReceiverEvent): readonly LossNews[] {
  if (mty !== "ME" || stc === undefined) return [];
  const device = did ?? "";
  const gone = lost[stc];
  if (gone !== undefined) return [{ loss: gone, isLost: true, device }];
  const found = back[stc];
  if (found !== undefined) return [{ loss: found, isLost: false, device }];
  if (dty === radioUnit && airBack.includes(stc)) return [{ loss: "air", isLost: false, device }];
  if (dty !== undefined && buttons.includes(dty) && stc === alarmByHand)
    return [{ loss: "button", isLost: false, device }];
  if (dty === localUnit && stc === started)
    return (["mobile", "broadband"] as const).map((loss) => ({ loss, isLost: false, device: "" }));
  return [];
}

/** How long before it was heard the unit had noticed, in ms, as its message says (`at ...`, `from ... to ...`); 0 where it does not say. */
export function noticedAgoMs({ t, ite }: ReceiverEvent): number {
  const instant = /^(?:at|from) (.*)$/.exec(ite ?? "")?.[1];
  const told = instant === undefined ? undefined : parsePressed(`pressed ${instant}`);
  return told?.clock === "wall" ? Math.max(0, t - told.seconds * 1_000) : 0;
}
