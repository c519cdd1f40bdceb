/** The SIM as a thing that hands can take: gone, locked, or another one than before. The ICCID is kept, so that a swap shows. */
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { localUnit, raise, technical } from "../department.ts";
import type { SimFault } from "../modem/modem-state.ts";
import type { LossTimes } from "../power/loss-machine.ts";
import { LossWatch } from "../power/loss-watch.ts";
import { lossKind, simCardKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";

const goneKey = 4;
const lockedKey = 5;
/** A modem that is started anew has no SIM for a while. */
const times: LossTimes = { tellAfterMs: 120_000, settleMs: 10_000, stableMs: 60_000 };
/** ITU-T E.118 has 19 digits, GSM 11.11 gives room for 20. */
const longestIccid = 20;
const shortestIccid = 18;

export class SimCard {
  private readonly context: UnitContext;
  private readonly gone: LossWatch;
  private readonly locked: LossWatch;

  constructor(context: UnitContext) {
    this.context = context;
    // What was told stays so until the modem knows better.
    const wasGone = context.records.read(lossKind, goneKey) !== undefined;
    const wasLocked = context.records.read(lossKind, lockedKey) !== undefined;
    this.gone = new LossWatch(
      context,
      {
        name: "sim-gone",
        key: goneKey,
        times,
        lost: technical(localUnit, disconnected, "SIM gone", -1, 0),
        back: technical(localUnit, reestablished, "SIM back", disconnected, 0),
        onTold: () => {},
      },
      wasGone,
    );
    this.locked = new LossWatch(
      context,
      {
        name: "sim-locked",
        key: lockedKey,
        times,
        lost: technical(localUnit, locked, "SIM locked", -1, 0),
        back: technical(localUnit, unlocked, "SIM unlocked", locked, 0),
        onTold: () => {},
      },
      wasLocked,
    );
  }

  /** The SIM that was last seen; empty: none yet. */
  get iccid(): string {
    const kept = this.context.records.read(simCardKind, 0);
    return kept === undefined ? "" : textOf(kept, 0, kept.length);
  }

  /** What the modem says keeps it from the network. */
  fault(fault: SimFault): void {
    this.gone.level(fault === "absent" || fault === "faulty");
    this.locked.level(fault === "locked" || fault === "pin-refused" || fault === "pin-missing");
  }

  /** The modem has read the SIM's number. The first one is this unit's own; anything but 18 to 20 digits is passed over. */
  seen(iccid: string): void {
    if (!isIccid(iccid)) return;
    const before = this.iccid;
    if (iccid === before) return;
    if (before !== "") raise(this.context, technical(localUnit, tamper, "SIM " + iccid, -1, 0));
    this.context.records.write(simCardKind, 0, ascii(iccid));
  }
}

/** Some cards are filled up with an F. */
function isIccid(text: string): boolean {
  if (text.length < shortestIccid || text.length > longestIccid) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isDigit && !(i === text.length - 1 && text.charAt(i) === "F")) return false;
  }
  return true;
}

/** Status codes (SS 91100 annex C). */
const disconnected = 31;
const reestablished = 91;
const locked = 118;
const tamper = 125;
const unlocked = 127;
