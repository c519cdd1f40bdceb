/** Why a unit did not do what it was told, for people: what it means for that order, and what to try. */
import type { ConsoleCommand } from "../../protocol/console/messages.ts";
import type { OrderRefusal } from "../../protocol/console/orders.ts";
import { UserError } from "../user-error.ts";

const usual: Readonly<Record<OrderRefusal, readonly [why: string, hint: string]>> = {
  alarm: ["an alarm waits for its acceptance", "see to the alarm first; the unit does this when nobody waits any more"],
  busy: ["it is busy", "try again in a minute"],
  "not-now": ["it cannot be done from where the unit stands", "livlina diagnose shows how it stands"],
  unknown: ["the unit knows no such device", "livlina diagnose lists its devices by place"],
  unsupported: ["this board cannot do it", "a board that has that part"],
  unreadable: ["what was sent could not be read", "a newer firmware, or an older tool"],
  unusable: ["the unit cannot work with what was sent", "livlina config check FILE"],
  "too-long": ["it is too long", "shorter texts, or fewer receivers"],
  "on-trial": [
    "other settings are on trial",
    "wait until a receiver has accepted something under them, 10 minutes at most",
  ],
  "no-room": ["there is no room for it", "livlina diagnose; a unit whose memory is full or worn must be repaired"],
};

const special: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  "pair busy": [
    "that person has a button already, and the new one must be pressed first",
    "press the newest button once, or take the lost one out with --replace PLACE",
  ],
  "pair no-room": [
    "its table is full, or the person is not 1 to 32",
    "livlina pair --person 1; revoke devices that are gone",
  ],
  "life not-now": [
    "its life state does not lead there",
    "a unit in service is returned first: livlina return-test --yes",
  ],
  "range-walk unknown": ["no button stands at that place", "pair it first"],
};

/** Exit code 4 where a person may be waiting for help, else 1. */
export function refusalOf(command: ConsoleCommand, why: OrderRefusal): UserError {
  const [what, hint] = special[`${command.type} ${why}`] ?? usual[why];
  return new UserError(`the unit refuses ${command.type}: ${what}`, hint, why === "alarm" ? 4 : 1);
}
