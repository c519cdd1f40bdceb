/**
 * One life of a unit, from power-on to power cut: the firmware gets its ports through here, so that the power can go
 * between any two of its acts on the world. What it had opened is closed then, what it had planned never comes, flash stays.
 */
import type { UnitHost } from "../firmware/ports/host.ts";
import type { Radio } from "../firmware/ports/radio.ts";
import type { Serial } from "../firmware/ports/serial.ts";
import type { DatagramSocket, OpenDatagramSocket } from "../firmware/ports/socket.ts";
import type { Stream } from "../firmware/ports/stream.ts";
import type { SimClock } from "./core/sim-clock.ts";
import { PowerCut } from "./flash.ts";
import { type Heard, type LifeHand, throughHand } from "./house/life-ports.ts";

type Opener =
  | "openRadio"
  | "openBroadband"
  | "openBroadbandStream"
  | "openModemLine"
  | "openModemData"
  | "openServiceLine";

export class UnitLife {
  /** What the firmware is started with. */
  readonly host: UnitHost;
  /** Packets and bytes sent, lamps set, words said, loads switched, flash written: what others can see or a later life can find. */
  acts: number;
  /** Timers that have gone off: each wakes the device. */
  wakeUps: number;
  private readonly clock: SimClock;
  private readonly onCut: () => void;
  private readonly opened: { close(): void }[];
  private cutAt: number;
  private over: boolean;

  /** `ports` on `clock`, which is this life's own; `onCut` hears of a cut that cutAfter() had planned. */
  constructor(ports: UnitHost, clock: SimClock, onCut: () => void) {
    this.acts = 0;
    this.wakeUps = 0;
    this.clock = clock;
    this.onCut = onCut;
    this.opened = [];
    this.cutAt = Number.POSITIVE_INFINITY;
    this.over = false;
    this.host = this.wrap(ports);
  }

  /** Runs what starts the firmware. */
  start(firmware: (host: UnitHost) => void): void {
    this.guard(() => firmware(this.host))();
  }

  /** The power goes in the place of the act after `acts` more. */
  cutAfter(acts: number): void {
    this.cutAt = this.acts + acts;
  }

  /** The power goes now. Nothing of this life acts any more. */
  end(): void {
    if (this.over) return;
    this.over = true;
    this.clock.stop();
    for (const each of this.opened) each.close();
  }

  private wakeUp(run: () => void): () => void {
    return () => {
      this.wakeUps++;
      if (this.over) return;
      try {
        run();
      } catch (error) {
        this.torn(error);
      }
    };
  }

  private act(): void {
    if (this.over || this.acts >= this.cutAt) throw new PowerCut("the unit has no power");
    this.acts++;
  }

  /** Chip and firmware are torn out of what they were doing; the world around them goes on. */
  private guard<A extends Heard>(callback: (...heard: A) => void): (...heard: A) => void {
    const hear = callback as (first?: unknown, second?: unknown) => void;
    return (first?: unknown, second?: unknown) => {
      if (this.over) return;
      try {
        hear(first, second);
      } catch (error) {
        this.torn(error);
      }
    };
  }

  private torn(error: unknown): void {
    if (!(error instanceof PowerCut)) throw error;
    if (this.over) return;
    this.end();
    this.onCut();
  }

  private keep<T extends { close(): void }>(port: T): T {
    this.opened.push(port);
    return port;
  }

  private wrap(ports: UnitHost): UnitHost {
    const { flash, signals } = ports;
    const hand: LifeHand = {
      act: () => this.act(),
      guard: (callback) => this.guard(callback),
      keep: (port) => this.keep(port),
      end: () => this.end(),
    };
    return {
      ...ports,
      ...throughHand(ports, hand),
      ...this.openers(ports),
      clock: { nowMs: () => this.clock.nowMs(), after: (delayMs, run) => this.clock.after(delayMs, this.wakeUp(run)) },
      flash: {
        sectorSize: flash.sectorSize,
        sectorCount: flash.sectorCount,
        programUnit: flash.programUnit,
        erase: (sector) => {
          this.act();
          return flash.erase(sector);
        },
        program: (address, bytes) => {
          this.act();
          return flash.program(address, bytes);
        },
        read: (address, into) => flash.read(address, into),
      },
      signals: {
        show: (signal) => {
          this.act();
          signals.show(signal);
        },
      },
    };
  }

  /** What the unit hears and says the world through. */
  private openers(ports: UnitHost): Pick<UnitHost, Opener> {
    const { openRadio, openBroadband, openBroadbandStream, openModemLine, openModemData, openServiceLine } = ports;
    return {
      openRadio: ({ onReadable, onBusy }) => {
        const heard = { onReadable: this.guard(onReadable), onBusy: onBusy && this.guard(onBusy) };
        return this.radio(this.keep(openRadio(heard)));
      },
      openBroadband: this.datagrams(openBroadband),
      openBroadbandStream:
        openBroadbandStream === undefined
          ? undefined
          : ({ to, serverName, trust, onReady, onReadable, onFault }) =>
              this.stream(
                this.keep(
                  openBroadbandStream({
                    to,
                    serverName,
                    trust,
                    onReady: this.guard(onReady),
                    onReadable: this.guard(onReadable),
                    onFault: this.guard(onFault),
                  }),
                ),
              ),
      openModemLine: this.line(openModemLine),
      openModemData: this.datagrams(openModemData),
      openServiceLine: this.line(openServiceLine),
    };
  }

  private radio(radio: Radio): Radio {
    return {
      send: (bytes) => {
        this.act();
        radio.send(bytes);
      },
      listen: (forMs) => radio.listen(forMs),
      read: () => radio.read(),
      close: () => radio.close(),
    };
  }

  private datagrams(open: OpenDatagramSocket | undefined): OpenDatagramSocket | undefined {
    if (open === undefined) return undefined;
    return ({ localPort, onReady, onReadable, onFault }) =>
      this.socket(
        this.keep(
          open({
            localPort,
            onReady: this.guard(onReady),
            onReadable: this.guard(onReadable),
            onFault: this.guard(onFault),
          }),
        ),
      );
  }

  private socket(socket: DatagramSocket): DatagramSocket {
    return {
      ...(socket.recall === undefined ? {} : { recall: (bytes: Uint8Array) => socket.recall?.(bytes) }),
      send: (bytes, to) => {
        this.act();
        socket.send(bytes, to);
      },
      read: () => socket.read(),
      close: () => socket.close(),
    };
  }

  private stream(stream: Stream): Stream {
    return {
      write: (bytes) => {
        this.act();
        stream.write(bytes);
      },
      read: () => stream.read(),
      close: () => stream.close(),
    };
  }

  private line(open: UnitHost["openModemLine"]): UnitHost["openModemLine"] {
    if (open === undefined) return undefined;
    return ({ baud, onReadable }) => this.serial(this.keep(open({ baud, onReadable: this.guard(onReadable) })));
  }

  private serial(serial: Serial): Serial {
    return {
      read: () => serial.read(),
      write: (bytes) => {
        this.act();
        serial.write(bytes);
      },
      close: () => serial.close(),
    };
  }
}
