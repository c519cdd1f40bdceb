/** How an SX1262 is set up for our channel: GFSK of 9.6 kbit/s within 25 kHz of 869.20-869.25 MHz, 10 mW (radio 1, ERC/REC 70-03 annex 7). */

export interface Sx1262Settings {
  /** Middle of the channel of 25 kHz. */
  readonly frequencyHz: number;
  readonly deviationHz: number;
  /** Into the aerial: 10 dBm and an aerial no better than a dipole stay below 10 mW ERP. */
  readonly powerDbm: number;
  /** Supply of a TCXO from DIO3, in mV; 0: a crystal. */
  readonly tcxoMv: number;
  /** DIO2 switches the aerial between sending and listening. */
  readonly switchByChip: boolean;
  /** 2 mA more for some dB: right for a unit on the mains. */
  readonly boostedGain: boolean;
  /** The four bytes between preamble and length, as one number. */
  readonly syncWord: number;
  /** Energy above this is somebody else on the channel, in dBm. */
  readonly busyAboveDbm: number;
  /** Looks at the channel this often before it sends all the same. */
  readonly looks: number;
  /** While listening for ever, the chip is asked this often whether it still does, and how loud the channel is. 0: never. */
  readonly watchEachMs: number;
  /** Listens in turns in place of all the time: so long each, in µs; 0: all the time. */
  readonly sniffUs: number;
  readonly restUs: number;
}

/** 16-bit preambles are found, so a turn must fall into the first 6 of its 8 bytes. */
const usefulPreambleUs = 5_000;
const channelHz = 25_000;
const bandFromHz = 869_200_000;
const bandToHz = 869_250_000;
const halfRateHz = 4_800;

/** Supplies of a TCXO, by the chip's number for them (table 13-35). */
export const tcxoSupplies: readonly number[] = [1_600, 1_700, 1_800, 2_200, 2_400, 2_700, 3_000, 3_300];

export const sx1262Defaults: Sx1262Settings = {
  frequencyHz: 869_212_500,
  deviationHz: 2_400,
  powerDbm: 10,
  tcxoMv: 1_800,
  switchByChip: true,
  boostedGain: false,
  syncWord: 0x1acffc1d,
  busyAboveDbm: -90,
  looks: 4,
  watchEachMs: 2_000,
  sniffUs: 0,
  restUs: 0,
};

/** The settings of a board's chip, as its wiring says. */
export function sx1262On(tcxoMv: number, switchByChip: boolean, boostedGain: boolean): Sx1262Settings {
  const d = sx1262Defaults;
  return {
    frequencyHz: d.frequencyHz,
    deviationHz: d.deviationHz,
    powerDbm: d.powerDbm,
    tcxoMv,
    switchByChip,
    boostedGain,
    syncWord: d.syncWord,
    busyAboveDbm: d.busyAboveDbm,
    looks: d.looks,
    watchEachMs: d.watchEachMs,
    sniffUs: d.sniffUs,
    restUs: d.restUs,
  };
}

/** What is wrong with these settings; undefined where they are sound. */
export function sx1262Fault(settings: Sx1262Settings): string | undefined {
  if (settings.frequencyHz - channelHz / 2 < bandFromHz || settings.frequencyHz + channelHz / 2 > bandToHz)
    return "the channel does not lie within 869.20-869.25 MHz";
  if (settings.deviationHz < halfRateHz / 2 || 2 * (settings.deviationHz + halfRateHz) > channelHz)
    return "the deviation fits no channel of 25 kHz at 9.6 kbit/s";
  if (settings.powerDbm < -9 || settings.powerDbm > 10) return "the power is not -9 to 10 dBm";
  if (settings.tcxoMv !== 0 && tcxoSupplies.indexOf(settings.tcxoMv) < 0) return "no supply of a TCXO has so many mV";
  if (settings.looks < 1 || settings.looks > 16) return "1 to 16 looks at the channel";
  if (settings.sniffUs > 0 !== settings.restUs > 0) return "listening in turns needs both a turn and a rest";
  // A turn that began too late for one preamble must find the next part of it after the rest.
  if (settings.sniffUs > 0 && settings.restUs + 2 * settings.sniffUs > usefulPreambleUs)
    return "a preamble could fall into the rest between two turns";
  return undefined;
}
