/**
 * Packets as Wireshark reads them: pcapng (draft-ietf-opsawg-pcapng) with two interfaces, one for IP packets, one for messages
 * that were heard inside TLS, which stand as exported protocol data (LINKTYPE_WIRESHARK_UPPER_PDU) with their addresses.
 */
import { isIPv6 } from "node:net";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { ascii } from "../../protocol/text/utf8.ts";

const sectionBlock = 0x0a0d0d0a;
const interfaceBlock = 1;
const packetBlock = 6;
const byteOrderMagic = 0x1a2b3c4d;
const linkRawIp = 101;
const linkExported = 252;
const resolutionOption = 9;
/** 10^-3 s: the world's own step. */
const milliseconds = 3;
const maximumLength = 0;
const udpProtocol = 17;

/** What the file begins with. */
export function fileHead(): Uint8Array {
  const section = block(sectionBlock, [u32(byteOrderMagic), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff)]);
  return join([section, interfaceOf(linkRawIp), interfaceOf(linkExported)]);
}

/** A datagram on its way between two addresses of one family (RFC 768, RFC 791, RFC 8200). */
export function datagramBlock(wallMs: number, from: Endpoint, to: Endpoint, bytes: Uint8Array): Uint8Array {
  const length = bytes.length + 8;
  const addresses = [addressBytes(from.host), addressBytes(to.host)];
  // Of a pseudo-header and the datagram (RFC 768; over IPv6 it must be there: RFC 8200 8.1).
  const summed = join([...addresses, u16be(udpProtocol), u16be(length), udp(from, to, length, 0), bytes]);
  const datagram = join([udp(from, to, length, checksum(summed) || 0xffff), bytes]);
  const head = isIPv6(from.host) ? ip6(addresses, length) : ip4(addresses, length);
  return packetOf(wallMs, 0, join([head, datagram]));
}

/** A SIP message that was carried inside a connection. */
export function messageBlock(wallMs: number, from: Endpoint, to: Endpoint, bytes: Uint8Array): Uint8Array {
  const [source, target] = isIPv6(from.host) ? [22, 23] : [20, 21];
  const tcp = 2;
  const head = join([
    tag(12, ascii("sip")),
    tag(source as number, addressBytes(from.host)),
    tag(target as number, addressBytes(to.host)),
    tag(24, u32be(tcp)),
    tag(25, u32be(from.port)),
    tag(26, u32be(to.port)),
    tag(0, new Uint8Array(0)),
  ]);
  return packetOf(wallMs, 1, join([head, bytes]));
}

function interfaceOf(linkType: number): Uint8Array {
  const resolution = join([u16(resolutionOption), u16(1), Uint8Array.of(milliseconds, 0, 0, 0)]);
  return block(interfaceBlock, [u16(linkType), u16(0), u32(maximumLength), resolution, u32(0)]);
}

function packetOf(wallMs: number, interfaceId: number, packet: Uint8Array): Uint8Array {
  const high = Math.floor(wallMs / 2 ** 32);
  return block(packetBlock, [
    u32(interfaceId),
    u32(high),
    u32(wallMs - high * 2 ** 32),
    u32(packet.length),
    u32(packet.length),
    padded(packet),
  ]);
}

function udp(from: Endpoint, to: Endpoint, length: number, sum: number): Uint8Array {
  return join([u16be(from.port), u16be(to.port), u16be(length), u16be(sum)]);
}

function ip4(addresses: readonly Uint8Array[], length: number): Uint8Array {
  const head = (sum: number): Uint8Array =>
    join([
      Uint8Array.of(0x45, 0),
      u16be(20 + length),
      Uint8Array.of(0, 0, 0x40, 0, 64, udpProtocol),
      u16be(sum),
      ...addresses,
    ]);
  return head(checksum(head(0)));
}

function ip6(addresses: readonly Uint8Array[], length: number): Uint8Array {
  return join([Uint8Array.of(0x60, 0, 0, 0), u16be(length), Uint8Array.of(udpProtocol, 64), ...addresses]);
}

/** RFC 1071. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Of an address in text; a name, which has no bytes, is 0.0.0.0. */
function addressBytes(host: string): Uint8Array {
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

function u16be(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

function u32be(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
