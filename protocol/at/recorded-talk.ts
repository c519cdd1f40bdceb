/** Reads the recorded talks of `protocol/vectors/at`: played to a driver the modem's half drives it, played to a stand-in ours does. */

export interface TalkStep {
  /** `say` is what a device says, `hear` what the modem says; `send` and `arrive` are datagrams handed to the two ends. */
  readonly kind: "say" | "hear" | "send" | "arrive";
  readonly text: string;
  /** The far end of a datagram, "" and 0 for lines. */
  readonly host: string;
  readonly port: number;
  /** Where the line comes from: "manual", "live", "inferred"; "" for datagrams. */
  readonly origin: string;
}

export interface Talk {
  readonly title: string;
  readonly steps: readonly TalkStep[];
}

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
    talk.steps.push(line.startsWith("!") ? datagramStep(line) : lineStep(line));
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
function datagramStep(line: string): TalkStep {
  const first = line.indexOf('"');
  const second = line.indexOf('"', first + 1);
  const third = line.indexOf('"', second + 1);
  const kind = line.substring(1, first).trim();
  if (third < 0 || (kind !== "send" && kind !== "arrive")) throw new Error("talk: not a datagram: " + line);
  return {
    kind,
    text: JSON.parse(line.substring(third)) as string,
    host: line.substring(first + 1, second),
    port: parseInt(line.substring(second + 1, third), 10),
    origin: "",
  };
}
