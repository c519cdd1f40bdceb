/**
 * What we use of Espruino's globals and modules, in shapes of our own: the adapters know these alone, and only the entries name the engine's
 * globals. No member named here gets a short name in a minified bundle (`tools/build/closed-names.ts`).
 */

export type Pin = unknown;
export type TimerId = number;

export interface Timers {
  setTimeout(callback: () => void, delayMs: number): TimerId;
  clearTimeout(timer: TimerId): void;
  /** In seconds, with a fraction. */
  getTime(): number;
}

/** The module "Flash": addresses are those of the chip. */
export interface RawFlash {
  read(length: number, address: number): Uint8Array;
  write(bytes: Uint8Array, address: number): void;
  erasePage(address: number): void;
  getFree(): readonly { readonly addr: number; readonly length: number }[];
}

/** The module "crypto", where the image has it. */
export interface Crypto {
  readonly AES: {
    encrypt(text: Uint8Array, key: Uint8Array, options: { readonly mode: "ECB" }): ArrayBuffer;
  };
}

export interface WatchEvent {
  readonly state: boolean;
}
export interface WatchOptions {
  readonly repeat: true;
  readonly edge: "both";
}

export type PinMode = "input" | "input_pullup" | "input_pulldown" | "output";

export interface Pins {
  pinMode(pin: Pin, mode: PinMode): void;
  digitalRead(pin: Pin): number;
  digitalWrite(pin: Pin, level: number): void;
  /** Alternates from `level` on, each for so many ms, and goes on at once. */
  digitalPulse(pin: Pin, level: number, timesMs: readonly number[]): void;
  analogRead(pin: Pin): number;
  setWatch(callback: (event: WatchEvent) => void, pin: Pin, options: WatchOptions): number;
  clearWatch(watch: number): void;
}

export interface Advertisement {
  readonly manufacturer: number;
  readonly manufacturerData: Uint8Array;
  readonly interval: number;
  readonly connectable: false;
  readonly scannable: false;
  readonly showName: false;
}
export interface HeardDevice {
  readonly manufacturer?: number;
  readonly manufacturerData?: ArrayBuffer;
  readonly rssi: number;
}
/** The chip's Bluetooth. */
export interface Nrf {
  setAdvertising(services: object, options: Advertisement): void;
  setScan(callback?: (device: HeardDevice) => void): void;
  setTxPower(dbm: number): void;
  sleep(): void;
  wake(): void;
  /** In volts. */
  getBattery(): number;
}

export interface EngineE {
  /** 32 random bits of the chip. */
  hwRand(): number;
  enableWatchdog(seconds: number, isAuto: boolean): void;
  kickWatchdog(): void;
  getAnalogVRef(): number;
}

/** A UART, or the console's USB. */
export interface Uart {
  setup(baud: number, options: { readonly rx?: Pin; readonly tx?: Pin; readonly path?: string }): void;
  on(event: "data", callback: (text: string) => void): void;
  removeAllListeners(event: "data"): void;
  write(bytes: Uint8Array): void;
}

export interface SpiBus {
  setup(options: {
    readonly sck: Pin;
    readonly miso: Pin;
    readonly mosi: Pin;
    readonly baud: number;
    readonly mode: 0;
  }): void;
  send(bytes: Uint8Array, select: Pin): Uint8Array;
}

export interface UdpPeer {
  readonly address: string;
  readonly port: number;
}
export interface UdpSocket {
  bind(port: number, callback?: () => void): void;
  send(text: string, port: number, address: string): void;
  on(event: "message", callback: (text: string, from: UdpPeer) => void): void;
  on(event: "error" | "close", callback: () => void): void;
  close(): void;
}
/** The module "dgram". */
export interface Dgram {
  createSocket(options: { readonly type: "udp4"; readonly recvBufferSize?: number }): UdpSocket;
}

export interface WifiModule {
  restore(): void;
  getIP(): { readonly ip: string };
  on(event: "connected" | "disconnected", callback: () => void): void;
}

export interface ProcessObject {
  on(event: "uncaughtException", callback: (thrown: unknown) => void): void;
}

/** Members of the global object that belong to no adapter. */
export interface Globals {
  require(name: string): unknown;
  load(): void;
  setInterval(run: () => void, ms: number): void;
  readonly livlina: unknown;
}

/** What stands in the engine's `global` under `livlina`, for a flasher on the console. */
export interface Livlina {
  state(): { readonly pending: 0 | 1; readonly version: string };
}
