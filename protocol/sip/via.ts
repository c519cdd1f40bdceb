/** The Via header: a list of hops (RFC 3261 20.42; `rport` of RFC 3581; brackets around `received` as in RFC 5118 4.5). */
import { ascii } from "../text/utf8.ts";
import type { HeadWriter } from "./head-writer.ts";
import type { Via } from "./message.ts";
import type { Param } from "./scan.ts";
import { decimal, quotedEnd, readParams, sameText, skipBlanks, tokenEnd, trimmed, writeParams } from "./scan.ts";
import { readHostPort } from "./uri.ts";

const blank = 0x20;
const colon = 0x3a;
const equals = 0x3d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** Reads one header line's hops, several with commas between, into `into`. False where one is malformed. */
export function readVias(text: string, into: Via[]): boolean {
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 0x2c : text.charCodeAt(i);
    if (code === 0x22) {
      i = quotedEnd(text, i) - 1;
      if (i < 0) return false;
    } else if (code === 0x2c) {
      const via = readVia(start === 0 && i === text.length ? text : trimmed(text, start, i));
      if (via === undefined) return false;
      into.push(via);
      start = i + 1;
    }
  }
  return true;
}

/** Writes one hop. */
export function writeVia(via: Via, to: HeadWriter): void {
  to.word(protocol);
  to.text(via.transport);
  to.sign(blank);
  writeHost(via.host, to);
  if (via.port !== undefined) {
    to.sign(colon);
    to.number(via.port);
  }
  if (via.rport !== undefined) to.word(rportName);
  if (via.rport !== undefined && via.rport !== 0) {
    to.sign(equals);
    to.number(via.rport);
  }
  if (via.branch !== "") {
    to.word(branchName);
    to.text(via.branch);
  }
  if (via.received !== undefined) {
    to.word(receivedName);
    to.text(via.received);
  }
  writeParams(via.params, to);
}

/** IPv6 gets its brackets back. */
function writeHost(host: string, to: HeadWriter): void {
  const isAddress6 = host.indexOf(":") >= 0;
  if (isAddress6) to.sign(openBracket);
  to.text(host);
  if (isAddress6) to.sign(closeBracket);
}

function readVia(text: string): Via | undefined {
  const transportStart = protocolEnd(text);
  if (transportStart < 0) return undefined;
  const transportEnd = tokenEnd(text, transportStart);
  const hostStart = skipBlanks(text, transportEnd);
  if (transportEnd === transportStart || hostStart === transportEnd) return undefined;
  const semicolon = text.indexOf(";", hostStart);
  let hostEnd = semicolon < 0 ? text.length : semicolon;
  while (hostEnd > hostStart && text.charCodeAt(hostEnd - 1) <= 0x20) hostEnd--;
  const sentBy = readHostPort(text, hostStart, hostEnd);
  const all: Param[] = [];
  if (sentBy === undefined || (semicolon >= 0 && !readParams(text, semicolon, all))) return undefined;
  return withParams(text.substring(transportStart, transportEnd), sentBy.host, sentBy.port, all);
}

/** The offset behind `SIP/2.0/`, blanks allowed around the slashes; -1 for any other protocol. */
function protocolEnd(text: string): number {
  if (text.indexOf("SIP/2.0/") === 0) return skipBlanks(text, 8);
  let at = tokenEnd(text, 0);
  if (!sameText(text.substring(0, at), "SIP")) return -1;
  at = skipBlanks(text, at);
  if (text.charCodeAt(at) !== 0x2f) return -1;
  at = skipBlanks(text, at + 1);
  const version = at;
  at = tokenEnd(text, at);
  if (text.substring(version, at) !== "2.0") return -1;
  at = skipBlanks(text, at);
  return text.charCodeAt(at) === 0x2f ? skipBlanks(text, at + 1) : -1;
}

function withParams(transport: string, host: string, port: number | undefined, all: Param[]): Via | undefined {
  let branch = "";
  let received: string | undefined;
  let rport: number | undefined;
  const params: Param[] = [];
  for (const param of all) {
    const name = param.name.toLowerCase();
    const value = param.value;
    if (name === "branch") {
      if (branch !== "" || value === undefined) return undefined;
      branch = value;
    } else if (name === "received") {
      if (received !== undefined || value === undefined) return undefined;
      received = unbracketed(value);
    } else if (name === "rport") {
      if (rport !== undefined) return undefined;
      rport = value === undefined ? 0 : decimal(value, 0, value.length, 65535);
      if (rport < 0) return undefined;
    } else params.push(param);
  }
  return { transport, host, port, branch, received, rport, params };
}

/** RFC 3261 wants no brackets there, RFC 5118 4.5 wants them suffered. */
function unbracketed(address: string): string {
  const last = address.length - 1;
  return address.charAt(0) === "[" && address.charAt(last) === "]" ? address.substring(1, last) : address;
}

const protocol = ascii("SIP/2.0/");
const rportName = ascii(";rport");
const branchName = ascii(";branch=");
const receivedName = ascii(";received=");
