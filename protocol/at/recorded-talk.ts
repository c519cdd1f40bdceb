/** Reads the recorded talks of `protocol/vectors/at`: played to a driver the modem's half drives it, played to a stand-in ours does. */

/** What is done at the two ends of a line beside the lines themselves. */
export type TalkDeed =
  /** The modem of the model `host` is up, with echo off and a context; `text` names the file of its CA, "" where it has none. */
  | "begin"
  /** A datagram is handed to the driver, or comes in from the network. */
  | "send"
  | "arrive"
  /** The driver is asked for a connection; `text` is the server's name under TLS, "" without. */
  | "open"
  /** The far end takes it; or `text`, a `StreamFault`, is what becomes of it, there and in the driver. */
  | "accept"
  | "refuse"
  /** Bytes are handed to the driver's connection; or come from the far end. */
  | "write"
  | "data"
  /** The connection is ended by its user; or by the far end. */
  | "shut"
  | "hang-up"
  /** The driver is asked for the address of the name `host`, and the network says `text`; "" where there is no such name. */
  | "look-up"
  /** The unit calls `host`, takes the call that rings, or changes who is heard, each in the speech mode `text`. */
  | "dial"
  | "take"
  | "speak"
  /** Somebody with the number `host` calls the unit; or the far side of a call presses the key `text`. */
  | "ring"
  | "press";

export interface TalkStep {
  /** `say` is what a device says, `hear` what the modem says. */
  readonly kind: "say" | "hear" | TalkDeed;
  readonly text: string;
  /** The far end, "" and 0 where there is none. */
  readonly host: string;
  readonly port: number;
  /** Where the line comes from: "manual", "live", "inferred"; "" for deeds. */
  readonly origin: string;
}

export interface Talk {
  readonly title: string;
  readonly steps: readonly TalkStep[];
}

const deeds: readonly TalkDeed[] = [
  "begin",
  "send",
  "arrive",
  "open",
  "accept",
  "refuse",
  "write",
  "data",
  "shut",
  "hang-up",
  "look-up",
  "dial",
  "take",
  "speak",
  "ring",
  "press",
];

/** All talks of a file. Throws where a line is none of the file's own forms: such a file is a mistake of ours. */
export function talksOf(file: string): Talk[] {
  const talks: { title: string; steps: TalkStep[] }[] = [];
  const lines = file.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] as string).trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("== ")) {
      talks.push({ title: line.substring(3), steps: [] });
      continue;
    }
    const talk = talks[talks.length - 1];
    if (talk === undefined) throw new Error("talk: line " + (i + 1) + " stands before any title");
    talk.steps.push(line.startsWith("!") ? deedStep(line) : lineStep(line));
  }
  return talks;
}

function lineStep(line: string): TalkStep {
  const bar = line.indexOf("| ");
  const sign = line.charAt(0);
  if (bar < 0 || (sign !== ">" && sign !== "<")) throw new Error("talk: not a line: " + line);
  const text = JSON.parse(line.substring(1, bar).trim()) as string;
  return { kind: sign === ">" ? "say" : "hear", text, host: "", port: 0, origin: line.substring(bar + 2) };
}

/** ! send "192.0.2.9" 5060 "text" */
function deedStep(line: string): TalkStep {
  const first = line.indexOf('"');
  const second = line.indexOf('"', first + 1);
  const third = line.indexOf('"', second + 1);
  const kind = line.substring(1, first).trim() as TalkDeed;
  if (third < 0 || deeds.indexOf(kind) < 0) throw new Error("talk: not a deed: " + line);
  return {
    kind,
    text: JSON.parse(line.substring(third)) as string,
    host: line.substring(first + 1, second),
    port: parseInt(line.substring(second + 1, third), 10),
    origin: "",
  };
}
