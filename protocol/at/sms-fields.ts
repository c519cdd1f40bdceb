/** Fields of a short message that several of its kinds share (3GPP 23.040): addresses 9.1.2.5, time stamps 9.2.3.11, validity 9.2.3.12.1. */
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import { packSeptets, septetsOf, textOfSeptets, unpackSeptets } from "./sms-alphabet.ts";

const digits = "0123456789*#abc";
const international = 0x91;
const unknownType = 0x81;
const alphanumeric = 0xd0;
const quarterMs = 900_000;
const dayMs = 86_400_000;
/** Longest address in digits (9.1.2.5), and in letters of seven bits. */
const digitLimit = 20;
const letterLimit = 11;

/** Whether an address can be written: a number with or without "+", or a name of up to 11 letters of the GSM alphabet. */
export function isSmsAddress(address: string): boolean {
  if (isNumber(address)) return address.length <= digitLimit + (address.charAt(0) === "+" ? 1 : 0);
  const septets = septetsOf(address);
  return septets !== undefined && septets.length > 0 && septets.length <= letterLimit;
}

/** An address of a message: its length in semi-octets, its type, its digits. The caller has checked it. */
export function writeAddress(address: string, to: Writer): void {
  if (!isNumber(address)) {
    const septets = septetsOf(address) as Uint8Array;
    to.u8(Math.floor((septets.length * 7 + 3) / 4));
    to.u8(alphanumeric);
    to.put(packSeptets(septets, 0));
    return;
  }
  const plus = address.charAt(0) === "+";
  to.u8(address.length - (plus ? 1 : 0));
  to.u8(plus ? international : unknownType);
  writeDigits(plus ? address.substring(1) : address, to);
}

/** undefined where it is longer than an address may be. */
export function readAddress(from: Reader): string | undefined {
  const count = from.u8();
  const type = from.u8();
  if (count > digitLimit) return undefined;
  const bytes = from.view((count + 1) >> 1);
  if (from.overrun) return "";
  if ((type & 0x70) === (alphanumeric & 0x70))
    return textOfSeptets(unpackSeptets(bytes, Math.floor((count * 4) / 7), 0));
  return ((type & 0x70) === 0x10 ? "+" : "") + digitsOf(bytes, count);
}

/** The service centre in front of a message (27.005 3.1): its length counts bytes; "" is the one the SIM knows. */
export function writeCenter(center: string, to: Writer): void {
  if (center === "") {
    to.u8(0);
    return;
  }
  const plus = center.charAt(0) === "+";
  const number = plus ? center.substring(1) : center;
  to.u8(1 + ((number.length + 1) >> 1));
  to.u8(plus ? international : unknownType);
  writeDigits(number, to);
}

export function readCenter(from: Reader): string | undefined {
  const length = from.u8();
  if (length === 0) return "";
  if (length > 1 + digitLimit / 2) return undefined;
  const type = from.u8();
  const bytes = from.view(length - 1);
  if (from.overrun) return "";
  const isOdd = bytes.length > 0 && (bytes[bytes.length - 1] as number) >> 4 === 15;
  return ((type & 0x70) === 0x10 ? "+" : "") + digitsOf(bytes, bytes.length * 2 - (isOdd ? 1 : 0));
}

/** Whether the text is digits alone, behind a "+" or not. */
export function isNumber(text: string): boolean {
  const start = text.charAt(0) === "+" ? 1 : 0;
  for (let i = start; i < text.length; i++) if (digits.indexOf(text.charAt(i)) < 0) return false;
  return text.length > start;
}

function writeDigits(number: string, to: Writer): void {
  for (let i = 0; i < number.length; i += 2) {
    const high = i + 1 < number.length ? digits.indexOf(number.charAt(i + 1)) : 15;
    to.u8((high << 4) | digits.indexOf(number.charAt(i)));
  }
}

function digitsOf(bytes: Uint8Array, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) {
    const byte = bytes[i >> 1] as number;
    const digit = (i & 1) === 0 ? byte & 15 : byte >> 4;
    if (digit < 15) text += digits.charAt(digit);
  }
  return text;
}

/** Seven bytes: year to second, then the zone in quarter hours; whole seconds of 1970 to 2069. */
export function writeStamp(wallMs: number, zoneQuarters: number, to: Writer): void {
  const local = Math.floor((wallMs + zoneQuarters * quarterMs) / 1_000);
  const second = local % 86_400;
  let day = Math.floor(local / 86_400);
  let year = 1970;
  while (day >= daysOfYear(year)) day -= daysOfYear(year++);
  let month = 1;
  while (day >= daysOfMonth(year, month)) day -= daysOfMonth(year, month++);
  to.u8(swapped(year % 100));
  to.u8(swapped(month));
  to.u8(swapped(day + 1));
  to.u8(swapped(Math.floor(second / 3_600)));
  to.u8(swapped(Math.floor(second / 60) % 60));
  to.u8(swapped(second % 60));
  to.u8(swapped(Math.abs(zoneQuarters)) | (zoneQuarters < 0 ? 8 : 0));
}

/** In ms since 1970, UTC; undefined where it is no date. */
export function readStamp(from: Reader): number | undefined {
  const year = plain(from.u8());
  const month = plain(from.u8());
  const day = plain(from.u8());
  const hour = plain(from.u8());
  const minute = plain(from.u8());
  const second = plain(from.u8());
  const zone = from.u8();
  const quarters = plain(zone & 0xf7);
  if (year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23) return undefined;
  if (minute < 0 || minute > 59 || second < 0 || second > 59 || quarters < 0) return undefined;
  const fullYear = year < 70 ? 2000 + year : 1900 + year;
  if (day > daysOfMonth(fullYear, month)) return undefined;
  let days = day - 1;
  for (let i = 1970; i < fullYear; i++) days += daysOfYear(i);
  for (let i = 1; i < month; i++) days += daysOfMonth(fullYear, i);
  const local = days * dayMs + ((hour * 60 + minute) * 60 + second) * 1_000;
  return local - ((zone & 8) !== 0 ? -quarters : quarters) * quarterMs;
}

/** The shortest validity that is not below so many minutes; 63 weeks at most. */
export function validityOf(minutes: number): number {
  if (minutes <= 720) return Math.max(0, Math.floor((minutes + 4) / 5) - 1);
  if (minutes <= 1_440) return 143 + Math.floor((minutes - 720 + 29) / 30);
  if (minutes <= 43_200) return 166 + Math.floor((minutes + 1_439) / 1_440);
  return Math.min(255, 192 + Math.floor((minutes + 10_079) / 10_080));
}

export function minutesOf(validity: number): number {
  if (validity <= 143) return (validity + 1) * 5;
  if (validity <= 167) return 720 + (validity - 143) * 30;
  return validity <= 196 ? (validity - 166) * 1_440 : (validity - 192) * 10_080;
}

function daysOfYear(year: number): number {
  return daysOfMonth(year, 2) + 337;
}

/** The calendar of 1901 to 2099. */
function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function swapped(value: number): number {
  return ((value % 10) << 4) | Math.floor(value / 10);
}

function plain(byte: number): number {
  const tens = byte & 15;
  const ones = byte >> 4;
  return tens > 9 || ones > 9 ? -1 : tens * 10 + ones;
}
