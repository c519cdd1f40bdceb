import { expect, test } from "vitest";
import { callsVoice, voiceDialectOf } from "./voice-dialects.ts";

test("which models have voice is known where their series has one kind alone", () => {
  const known = [
    "EG95",
    "Quectel_EC25",
    "SIMCOM_SIM7600E",
    "simcom sim7600g-h",
    "BG96",
    "u-blox SARA-R410M-02B",
    "SARA-R510S",
  ];
  expect(known.map(callsVoice)).toEqual([true, true, true, true, false, false, false]);
  for (const model of ["BG95-M3", "A7672E", "SARA-U201", "LARA-R6001", "", "EC"])
    expect(callsVoice(model)).toBeUndefined();
});

test("each vendor is told how to tell of keys and calls, and silences the loudspeaker in its own way", () => {
  const all = ["quectel", "simcom", "ublox", "ublox-profile"].map(voiceDialectOf);
  const texts = all.map(({ setUp }) => setUp.map((exchange) => exchange.text).join());
  const common = "AT+CLIP=1,AT+CRC=1,AT+CCWA=1,AT+COLP=0,";
  expect(texts).toEqual([
    common + "AT+QTONEDET=1",
    common + "AT+DDET=1",
    common + "AT+UCALLSTAT=1,AT+UDTMFD=1,AT+UDTMFD=1,2",
    common + "AT+UCALLSTAT=1,AT+UDTMFD=1,AT+UDTMFD=1,2",
  ]);
  expect(all.map((one) => one.muteSpeaker?.(true).text)).toEqual([undefined, "AT+VMUTE=1", undefined, undefined]);
  expect(all[1]?.muteSpeaker?.(false).text).toBe("AT+VMUTE=0");
  for (const { levels, setUp } of all) {
    expect(levels).toHaveLength(6);
    expect(levels[0]).toBe(0);
    expect(setUp.every((exchange) => exchange.optional)).toBe(true);
  }
  expect(voiceDialectOf("another")).toBe(voiceDialectOf("quectel"));
});
