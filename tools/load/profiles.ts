/** What the units of a load say: light units one message at a time, or the firmware itself. */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";

export const profileNames = ["beats", "alarms", "mixed", "firmware"] as const;
export type ProfileName = (typeof profileNames)[number];
export type LightProfile = Exclude<ProfileName, "firmware">;

/** Each unit says something so often where no rate is asked for. */
export const usualEveryS: Readonly<Record<ProfileName, number>> = { beats: 180, alarms: 60, mixed: 180, firmware: 60 };

/** One alarm in so many messages of `mixed`: far more than a town has, so that a short run meets some. */
const alarmEvery = 10;
/** The unit itself, its button (SS 91100 annex A); heartbeat over the first route, alarm (annex C). */
const localUnit = 1;
const wristButton = 3;
const testOverPrimary = 102;
const alarm = 10;

/** The message with this number of a unit. */
export function lightMessage(profile: LightProfile, number: number, ref: string, cid: string): ScaipRequest {
  const isAlarm = profile === "alarms" || (profile === "mixed" && number % alarmEvery === 0);
  const crd = ["no-voice:"];
  if (!isAlarm) return { ref, ver: "01.00", mty: "PI", cid, dty: localUnit, crd, stc: testOverPrimary };
  return { ref, ver: "01.00", mty: "ME", cid, dty: wristButton, did: "00000001", crd, stc: alarm, ite: "load test" };
}
