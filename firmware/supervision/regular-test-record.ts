/** What is kept of the regular tests: 28 bytes under `regularTestKind`. */
import type { Codec } from "../../protocol/codec.ts";
import { bad, ok } from "../../protocol/result.ts";
import type { RegularTestState } from "./regular-test-machine.ts";

export const regularTestRecordSize = 28;

const places: readonly RegularTestState["at"][] = ["fine", "reminded", "listed"];
/** Stands for -1. */
const none = 0xffff;

export const regularTestRecord: Codec<RegularTestState> = {
  encode(value, to) {
    to.u8(places.indexOf(value.at));
    to.u8(value.next === "redundant" ? 1 : 0);
    to.u32(value.sent);
    to.u32(value.sentRedundant);
    to.u32(value.accepted);
    to.u32(value.acceptedRedundant);
    to.u16(value.days);
    to.u16(value.pressDay < 0 ? none : value.pressDay);
    to.u8(value.reminders);
    to.u16(value.askedDays < 0 ? none : value.askedDays);
    to.u16(value.askedDay < 0 ? none : value.askedDay);
    to.u8(value.askedReminders);
  },
  decode(from) {
    const place = from.u8();
    const at = places[place];
    const redundant = from.u8();
    const sent = from.u32();
    const sentRedundant = from.u32();
    const accepted = from.u32();
    const acceptedRedundant = from.u32();
    const days = from.u16();
    const pressDay = from.u16();
    const reminders = from.u8();
    const askedDays = from.u16();
    const askedDay = from.u16();
    const askedReminders = from.u8();
    if (from.overrun) return bad({ kind: "truncated", at: from.at });
    if (from.left > 0) {
      return bad({ kind: "too-long", at: from.at, what: "the record of tests", limit: regularTestRecordSize });
    }
    if (at === undefined) return bad({ kind: "unknown-value", at: 0, field: "at", value: place });
    if (redundant > 1) return bad({ kind: "unknown-value", at: 1, field: "next", value: redundant });
    return ok({
      at,
      next: redundant === 1 ? "redundant" : "primary",
      sent,
      sentRedundant,
      accepted,
      acceptedRedundant,
      days,
      pressDay: pressDay === none ? -1 : pressDay,
      reminders,
      askedDays: askedDays === none ? -1 : askedDays,
      askedDay: askedDay === none ? -1 : askedDay,
      askedReminders,
    });
  },
};
