/**
 * Packets as Wireshark reads them: pcapng (draft-ietf-opsawg-pcapng) with an interface for each kind of traffic. Messages that
 * were heard inside a connection stand as exported protocol data (LINKTYPE_WIRESHARK_UPPER_PDU) with their addresses.
 */
import { isIPv6 } from "node:net";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { ascii } from "../../protocol/text/utf8.ts";

/** By number of their interfaces. Link types: IP packets, exported protocol data, and three of those left to users (147 to 162; 149 is taken by PKTAP). */
export const lanes = [
  { name: "sip", linkType: 101, says: "SIP over UDP, at the receivers" },
  { name: "sip-in-connection", linkType: 252, says: "SIP over TCP and inside TLS, at the receivers" },
  { name: "at", linkType: 147, says: "bytes between units and their modems" },
  { name: "radio", linkType: 148, says: "frames of buttons, accessories and units" },
  { name: "events", linkType: 150, says: "what happened, as JSON" },
] as const;
export type LaneName = (typeof lanes)[number]["name"];

export interface PacketHead {
  /** Since 1970. */
  readonly wallMs: number;
  readonly lane: LaneName;
  /** Shown above the packet's fields; "" for none. */
  readonly comment: string;
  /** As the device sees it. */
  readonly direction?: "inbound" | "outbound";
}

const sectionBlock = 0x0a0d0d0a;
const interfaceBlock = 1;
const statisticsBlock = 5;
const packetBlock = 6;
const byteOrderMagic = 0x1a2b3c4d;
const commentOption = 1;
const flagsOption = 2;
const nameOption = 2;
const descriptionOption = 3;
const resolutionOption = 9;
const heardOption = 4;
const droppedOption = 5;
/** 10^-3 s: the world's own step. */
const milliseconds = 3;
const maximumLength = 0;
const udpProtocol = 17;

/** What the file begins with. */
export function fileHead(): Uint8Array {
  const section = block(sectionBlock, [u32(byteOrderMagic), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff)]);
  return join([section, ...lanes.map(interfaceOf)]);
}

/** What it ends with, for each lane: how many packets there were, and how many of them found no room. */
export function countsBlock(wallMs: number, lane: LaneName, seen: number, dropped: number): Uint8Array {
  const high = Math.floor(wallMs / 2 ** 32);
  const counts = [option(heardOption, u64(seen)), option(droppedOption, u64(dropped)), u32(0)];
  return block(statisticsBlock, [u32(numberOf(lane)), u32(high), u32(wallMs - high * 2 ** 32), ...counts]);
}

/** Bytes as they are. */
export function plainBlock(head: PacketHead, bytes: Uint8Array): Uint8Array {
  const [whole, , at] = emptyPacket(head, bytes.length);
  whole.set(bytes, at);
  return whole;
}

/** A datagram on its way between two addresses of one family (RFC 768, RFC 791, RFC 8200). Made in one piece: a run has hundreds of thousands. */
export function datagramBlock(head: PacketHead, from: Endpoint, to: Endpoint, bytes: Uint8Array): Uint8Array {
  const source = addressBytes(from.host);
  const target = addressBytes(to.host);
  const length = bytes.length + 8;
  const headLength = source.length === 16 ? 40 : 20;
  const packetLength = headLength + length;
  const [whole, view, ip] = emptyPacket(head, packetLength);
  const isIp4 = headLength === 20;
  if (isIp4) {
    view.setUint16(ip, 0x4500);
    view.setUint16(ip + 2, packetLength);
    view.setUint16(ip + 6, 0x4000);
    view.setUint16(ip + 8, (64 << 8) | udpProtocol);
  } else {
    view.setUint32(ip, 0x60000000);
    view.setUint16(ip + 4, length);
    view.setUint16(ip + 6, (udpProtocol << 8) | 64);
  }
  whole.set(source, ip + headLength - 2 * source.length);
  whole.set(target, ip + headLength - target.length);
  if (isIp4) view.setUint16(ip + 10, folded(sumOf(whole, ip, ip + headLength)));
  const udp = ip + headLength;
  view.setUint16(udp, from.port);
  view.setUint16(udp + 2, to.port);
  view.setUint16(udp + 4, length);
  whole.set(bytes, udp + 8);
  // Of a pseudo-header and the datagram (RFC 768; over IPv6 it must be there: RFC 8200 8.1).
  const sum = udpProtocol + length + sumOf(whole, udp - 2 * source.length, udp + length);
  view.setUint16(udp + 6, folded(sum) || 0xffff);
  return whole;
}

/** A SIP message that was carried inside a connection. */
export function messageBlock(head: PacketHead, from: Endpoint, to: Endpoint, bytes: Uint8Array): Uint8Array {
  const [source, target] = isIPv6(from.host) ? [22, 23] : [20, 21];
  const tcp = 2;
  const tags = join([
    tag(12, ascii("sip")),
    tag(source as number, addressBytes(from.host)),
    tag(target as number, addressBytes(to.host)),
    tag(24, u32be(tcp)),
    tag(25, u32be(from.port)),
    tag(26, u32be(to.port)),
    tag(0, new Uint8Array(0)),
  ]);
  return plainBlock(head, join([tags, bytes]));
}

function interfaceOf({ name, linkType, says }: (typeof lanes)[number]): Uint8Array {
  const options = [
    option(nameOption, ascii(name)),
    option(descriptionOption, ascii(says)),
    option(resolutionOption, Uint8Array.of(milliseconds)),
    u32(0),
  ];
  return block(interfaceBlock, [u16(linkType), u16(0), u32(maximumLength), ...options]);
}

function numberOf(lane: LaneName): number {
  return lanes.findIndex(({ name }) => name === lane);
}

/** The block of a packet that is not in it yet, with where it belongs. */
function emptyPacket({ wallMs, lane, comment, direction }: PacketHead, length: number): [Uint8Array, DataView, number] {
  const at = 28;
  const said = Buffer.from(comment, "utf8");
  const afterPacket = at + wordsOf(length);
  const commentSize = said.length === 0 ? 0 : 4 + wordsOf(said.length);
  const flagsSize = direction === undefined ? 0 : 8;
  const endSize = commentSize + flagsSize === 0 ? 0 : 4;
  const size = afterPacket + commentSize + flagsSize + endSize + 4;
  const whole = new Uint8Array(size);
  const view = new DataView(whole.buffer);
  const high = Math.floor(wallMs / 2 ** 32);
  const words = [packetBlock, size, numberOf(lane), high, wallMs - high * 2 ** 32, length, length];
  words.forEach((word, index) => {
    view.setUint32(4 * index, word, true);
  });
  if (commentSize > 0) {
    view.setUint16(afterPacket, commentOption, true);
    view.setUint16(afterPacket + 2, said.length, true);
    whole.set(said, afterPacket + 4);
  }
  if (direction !== undefined) {
    const flags = afterPacket + commentSize;
    view.setUint16(flags, flagsOption, true);
    view.setUint16(flags + 2, 4, true);
    view.setUint32(flags + 4, direction === "inbound" ? 1 : 2, true);
  }
  view.setUint32(size - 4, size, true);
  return [whole, view, at];
}

/** So many bytes, filled up to whole words of 32 bits. */
function wordsOf(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** RFC 1071: a sum of words, and what it folds to. */
function sumOf(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at += 2)
    sum += ((bytes[at] as number) << 8) | (at + 1 < end ? (bytes[at + 1] as number) : 0);
  return sum;
}

function folded(sum: number): number {
  let left = sum;
  while (left > 0xffff) left = (left & 0xffff) + Math.floor(left / 0x10000);
  return ~left & 0xffff;
}

const knownAddresses = new Map<string, Uint8Array>();
const mostKnownAddresses = 10_000;

/** Of an address in text; a name, which has no bytes, is 0.0.0.0. The same few thousand come again and again. */
function addressBytes(host: string): Uint8Array {
  let bytes = knownAddresses.get(host);
  if (bytes === undefined) {
    if (knownAddresses.size >= mostKnownAddresses) knownAddresses.clear();
    bytes = parsedAddress(host);
    knownAddresses.set(host, bytes);
  }
  return bytes;
}

function parsedAddress(host: string): Uint8Array {
  if (!isIPv6(host)) {
    const numbers = host.split(".").map(Number);
    return numbers.length === 4 && numbers.every((each) => each >= 0 && each <= 255)
      ? Uint8Array.from(numbers)
      : new Uint8Array(4);
  }
  const [front = "", back = ""] = host.split("::");
  const words = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((word) => Number.parseInt(word, 16));
  const head = words(front);
  const tail = words(back);
  const all = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return join(all.map(u16be));
}

function option(code: number, value: Uint8Array): Uint8Array {
  return join([u16(code), u16(value.length), padded(value)]);
}

function tag(number: number, value: Uint8Array): Uint8Array {
  const body = padded(value);
  return join([u16be(number), u16be(body.length), body]);
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = join(parts);
  const length = u32(body.length + 12);
  return join([u32(type), length, body, length]);
}

function padded(bytes: Uint8Array): Uint8Array {
  return bytes.length % 4 === 0 ? bytes : join([bytes, new Uint8Array(4 - (bytes.length % 4))]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

function u64(value: number): Uint8Array {
  return join([u32(value % 2 ** 32), u32(Math.floor(value / 2 ** 32))]);
}

function u16be(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

function u32be(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
