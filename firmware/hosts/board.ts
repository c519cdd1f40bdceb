/** What a host must know of the board it runs on: pins, lines, radio and the raw flash pages. A bundle gets it from the board's file. */

/** As the engine names it: "D5" on Espruino, 5 on XS. */
export type PinName = string | number;

export interface PinUse {
  readonly pin: PinName;
  /** The level at which it is on: the lamp lit, the contact closed, the mains there. */
  readonly active: "high" | "low";
  /** Resistor inside the chip; absent: the board has its own, or it is an output. */
  readonly pull?: "up" | "down";
}

/** What hangs on the board's pins, by what it is for. */
export interface BoardPins {
  /** The contact of a wrist button. */
  readonly contact?: PinUse;
  /** Keys on a unit. */
  readonly help?: PinUse;
  readonly cancel?: PinUse;
  readonly query?: PinUse;
  readonly presence?: PinUse;
  readonly away?: PinUse;
  /** On while the mains is there. */
  readonly mains?: PinUse;
  /** On while the case is open. */
  readonly lid?: PinUse;
  /** One lamp, or three of different colours. */
  readonly lamp?: PinUse;
  readonly red?: PinUse;
  readonly green?: PinUse;
  readonly blue?: PinUse;
  readonly sounder?: PinUse;
  readonly vibrator?: PinUse;
}

export interface SerialWiring {
  /** As the engine names it: "Serial1" on Espruino, 1 on XS. */
  readonly port: PinName;
  readonly receive: PinName;
  readonly transmit: PinName;
  readonly baud: number;
}

/** Semtech SX1262 on an SPI bus of its own. */
export interface SpiRadioWiring {
  readonly chip: "sx1262";
  readonly port: PinName;
  readonly clock: PinName;
  readonly in: PinName;
  readonly out: PinName;
  /** Active low, as is `reset`. */
  readonly select: PinName;
  readonly busy: PinName;
  /** DIO1 of the chip. */
  readonly interrupt: PinName;
  readonly reset: PinName;
  /** Supply of the module's TCXO from DIO3, in mV; 0: it has a crystal. */
  readonly tcxoMv: number;
  /** DIO2 of the chip switches the aerial between sending and listening. */
  readonly switchByChip: boolean;
}

/** The chip's own Bluetooth radio. */
export interface BleRadioWiring {
  readonly chip: "ble";
  readonly powerDbm: number;
}

export type RadioWiring = SpiRadioWiring | BleRadioWiring;

/** Raw pages that nobody else writes, not even the engine's own file store. */
export interface RawPages {
  readonly address: number;
  readonly sectorSize: number;
  readonly sectorCount: number;
  /** Bytes that the chip programs at once. */
  readonly programUnit: 1 | 4 | 8;
}

/** What the bundler puts in the place of `livlina:board`. */
export interface BoardWiring {
  readonly name: string;
  /** What a tool compares before it writes an image. */
  readonly hardware: string;
  /** Where the radio may be used. */
  readonly region: "eu";
  /** Of the firmware, as in the repository's package. */
  readonly version: string;
  /** First 7 digits of the commit, with "+" behind where the tree had changes; "" where there was no repository. */
  readonly commit: string;
  readonly pins: BoardPins;
  readonly lines: { readonly service?: SerialWiring; readonly modem?: SerialWiring };
  readonly modem?: { readonly dialect: string };
  readonly network?: { readonly ethernet?: boolean; readonly wifi?: boolean };
  readonly radio: RadioWiring;
  /** Whether the engine's image brings the block cipher and the whole of CCM. */
  readonly native: { readonly aes: boolean; readonly ccm: boolean };
  readonly journal: RawPages;
  /** One raw sector that holds what the device was given in the factory. */
  readonly factory: { readonly address: number; readonly sectorSize: number };
}
