/** Which commands an SX1262 knows, how long they are and in which of its modes it takes them (Semtech DS.SX1261-2.W.APP 9, 11, 13). */

/** `turns`: listening and sleeping by turns. */
export type ChipMode =
  | "reset"
  | "sleep"
  | "standby-rc"
  | "standby-xosc"
  | "synthesis"
  | "receiving"
  | "sending"
  | "turns";

/** What the chip has done and borne; `breaches`: in which words the data sheet or the band forbids it. */
export interface ChipBook {
  readonly breaches: string[];
  refused: number;
  sent: number;
  heard: number;
  resets: number;
}

export interface CommandRule {
  readonly name: string;
  /** At least so many bytes, the first included. */
  readonly bytes: number;
  readonly modes: readonly ChipMode[];
}

const standby: readonly ChipMode[] = ["standby-rc", "standby-xosc"];
/** Parameters are taken while the radio rests. */
const resting: readonly ChipMode[] = [...standby, "synthesis"];
const awake: readonly ChipMode[] = [...resting, "receiving", "sending"];

export const commandRules: ReadonlyMap<number, CommandRule> = new Map([
  [0x02, { name: "ClearIrqStatus", bytes: 3, modes: awake }],
  [0x07, { name: "ClearDeviceErrors", bytes: 3, modes: awake }],
  [0x08, { name: "SetDioIrqParams", bytes: 9, modes: resting }],
  [0x0d, { name: "WriteRegister", bytes: 4, modes: resting }],
  [0x0e, { name: "WriteBuffer", bytes: 3, modes: resting }],
  [0x12, { name: "GetIrqStatus", bytes: 4, modes: awake }],
  [0x13, { name: "GetRxBufferStatus", bytes: 4, modes: awake }],
  [0x14, { name: "GetPacketStatus", bytes: 5, modes: awake }],
  [0x15, { name: "GetRssiInst", bytes: 3, modes: ["receiving"] }],
  [0x17, { name: "GetDeviceErrors", bytes: 4, modes: awake }],
  [0x1d, { name: "ReadRegister", bytes: 5, modes: awake }],
  [0x1e, { name: "ReadBuffer", bytes: 4, modes: awake }],
  [0x80, { name: "SetStandby", bytes: 2, modes: awake }],
  [0x82, { name: "SetRx", bytes: 4, modes: resting }],
  [0x83, { name: "SetTx", bytes: 4, modes: resting }],
  [0x84, { name: "SetSleep", bytes: 2, modes: standby }],
  [0x86, { name: "SetRfFrequency", bytes: 5, modes: resting }],
  [0x89, { name: "Calibrate", bytes: 2, modes: ["standby-rc"] }],
  [0x8a, { name: "SetPacketType", bytes: 2, modes: standby }],
  [0x8b, { name: "SetModulationParams", bytes: 9, modes: resting }],
  [0x8c, { name: "SetPacketParams", bytes: 10, modes: resting }],
  [0x8e, { name: "SetTxParams", bytes: 3, modes: resting }],
  [0x8f, { name: "SetBufferBaseAddress", bytes: 3, modes: resting }],
  [0x93, { name: "SetRxTxFallbackMode", bytes: 2, modes: resting }],
  [0x94, { name: "SetRxDutyCycle", bytes: 7, modes: standby }],
  [0x95, { name: "SetPaConfig", bytes: 5, modes: resting }],
  [0x96, { name: "SetRegulatorMode", bytes: 2, modes: standby }],
  [0x97, { name: "SetDio3AsTcxoCtrl", bytes: 5, modes: ["standby-rc"] }],
  [0x98, { name: "CalibrateImage", bytes: 3, modes: resting }],
  [0x9d, { name: "SetDio2AsRfSwitchCtrl", bytes: 2, modes: resting }],
  [0xc0, { name: "GetStatus", bytes: 2, modes: awake }],
]);

/** The status' bits 6 to 4; a chip that sleeps drives nothing, and listening by turns shows as reception. */
export const modeCodes: Readonly<Record<ChipMode, number>> = {
  reset: 0,
  sleep: 0,
  "standby-rc": 2,
  "standby-xosc": 3,
  synthesis: 4,
  receiving: 5,
  turns: 5,
  sending: 6,
};

/** Interrupts of a GFSK modem. */
export const flags = {
  txDone: 0x0001,
  rxDone: 0x0002,
  preamble: 0x0004,
  sync: 0x0008,
  crcError: 0x0040,
  timeout: 0x0200,
};

/** Times of table 8-2 and 9.2 in µs: below this the line is low again before anybody can look. */
export const busyUs = { coldStart: 3_500, warmStart: 340, calibration: 3_500, image: 1_500, mode: 130 };
