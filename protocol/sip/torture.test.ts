import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeSip, encodeSip } from "./message.ts";

interface Torture {
  readonly id: string;
  readonly file: string;
  readonly kind: "request" | "response";
  readonly verdict: "valid" | "invalid" | "semantic" | "unreferenced";
  readonly sha256: string;
}

const folder = new URL("../vectors/sip-torture/", import.meta.url);
const index = JSON.parse(readFileSync(new URL("index.json", folder), "utf8")) as Torture[];

function bytesOf(entry: Torture): Uint8Array {
  return new Uint8Array(readFileSync(new URL(entry.file, folder)));
}

/** Where we differ from the RFC's verdict, and why. */
const validButRefused: Record<string, string> = {
  "rfc4475/longreq": "34 Via hops are beyond the bound of 8: refused as too long, never as malformed",
};
const invalidButAccepted: Record<string, string> = {
  "rfc4475/baddate": "RFC 4475 3.1.2.12 lets a receiver pass over a Date that it cannot read; parseSipDate refuses it",
  "rfc4475/regbadct": "Contact is not read: MESSAGE carries none (RFC 3428 4), and we answer REGISTER with 405",
};
/** Semantic and unreferenced messages that a careful reader refuses already. */
const refusedToo: Record<string, string> = {
  "rfc4475/insuf": "no Call-ID, From or To: nothing can be answered",
  "rfc4475/multi01": "headers twice that may stand once: no reading of it is safe",
  "rfc4475/mcl01": "two lengths of one body: no reading of it is safe",
  "rfc4475/test": "no SIP version in the request line",
};

test("the messages are those of the archive", () => {
  expect(index).toHaveLength(62);
  for (const entry of index)
    expect(createHash("sha256").update(bytesOf(entry)).digest("hex"), entry.id).toBe(entry.sha256);
});

test("a valid message is not refused as malformed", () => {
  for (const entry of index) {
    if (entry.verdict !== "valid") continue;
    const decoded = decodeSip(bytesOf(entry));
    if (entry.id in validButRefused) expect(decoded, entry.id).toMatchObject({ fault: { kind: "too-long" } });
    else expect(decoded, entry.id).toMatchObject({ ok: true, value: { kind: entry.kind } });
  }
});

test("an invalid message is not accepted", () => {
  for (const entry of index)
    if (entry.verdict === "invalid")
      expect(decodeSip(bytesOf(entry)).ok, entry.id).toBe(entry.id in invalidButAccepted);
});

test("of the odd but well-formed ones only those are refused that nobody could answer", () => {
  for (const entry of index)
    if (entry.verdict === "semantic" || entry.verdict === "unreferenced")
      expect(decodeSip(bytesOf(entry)).ok, entry.id).toBe(!(entry.id in refusedToo));
});

test("what is accepted is written in plain form and says the same", () => {
  for (const entry of index) {
    const decoded = decodeSip(bytesOf(entry));
    if (decoded.ok) expect(decodeSip(encodeSip(decoded.value)), entry.id).toEqual(decoded);
  }
});

test("names with every token character, escapes, folds and compact forms say what the RFC says", () => {
  const readOf = (id: string) => {
    const decoded = decodeSip(bytesOf(index.find((entry) => entry.id === id) as Torture));
    if (!decoded.ok) throw new Error(id);
    return decoded.value;
  };
  const folded = readOf("rfc4475/wsinv");
  expect(folded.from.display).toBe('J Rosenberg \\"');
  expect([folded.from.tag, folded.to.tag, folded.cseq, folded.body.length]).toEqual(["98asjd8", "1918181833n", 9, 150]);
  expect(folded.via.map((via) => [via.host, via.branch])).toEqual([
    ["192.0.2.2", "390skdjuw"],
    ["spindle.example.com", "z9hG4bK9ikj8"],
    ["192.168.255.111", "z9hG4bK30239"],
  ]);
  expect(readOf("rfc4475/intmeth").to.display).toBe("BEL:\u0007 NUL:\u0000 DEL:\u007f");
  expect(readOf("rfc4475/unreason")).toMatchObject({ status: 200, reason: expect.stringContaining("девяносто") });
  expect(readOf("rfc4475/noreason")).toMatchObject({ status: 100, reason: "" });
  expect(readOf("rfc4475/mpart01").body.indexOf(0)).toBeGreaterThan(0);
  for (const id of ["rfc5118/via-received-param-with-delim", "rfc5118/via-received-param-no-delim"])
    expect(readOf(id).via[0]?.received).toBe("2001:db8::9:255");
});
