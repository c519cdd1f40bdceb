/**
 * Writes images into an ESP32's flash through its ROM loader (Espressif's serial protocol), with esptool-js. Images are
 * compared in blocks by the MD5 that the chip counts of its own flash, so that what is there and right is never written again.
 */
import { createHash } from "node:crypto";
import { ESPLoader, Transport } from "esptool-js";
import { UserError } from "../user-error.ts";
import { LineLost, type SerialLine } from "./serial-line.ts";
import { type WebSerialInfo, WebSerialPort } from "./web-serial.ts";

/** One image and where it goes. */
export interface EspPart {
  readonly name: string;
  /** A multiple of 4,096. */
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface EspOptions {
  /** What must be there, such as ESP32 or ESP32-C3. */
  readonly chip: string;
  readonly info?: WebSerialInfo;
  /** Rate once the loader runs; 115,200 until then. */
  readonly baud?: number;
  /** Tries to reach the loader; each takes half a second and more. */
  readonly attempts?: number;
  /** Of esptool-js's own time limits, this share, though never less than 100 ms. */
  readonly patience?: number;
}

export interface EspOutcome {
  /** Bytes that were there already, and bytes written. */
  readonly kept: number;
  readonly written: number;
}

export const blockLength = 0x8000;
const romBaud = 115_200;
const usualAttempts = 7;
const flashSizes: Readonly<Record<number, number>> = { 20: 1, 21: 2, 22: 4, 23: 8, 24: 16 };
const megabyte = 1_048_576;
const shortestMs = 100;

/** esptool-js prints its trace on stdout whether it is wanted or not, and waits seconds for a line that is gone. */
class QuietTransport extends Transport {
  private readonly line: SerialLine;
  private readonly patience: number;

  constructor(port: WebSerialPort, line: SerialLine, patience: number) {
    super(port as unknown as ConstructorParameters<typeof Transport>[0]);
    this.line = line;
    this.patience = patience;
  }

  override trace(): void {}

  override async read(timeout: number): Promise<Uint8Array> {
    const end = new AbortController();
    try {
      return await Promise.race([super.read(Math.max(shortestMs, timeout * this.patience)), this.loss(end.signal)]);
    } finally {
      end.abort();
    }
  }

  private loss(until: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const watch = setInterval(() => {
        if (this.line.lost !== undefined) reject(new LineLost(this.line.lost));
        if (this.line.lost !== undefined || until.aborted) clearInterval(watch);
      }, 20);
      until.addEventListener("abort", () => clearInterval(watch));
    });
  }
}

export class EspSession {
  private readonly line: SerialLine;
  /** Such as 24:0a:c4:12:34:56. */
  readonly mac: string;
  readonly flashBytes: number;
  private readonly loader: ESPLoader;
  private readonly port: WebSerialPort;
  private readonly transport: Transport;

  constructor(
    line: SerialLine,
    loader: ESPLoader,
    transport: Transport,
    port: WebSerialPort,
    mac: string,
    flashBytes: number,
  ) {
    this.line = line;
    this.loader = loader;
    this.transport = transport;
    this.port = port;
    this.mac = mac;
    this.flashBytes = flashBytes;
  }

  /** Blocks that are not there as they should be. Rejects with UserError (3). */
  async differing(parts: readonly EspPart[], onBlock: (bytes: number) => void = () => {}): Promise<readonly EspPart[]> {
    const found: EspPart[] = [];
    for (const block of parts.flatMap(blocksOf)) {
      const md5 = await this.guarded(() => this.loader.flashMd5sum(block.address, block.bytes.length), block);
      if (md5 !== md5Of(block.bytes)) found.push(block);
      onBlock(block.bytes.length);
    }
    return found;
  }

  /** Writes what differs, block by block, each compared once it is written. `onProgress` hears how many bytes are right. */
  async write(parts: readonly EspPart[], onProgress: (done: number) => void = () => {}): Promise<EspOutcome> {
    const total = parts.reduce((sum, part) => sum + part.bytes.length, 0);
    for (const part of parts)
      if (part.address + part.bytes.length > this.flashBytes)
        throw new UserError(
          `${this.line.path}: ${part.name} ends at 0x${(part.address + part.bytes.length).toString(16)}, and the flash of this chip at 0x${this.flashBytes.toString(16)}`,
          "a board with more flash, or the build for this one",
          1,
        );
    const blocks = await this.differing(parts);
    let written = 0;
    let shown = 0;
    const kept = total - blocks.reduce((sum, block) => sum + block.bytes.length, 0);
    const show = (done: number): void => {
      shown = done;
      onProgress(done);
    };
    show(kept);
    for (const block of blocks) {
      await this.guarded(
        () =>
          this.loader.writeFlash({
            fileArray: [{ data: block.bytes, address: block.address }],
            flashMode: "keep",
            flashFreq: "keep",
            flashSize: "keep",
            eraseAll: false,
            compress: true,
            reportProgress: (_, done, all) => show(kept + written + Math.floor((block.bytes.length * done) / all)),
            calculateMD5Hash: md5Of,
          }),
        block,
        () => shareOf(shown, total),
      );
      written += block.bytes.length;
      show(kept + written);
    }
    return { kept, written };
  }

  /** Starts what was written; false where this line cannot reset the chip. */
  async leave(): Promise<boolean> {
    await this.port.setSignals({ requestToSend: true });
    await this.guarded(() => this.loader.after("hard_reset", false));
    await this.transport.disconnect();
    return this.port.hasControl;
  }

  private async guarded<T>(work: () => Promise<T>, block?: EspPart, share: () => string = () => ""): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw explained(thrown, this.line, block, share());
    }
  }
}

/**
 * Resets the chip into its loader, sees what it is and starts the flashing stub in its memory; nothing is erased. Rejects with
 * UserError: 1 for another chip than wanted, 3 where no loader answers.
 */
export async function openEsp(line: SerialLine, options: EspOptions): Promise<EspSession> {
  const port = new WebSerialPort(line, options.info ?? {});
  const transport = new QuietTransport(port, line, options.patience ?? 1);
  const terminal = { clean: () => {}, writeLine: () => {}, write: () => {} };
  const baud = options.baud ?? romBaud;
  const loader = new ESPLoader({ transport, baudrate: baud, romBaudrate: romBaud, terminal });
  try {
    await port.setSignals({ dataTerminalReady: false, requestToSend: false });
    await loader.detectChip(port.hasControl ? "default_reset" : "no_reset", options.attempts ?? usualAttempts);
    const found = loader.chip.CHIP_NAME;
    if (found !== options.chip)
      throw new UserError(
        `${line.path}: this is an ${found}, and the image is for an ${options.chip}; nothing was erased`,
        "the board that the image is for, or the build for this board (livlina build --help)",
        1,
      );
    const mac = await loader.chip.readMac(loader);
    await loader.runStub();
    if (baud !== romBaud) await loader.changeBaud();
    const size = flashSizes[((await loader.readFlashId()) >> 16) & 0xff];
    if (size === undefined)
      throw new UserError(
        `${line.path}: the chip does not reach its flash`,
        "another board: this one's flash is not connected",
        3,
      );
    return new EspSession(line, loader, transport, port, mac, size * megabyte);
  } catch (thrown) {
    throw explained(thrown, line, undefined, "", port.hasControl);
  }
}

/** The words of esptool-js become what, where and what to try. */
function explained(
  thrown: unknown,
  line: SerialLine,
  block: EspPart | undefined,
  share: string,
  hasControl = true,
): unknown {
  if (thrown instanceof UserError || !(thrown instanceof Error)) return thrown;
  const { path, lost } = line;
  const where = block === undefined ? "" : `, ${block.name} at 0x${block.address.toString(16)}`;
  const again = "the same command once more: what is there already is not written again";
  // Whatever the loader made of it: a line that is gone is the cause.
  if (lost !== undefined)
    return new UserError(
      `${lost}${where}${share === "" ? "" : `, with ${share} written`}`,
      `plug it in again, then ${again}`,
      3,
    );
  const { message } = thrown;
  if (message.includes("MD5 of file"))
    return new UserError(
      `${path}: what was written does not read back as it was${where}`,
      `${again}; where that fails too, the flash is worn`,
      3,
    );
  if (/status 1,(193|7)\b/.test(message))
    return new UserError(
      `${path}: a block came with a wrong checksum, three times${where}`,
      "a shorter cable, a port without a hub, or --baud 115200",
      3,
    );
  if (message.includes("Failed to connect"))
    return new UserError(
      `${path}: no ESP32 loader answers`,
      hasControl
        ? "hold BOOT, press RESET, let BOOT go, then the same command; is it this board's port?"
        : "this line cannot reset the board: hold BOOT, press RESET, let BOOT go, then the same command",
      3,
    );
  if (/No serial data|stream stopped|invalid response|Invalid head|Invalid SLIP/.test(message))
    return new UserError(`${path}: the loader has stopped answering${where}`, `reset the board, then ${again}`, 3);
  return new UserError(`${path}: the loader says: ${message}${where}`, again, 3);
}

function blocksOf(part: EspPart): readonly EspPart[] {
  const blocks: EspPart[] = [];
  for (let at = 0; at < part.bytes.length; at += blockLength)
    blocks.push({ name: part.name, address: part.address + at, bytes: part.bytes.subarray(at, at + blockLength) });
  return blocks;
}

function md5Of(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

function shareOf(done: number, total: number): string {
  return `${Math.floor((100 * done) / total)} %`;
}
