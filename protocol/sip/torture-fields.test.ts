import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contactsOf } from "./contact.ts";
import { tokensOf } from "./header-list.ts";
import type { SipMessage } from "./message.ts";
import { decodeSip } from "./message.ts";
import { hopsOf } from "./route.ts";
import { decodeSdp, sdpType } from "./sdp.ts";
import { MessageStream } from "./stream.ts";

interface Torture {
  readonly id: string;
  readonly file: string;
  readonly verdict: "valid" | "invalid" | "semantic" | "unreferenced";
}

const folder = new URL("../vectors/sip-torture/", import.meta.url);
const index = JSON.parse(readFileSync(new URL("index.json", folder), "utf8")) as Torture[];

function bytesOf(entry: Torture): Uint8Array {
  return new Uint8Array(readFileSync(new URL(entry.file, folder)));
}

const valid: [id: string, message: SipMessage, bytes: Uint8Array][] = [];
for (const entry of index) {
  const bytes = bytesOf(entry);
  const decoded = decodeSip(bytes);
  if (entry.verdict === "valid" && decoded.ok) valid.push([entry.id, decoded.value, bytes]);
}

test("in every valid message the Contacts, hops and lists of words can be read", () => {
  expect(valid.length).toBeGreaterThan(20);
  for (const [id, message] of valid) {
    expect(contactsOf(message), id).toMatchObject({ ok: true });
    for (const name of ["Route", "Record-Route"] as const)
      expect(hopsOf(message, name), id).toMatchObject({ ok: true });
    for (const name of ["Allow", "Supported", "Require", "Proxy-Require", "Unsupported"])
      expect(tokensOf(message, name), id).toMatchObject({ ok: true });
  }
});

test("RFC 4475 3.1.2.13: a Contact with headers outside of brackets is refused", () => {
  const entry = index.find((one) => one.id === "rfc4475/regbadct") as Torture;
  const decoded = decodeSip(bytesOf(entry));
  expect(decoded.ok && contactsOf(decoded.value)).toMatchObject({ ok: false, fault: { kind: "malformed" } });
});

test("the session descriptions of the valid messages can be read, one audio stream or more in each", () => {
  let count = 0;
  for (const [id, message] of valid) {
    if (message.contentType !== sdpType || message.body.length === 0) continue;
    const session = decodeSdp(message.body);
    expect(session, id).toMatchObject({ ok: true });
    if (session.ok) expect(session.value.media.length, id).toBeGreaterThan(0);
    count++;
  }
  expect(count).toBeGreaterThan(5);
});

test("the valid messages come out of one stream as they are, but those that no stream may carry", () => {
  const heard: Uint8Array[] = [];
  const stream = new MessageStream(false, {
    onMessage: (bytes) => heard.push(bytes.slice()),
    onKeepAlive: () => undefined,
    onFault: (fault) => expect(fault).toBeUndefined(),
  });
  const sent: Uint8Array[] = [];
  for (const [, message, bytes] of valid) {
    let hasLength = false;
    for (const name of ["content-length", "\r\nl:"])
      if (
        String.fromCharCode(...bytes)
          .toLowerCase()
          .includes(name)
      )
        hasLength = true;
    if (!hasLength) continue;
    const end = message.body.byteOffset - bytes.byteOffset + message.body.length;
    sent.push(bytes.subarray(0, end));
    stream.push(bytes.subarray(0, end));
  }
  expect(sent.length).toBeGreaterThan(15);
  expect(heard).toEqual(sent);
});
