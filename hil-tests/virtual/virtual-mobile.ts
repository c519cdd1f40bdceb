/**
 * The mobile network of a virtual bench: the modem of its unit, whose data leaves by real sockets on loopback, and the bench's own modem
 * behind a pseudo-terminal, with one telephone exchange and one centre for texts between them, in the bench's time.
 */
import { randomInt } from "node:crypto";
import type { OpenSerial, Serial, SerialOptions } from "../../firmware/ports/serial.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import { Exchange } from "../../simulator/house/phone-exchange.ts";
import { LiveBearer } from "../../simulator/live/live-bearer.ts";
import type { LiveStandTime } from "../../simulator/live/live-stand-time.ts";
import type { Bearer } from "../../simulator/network/bearer.ts";
import { SmsCentre } from "../../simulator/network/sms-centre.ts";
import { BenchBearer } from "../../simulator/peers/bench-bearer.ts";
import { ModemPeer } from "../../simulator/peers/modem.ts";
import { ModemCalls } from "../../simulator/peers/modem-calls.ts";
import { IdentityPart } from "../../simulator/peers/modem-identity.ts";
import { MessagesPart } from "../../simulator/peers/modem-messages.ts";
import { openPty, type Pty } from "../../tools/device/pty.ts";

/** Number and model of each. The bench's own was switched on long ago. */
const unitModem = {
  model: "EG95",
  number: "+46700000001",
  iccid: "89460110000000000017",
  bootMs: { least: 500, most: 900 },
};
export const benchModem = {
  model: "EG95",
  number: "+46700000002",
  iccid: "89460110000000000025",
  bootMs: { least: 0, most: 1 },
};

const quick = {
  answerMs: { least: 5, most: 40 },
  searchMs: { least: 50, most: 200 },
};
const textMs = { least: 200, most: 900 };
const baud = 115_200;

export interface VirtualMobileOptions {
  readonly time: LiveStandTime;
  /** Own address of the unit's data. */
  readonly address: string;
}

export class VirtualMobile {
  /** The unit's end of its modem line. */
  readonly openModemLine: OpenSerial;
  /** Where the bench's own modem is found. */
  readonly path: string;
  private readonly time: LiveStandTime;
  private readonly bearer: LiveBearer;
  private readonly pty: Pty;
  private readonly ptySerial: Serial;
  private isSimIn: boolean;
  private device: SerialOptions | undefined;
  private toDevice: Uint8Array[];

  constructor({ time, address }: VirtualMobileOptions) {
    this.time = time;
    this.isSimIn = true;
    this.device = undefined;
    this.toDevice = [];
    this.bearer = new LiveBearer({
      address,
      allow: [],
      authorities: [],
      enter: (run) => time.enter(run),
      onDropped: () => {},
      onRefusedPort: () => {},
    });
    const clock = new SimClock(time.queue);
    const exchange = new Exchange(clock);
    const centre = new SmsCentre(hostOf(clock), { startWallMs: Date.now(), delayMs: textMs });
    const unitPeer = this.peerOf(clock, unitModem, this.bearer, exchange, centre, (bytes) => this.tell(bytes));
    this.openModemLine = (options) => this.open(options, unitPeer);
    this.pty = openPty();
    this.path = this.pty.path;
    const benchPeer = this.peerOf(clock, benchModem, new BenchBearer(), exchange, centre, (bytes) =>
      this.ptySerial.write(bytes),
    );
    this.ptySerial = this.pty.openDevice({
      baud,
      onReadable: () => {
        for (let bytes = this.ptySerial.read(); bytes !== undefined; bytes = this.ptySerial.read()) {
          const heard = bytes;
          time.enter(() => benchPeer.receive(heard));
        }
      },
    });
    time.enter(() => {
      unitPeer.power(true);
      benchPeer.power(true);
    });
  }

  /** The unit's SIM; only from inside the bench's time. */
  insertSim(isIn: boolean): void {
    this.isSimIn = isIn;
    this.bearer.register(isIn);
  }

  close(): void {
    this.bearer.close();
    this.ptySerial.close();
    this.pty.close();
  }

  private peerOf(
    clock: SimClock,
    { model, number, iccid, bootMs }: typeof unitModem,
    bearer: Bearer,
    exchange: Exchange,
    centre: SmsCentre,
    write: (bytes: Uint8Array) => void,
  ): ModemPeer {
    const isSimIn = (): boolean => bearer !== this.bearer || this.isSimIn;
    const parts = [
      (modem: ModemPeer) => new ModemCalls(modem, { exchange, number, vendor: "quectel" }),
      (modem: ModemPeer) => new MessagesPart(modem, { number, centre, sendMs: textMs }),
      (modem: ModemPeer) => new IdentityPart(modem, { model, number, iccid: () => iccid }),
    ];
    const options = {
      bearer,
      model,
      parts,
      powered: false,
      bootMs,
      ...quick,
      get sim(): "present" | "absent" {
        return isSimIn() ? "present" : "absent";
      },
    };
    return new ModemPeer(hostOf(clock), options, write);
  }

  /** What either end says is heard by the other a moment later, never from inside its own word. */
  private open(options: SerialOptions, peer: ModemPeer): Serial {
    this.device = options;
    this.toDevice = [];
    const isOurs = (): boolean => this.device === options;
    return {
      read: () => (isOurs() ? this.toDevice.shift() : undefined),
      write: (bytes) => {
        const said = bytes.slice();
        if (isOurs()) this.time.after(1, () => peer.receive(said));
      },
      close: () => {
        if (isOurs()) this.device = undefined;
      },
    };
  }

  private tell(bytes: Uint8Array): void {
    const { device } = this;
    this.toDevice.push(bytes.slice());
    setImmediate(() => device?.onReadable(this.toDevice.reduce((sum, each) => sum + each.length, 0)));
  }
}

function hostOf(clock: SimClock) {
  return {
    nowMs: () => clock.nowMs(),
    after: (delayMs: number, callback: () => void) => clock.after(delayMs, callback),
    below: (n: number) => randomInt(n),
  };
}
