/** Every word a receiver can say of a call (SS 91100 table 2) with every telephone and every way a call can fail: one table, judged by rules of its own. */
import { expect, test } from "vitest";
import type { VoiceMedium } from "../ports/voice.ts";
import { type FarSide, PhoneBench } from "./test-phones.ts";

interface Case {
  readonly mre: number;
  readonly cre: number;
  readonly tnu: string;
  readonly media: readonly VoiceMedium[];
}

const farSides: readonly FarSide[] = ["talks", "says nothing", "busy", "no answer", "breaks", "dead number"];
const tnus = ["", "gsm:", "sip:", "gsm:+46708", "sip:plats4@example.org"];
const medias: readonly (readonly VoiceMedium[])[] = [[], ["mobile"], ["sip"], ["sip", "mobile"]];
const own = { mobile: "+4681000", sip: "sip:larm@example.org" };
const hourMs = 3_600_000;

function play(each: Case, farSide: FarSide): PhoneBench {
  const bench = new PhoneBench(each.media, { receiverNumbers: [own.mobile] });
  bench.farSideIs(farSide);
  const reply = { mre: each.mre, cre: each.cre, tnu: each.tnu === "" ? [] : [each.tnu] };
  bench.voice.granted({ number: 7, receiver: 0, reply });
  bench.pass(2 * hourMs);
  return bench;
}

function callsOf(bench: PhoneBench): string[] {
  return bench.acts.filter((act) => act.includes(" calls "));
}

/** Where the first call goes: what was given, then the own receiver over the medium that was asked for, then the best. */
function firstTarget(each: Case): string | undefined {
  const medium: VoiceMedium | undefined = each.tnu === "" ? undefined : each.tnu.startsWith("gsm:") ? "mobile" : "sip";
  const isHere = medium !== undefined && each.media.includes(medium);
  if (isHere && each.cre === 62 && each.tnu.length > 4) return medium === "mobile" ? each.tnu.substring(4) : each.tnu;
  if (isHere && each.tnu.length === 4) return own[medium];
  const best = each.media[0];
  return best === undefined ? undefined : own[best];
}

const modes: readonly string[] = ["", "duplex", "listen", "talk"];

function judge(each: Case, farSide: FarSide, bench: PhoneBench): string {
  const calls = callsOf(bench);
  const target = firstTarget(each);
  const where = JSON.stringify([each, farSide, bench.acts]);
  // Nobody is held open or on the line for ever, whatever happened.
  expect([bench.held, bench.acts.at(-1)?.includes("answers")], where).not.toContain(true);
  expect(bench.held, where).toEqual([]);
  if (each.mre === 0 || target === undefined) {
    expect(calls, where).toEqual([]);
    return "-";
  }
  // A call that is promised may come for 60 s; every other begins at once. The home hears a tone before each.
  const first = each.cre <= 60 ? 60 : 0;
  expect(calls[0], where).toBe(`${first} calls ${target}, ${modes[each.mre]}`);
  expect(bench.acts.filter((act) => act.endsWith(" tone")).length, where).toBe(calls.length);
  switch (farSide) {
    case "talks":
      expect([calls.length, bench.learned], where).toEqual([1, []]);
      break;
    case "says nothing":
      expect([calls.length, bench.learned], where).toEqual([1, ["no response"]]);
      break;
    default:
      expect([calls.length, bench.learned], where).toEqual([5, ["call failed"]]);
  }
  return `${calls.length} x`;
}

/** A row of the printed table: what each far side comes to; the cases of one row differ in who is heard alone. */
function row(media: readonly VoiceMedium[], cre: number, tnu: string): string {
  const cells: string[] = [];
  let first = "";
  for (const farSide of farSides) {
    let cell = "";
    for (const mre of [1, 2, 3]) {
      const each = { mre, cre, tnu, media };
      const bench = play(each, farSide);
      cell = judge(each, farSide, bench);
      if (mre === 1) first = callsOf(bench)[0]?.replace(", duplex", "").replace(" calls", " s:") ?? "nobody is called";
    }
    cells.push(cell.padEnd(farSide.length));
  }
  return [
    media.join("+").padEnd(10),
    `${cre}`.padEnd(3),
    (tnu || "-").padEnd(22),
    first.padEnd(30),
    cells.join(" | "),
  ].join("  ");
}

test("every row of the table of calls ends as the standard and the rules for failed calls say", () => {
  const lines = [`telephones  cre  tnu                     first call                      ${farSides.join(" | ")}`];
  for (const media of medias) {
    for (const cre of [5, 60, 61, 62]) {
      for (const tnu of tnus) {
        for (const farSide of farSides)
          judge({ mre: 0, cre, tnu, media }, farSide, play({ mre: 0, cre, tnu, media }, farSide));
        const line = row(media, cre, tnu);
        if (media.length > 0) lines.push(line);
      }
    }
  }
  process.stdout.write(
    `mre 1, 2 and 3 alike; mre 0, and a unit without telephones: nobody is called\n${lines.join("\n")}\n`,
  );
  expect(lines.length).toBe(1 + 3 * 4 * 5);
});
