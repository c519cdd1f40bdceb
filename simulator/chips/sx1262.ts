/**
 * An SX1262 as its data sheet describes it, command by command (Semtech DS.SX1261-2.W.APP): modes, busy times, registers,
 * buffer and interrupts of a GFSK modem, on the simulated air. It refuses what its mode does not allow, notes every breach,
 * and can be made to fail.
 */
import type { ChipWires, LevelInput, LevelOptions, Spi } from "../../firmware/ports/spi.ts";
import { sx1262Defaults } from "../../firmware/radio-chips/sx1262-settings.ts";
import type { Air, AirDevice, AirEar, Transmission } from "../air/air.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import { ChipLine } from "./chip-line.ts";
import { answer, bufferBytes, type ChipInsides, getStatus, newInsides } from "./sx1262-answers.ts";
import { fitsPreamble, learn, Sx1262Setup, word } from "./sx1262-setup.ts";
import { busyUs, type ChipBook, type ChipMode, commandRules, flags, modeCodes } from "./sx1262-table.ts";

/** Bits of the preamble that may pass before it listens. */
const missablePreambleUs = 5_000;
const dataReady = 2;
const failed = 5;
const executed = 6;
/** Times of 15.625 µs. */
const stepsPerMs = 64;
const endless = 0xffffff;
/** XOSC_START_ERR, until the TCXO that was just named has started. */
const oscillatorFault = 0x20;

export class Sx1262Chip implements AirEar {
  readonly book: ChipBook;
  private readonly queue: EventQueue;
  private readonly air: Air;
  private readonly device: AirDevice;
  private readonly busy: ChipLine;
  private readonly dio1: ChipLine;
  private inside: ChipInsides;
  private mode: ChipMode;
  private status: number;
  /** Listens from here on, in µs of the world. */
  private listensFromUs: number;
  private rxAt: number;
  private sending: Transmission | undefined;
  private readonly plans: Set<Handle>;
  private stuck: "no" | "until-reset" | "for-good";
  private isSilent: boolean;
  private spoils: number;
  private hangs: boolean;

  /** Powered now; it is on the air until close() cuts its power. */
  constructor(queue: EventQueue, air: Air, device: AirDevice) {
    this.queue = queue;
    this.air = air;
    this.device = device;
    this.book = { breaches: [], refused: 0, sent: 0, heard: 0, resets: 0 };
    this.busy = new ChipLine();
    this.dio1 = new ChipLine();
    this.inside = newInsides();
    this.mode = "standby-rc";
    this.status = 0;
    this.listensFromUs = 0;
    this.rxAt = 0;
    this.sending = undefined;
    this.plans = new Set();
    this.stuck = "no";
    this.isSilent = false;
    this.spoils = 0;
    this.hangs = false;
    device.attach(this);
    this.powerUp();
  }

  /** What a driver is given. */
  get wires(): ChipWires {
    return {
      openSpi: (): Spi => ({ transfer: (bytes, into) => this.transfer(bytes, into), close: () => {} }),
      openBusy: (options: LevelOptions): LevelInput => this.busy.open(options),
      openInterrupt: (options: LevelOptions): LevelInput => this.dio1.open(options),
      holdReset: (held) => (held ? this.stop() : this.powerUp()),
    };
  }

  get now(): ChipMode {
    return this.mode;
  }

  /** The power goes: what is on the air breaks off. */
  close(): void {
    this.stop();
    this.device.detach(this);
  }

  /** BUSY stays high until the chip is reset; `forGood`: also then, until unstick(). */
  stick(forGood: boolean): void {
    this.stuck = forGood ? "for-good" : "until-reset";
    this.cancelPlans();
    this.busy.set(true);
  }

  unstick(): void {
    this.stuck = "no";
  }

  /** Nobody drives the bus any more, or somebody does again. */
  silence(isSilent: boolean): void {
    this.isSilent = isSilent;
  }

  /** So many rises of DIO1 are not told. */
  loseInterrupts(count: number): void {
    this.dio1.lose(count);
  }

  /** So many packets come in with a wrong CRC. */
  spoil(count: number): void {
    this.spoils = count;
  }

  /** The next packet never ends. */
  hang(): void {
    this.hangs = true;
  }

  /** A dip of its supply. */
  resetItself(): void {
    this.stop();
    this.powerUp();
  }

  /** For Air. */
  listenedThroughout(startUs: number, endUs: number): boolean {
    if (this.mode !== "receiving" && this.mode !== "turns") return false;
    return this.listensFromUs <= startUs + missablePreambleUs && endUs <= (this.queue.nowMs + 1) * 1000;
  }

  /** For Air: a packet of our channel has come in. */
  hear({ bytes, rssiDbm }: { readonly bytes: Uint8Array; readonly rssiDbm: number }): void {
    if (this.inside.setup.offChannel(sx1262Defaults.syncWord).length > 0 || bytes.length > this.inside.setup.length)
      return;
    const start = this.rxAt;
    const bad = this.spoils > 0;
    if (bad) this.spoils--;
    bytes.forEach((byte, at) => {
      this.inside.buffer[(start + at) % bufferBytes] = bad && at === 0 ? byte ^ 0xff : byte;
    });
    this.rxAt = (start + bytes.length) % bufferBytes;
    this.inside.newest = { start, length: bytes.length, dbm: rssiDbm };
    this.book.heard++;
    if (this.mode === "turns") this.enter(this.inside.setup.fallback, 0);
    this.raise(flags.preamble | flags.sync | flags.rxDone | (bad ? flags.crcError : 0));
  }

  private transfer(bytes: Uint8Array, into: Uint8Array): void {
    into.fill(this.isSilent ? 0xff : 0, 0, bytes.length);
    if (this.isSilent || this.mode === "reset") return;
    if (this.mode === "sleep" || this.mode === "turns") {
      this.wake();
      return;
    }
    const opcode = bytes[0] as number;
    const rule = commandRules.get(opcode);
    const name = rule?.name ?? `opcode 0x${opcode.toString(16)}`;
    if (!this.busy.isHigh()) into.fill((modeCodes[this.mode] << 4) | (this.status << 1), 1, bytes.length);
    if (this.busy.isHigh()) {
      // Asking for the status selects the chip and no more, which is how one that sleeps is woken: allowed at any time.
      if (opcode !== getStatus) this.refuse(`${name} while busy`);
    } else if (rule === undefined || bytes.length < rule.bytes) this.refuse(`${name} of ${bytes.length} bytes`);
    else if (!rule.modes.includes(this.mode)) this.refuse(`${name} while ${this.mode}`);
    else {
      this.status = executed;
      this.execute(opcode, bytes, into);
    }
  }

  private execute(opcode: number, bytes: Uint8Array, into: Uint8Array): void {
    if (answer(this.inside, opcode, bytes, into, () => this.air.energyAt(this.device))) {
      this.status = dataReady;
      return;
    }
    this.obey(opcode, bytes.subarray(1));
  }

  private obey(opcode: number, data: Uint8Array): void {
    if (opcode === 0x02) {
      this.inside.irq &= ~word(data, 0);
      this.dio1.set((this.inside.irq & this.inside.setup.dioMask) !== 0);
    } else if (opcode === 0x07) this.inside.errors = 0;
    else if (opcode === 0x0d) this.inside.setup.registers.set(data.subarray(2), word(data, 0));
    else if (opcode === 0x0e) this.inside.buffer.set(data.subarray(1), data[0]);
    else if (opcode === 0x80)
      this.enter(data[0] === 1 ? "standby-xosc" : "standby-rc", data[0] === 1 ? this.clockUs() : 0);
    else if (opcode === 0x82) this.receive("receiving", word(data, 0) * 256 + (data[2] as number) === endless);
    else if (opcode === 0x83) this.transmit((word(data, 0) * 256 + (data[2] as number)) / stepsPerMs);
    else if (opcode === 0x84) this.sleep(((data[0] as number) & 0x04) !== 0);
    else if (opcode === 0x89) this.hold(busyUs.calibration + this.clockUs());
    else if (opcode === 0x94) this.receive("turns", fitsPreamble(data, this.inside.setup.preambleUs));
    else if (opcode === 0x98) {
      this.inside.setup.imageCalibrated = data[0] === 0xd7 && data[1] === 0xdb;
      this.hold(busyUs.image);
    } else learn(this.inside.setup, opcode, data);
    if (opcode === 0x97) this.inside.errors |= oscillatorFault;
  }

  private receive(mode: "receiving" | "turns", isSound: boolean): void {
    if (!isSound) this.breach(mode === "turns" ? "turns that a preamble can miss" : "reception with an end");
    const clockUs = this.clockUs();
    this.rxAt = this.inside.setup.rxBase;
    this.enter(mode, clockUs + busyUs.mode);
    this.listensFromUs = this.queue.nowMs * 1000 + clockUs + busyUs.mode;
    if (mode === "turns") this.busy.set(true);
  }

  private transmit(limitMs: number): void {
    const { setup } = this.inside;
    const bytes = this.inside.buffer.slice(setup.txBase, setup.txBase + setup.length);
    const off = setup.offChannel(sx1262Defaults.syncWord);
    for (const each of [...off, ...setup.unfitToSend()]) this.breach(`sends: ${each}`);
    this.enter("sending", this.clockUs() + busyUs.mode);
    const sent = this.air.transmit(this.device, bytes, () => {
      if (this.sending !== sent || this.hangs) return;
      this.sending = undefined;
      this.book.sent++;
      this.enter(setup.fallback, 0);
      this.raise(flags.txDone);
    });
    sent.cut = off.length > 0;
    this.sending = sent;
    if (limitMs > 0)
      this.plan(Math.ceil(limitMs), () => {
        if (this.sending !== sent) return;
        this.hangs = false;
        this.breakOff();
        this.enter(setup.fallback, 0);
        this.raise(flags.timeout);
      });
  }

  private sleep(isWarm: boolean): void {
    if (!isWarm) this.inside.setup = new Sx1262Setup();
    this.enter("sleep", 0);
    const kept = this.inside.setup.registers[0x029f] as number;
    // Of the gain only what stands in the list of kept registers outlives a sleep (9.6).
    if (kept === 0) this.inside.setup.registers[0x08ac] = 0x94;
    this.busy.set(true);
  }

  private wake(): void {
    this.enter("standby-rc", busyUs.warmStart);
  }

  /** Until then BUSY is high; a time too short to be seen at whole milliseconds still has its two edges. */
  private hold(forUs: number): void {
    this.busy.set(true);
    if (this.stuck !== "no") return;
    this.plan(Math.round(forUs / 1000), () => this.busy.set(false));
  }

  private enter(mode: ChipMode, afterUs: number): void {
    if (this.mode === "sending" && mode !== "sending") this.breakOff();
    this.cancelPlans();
    this.mode = mode;
    if (mode !== "sleep" && mode !== "turns") this.hold(afterUs);
  }

  private breakOff(): void {
    if (this.sending === undefined) return;
    this.sending.cut = true;
    this.sending.endUs = Math.min(this.sending.endUs, this.queue.nowMs * 1000);
    this.sending = undefined;
  }

  private raise(bits: number): void {
    this.inside.irq |= bits & this.inside.setup.irqMask;
    this.dio1.set((this.inside.irq & this.inside.setup.dioMask) !== 0);
  }

  /** What a TCXO takes to start, where its clock does not run. */
  private clockUs(): number {
    return this.mode === "standby-rc" ? this.inside.setup.tcxoUs : 0;
  }

  private powerUp(): void {
    if (this.mode === "reset") this.book.resets++;
    if (this.stuck === "until-reset") this.stuck = "no";
    this.inside = newInsides();
    this.dio1.set(false);
    this.enter("standby-rc", busyUs.coldStart);
  }

  private stop(): void {
    this.enter("reset", 0);
    this.cancelPlans();
    this.busy.set(true);
  }

  private plan(afterMs: number, run: () => void): void {
    const handle = this.queue.after(afterMs, () => {
      this.plans.delete(handle);
      run();
    });
    this.plans.add(handle);
  }

  private cancelPlans(): void {
    for (const handle of this.plans) this.queue.cancel(handle);
    this.plans.clear();
  }

  private refuse(text: string): void {
    this.book.refused++;
    this.status = failed;
    this.breach(text);
  }

  private breach(text: string): void {
    this.book.breaches.push(text);
  }
}
