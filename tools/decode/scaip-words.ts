/** What SCAIP's elements are called and what their few worded values mean (SS 91100 tables 1 and 2), for people. */
import { type CodedTag, describeCode } from "../../protocol/scaip/codes.ts";

const labels: Readonly<Record<string, string>> = {
  mrq: "request, unit to centre",
  mrs: "response, centre to unit",
  ref: "session reference",
  ver: "protocol version",
  sco: "system set-up",
  cha: "call handling",
  mty: "message type",
  hbo: "heartbeat option",
  cid: "controller identity",
  dty: "device type",
  did: "device identity",
  dco: "device component",
  dte: "device text",
  crd: "medium of the unit",
  stc: "status code",
  stt: "status text",
  pri: "priority",
  lco: "location code",
  lva: "location value",
  lge: "geographic position",
  geo: "latitude, longitude",
  tim: "time of the position",
  gga: "NMEA GGA sentence",
  lte: "location text",
  ico: "information code",
  ite: "information text",
  ame: "parts still to come",
  snu: "status number",
  ste: "status text",
  cve: "version of the centre",
  mre: "media reply",
  cre: "call handling reply",
  tnu: "where to call",
  hbi: "heartbeat interval, min",
};

const codedTags: readonly string[] = ["dty", "dco", "stc", "lco", "ico", "snu", "mre", "cre"] satisfies CodedTag[];

/** English, then Swedish. */
const meanings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mty: {
    ME: "message · meddelande",
    RE: "withdrawal · återtagande",
    IN: "update · uppdatering",
    PI: "heartbeat · livstecken",
  },
  sco: {
    0: "single unit · enskild enhet",
    1: "group, supervisor off duty · grupp, personal ej i tjänst",
    2: "group, supervisor on duty · grupp, personal i tjänst",
    3: "group, supervisor is the receiver · grupp, personal är mottagare",
  },
  cha: { 0: "the unit will call · enheten ringer upp", 1: "call back wanted · önskar bli uppringd" },
  hbo: {
    0: "interval fixed · fast intervall",
    1: "the centre may set the interval · larmcentralen får ändra intervallet",
  },
  pri: { 0: "lowest · lägst", 9: "highest · högst" },
};

/** "" for an element that no table lists. */
export function labelOf(tag: string): string {
  return labels[tag] ?? "";
}

/** What a value means in English and Swedish, "" where it says so itself. */
export function meaningOf(tag: string, value: string | number): string {
  if (codedTags.includes(tag) && typeof value === "number") {
    const coded = tag as CodedTag;
    return `${describeCode(coded, value, "en")} · ${describeCode(coded, value, "sv")}`;
  }
  return meanings[tag]?.[String(value)] ?? "";
}
