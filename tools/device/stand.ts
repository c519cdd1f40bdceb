/**
 * A unit in its box for whoever tries the tools: its firmware in real time in this process, its service line a pseudo-terminal under a
 * name of its own, which can be pulled like a cable and plugged in again while the unit goes on living.
 */
import type { OpenSerial, Serial, SerialOptions } from "../../firmware/ports/serial.ts";
import { defaultStaggerMs, departmentDefaults, type UnitSettings } from "../../firmware/settings.ts";
import { type BoxedButton, LiveStand, type LiveStandOptions } from "../../simulator/live/live-stand.ts";
import { openPty, type Pty } from "./pty.ts";
import { linkPty } from "./pty-link.ts";

export interface StandOptions extends Pick<LiveStandOptions, "allow" | "onNews" | "onDropped" | "speed"> {
  /** Where the service line is found. */
  readonly link: string;
  /** 16 bytes. */
  readonly serviceKey: Uint8Array;
  readonly buttons: readonly BoxedButton[];
}

export interface Stand {
  readonly unit: LiveStand;
  /** The cable of the service line. */
  pull(): void;
  plug(): void;
  /** Bytes of the service line that were lost because nobody read them. */
  lostCount(): number;
  close(): void;
}

/** The factory knows no receiver: nobody is at this address, and nobody has this larmkod. */
const factoryReceiver = {
  uri: "sip:nobody@factory.invalid",
  host: "127.0.0.1",
  port: 9,
  user: "",
  password: "",
  answerFrom: [],
};
export const factoryLarmkod = "0";

/** Switched on at once. Throws UserError (2 or 3) where the link cannot be made. */
export function openStand(options: StandOptions): Stand {
  const cable = new Cable(options.link);
  cable.plug();
  const { allow, onNews, onDropped, speed, buttons } = options;
  const unit = new LiveStand({
    delivered: factorySettings(options.serviceKey),
    local: { host: "127.0.0.1", port: 0 },
    allow,
    buttons,
    openServiceLine: cable.openDevice,
    speed,
    onNews,
    onDropped,
  });
  return {
    unit,
    pull: () => cable.pull(),
    plug: () => cable.plug(),
    lostCount: () => cable.lostCount(),
    close: () => {
      unit.close();
      cable.pull();
    },
  };
}

/** As a unit leaves the factory: in store, with its own service key. */
export function factorySettings(serviceKey: Uint8Array): Omit<UnitSettings, "bonds" | "localPort"> {
  return {
    cid: factoryLarmkod,
    domain: "factory.invalid",
    policy: "broadband-only",
    receivers: [factoryReceiver],
    modem: { apn: "", user: "", password: "", pin: "" },
    staggerMs: defaultStaggerMs,
    serviceKey,
    departments: { ...departmentDefaults, household: { ...departmentDefaults.household, firstLife: "stored" } },
  };
}

/** The unit's end stays; the other end comes and goes, and what is said without it is lost. */
class Cable {
  readonly openDevice: OpenSerial;
  private readonly link: string;
  private options: SerialOptions | undefined;
  private pty: Pty | undefined;
  private near: Serial | undefined;
  private unlink: () => void;
  private lost: number;

  constructor(link: string) {
    this.link = link;
    this.options = undefined;
    this.pty = undefined;
    this.near = undefined;
    this.unlink = () => {};
    this.lost = 0;
    this.openDevice = (options) => this.open(options);
  }

  plug(): void {
    if (this.pty !== undefined) return;
    const pty = openPty();
    this.pty = pty;
    this.unlink = linkPty(this.link, pty.path);
    if (this.options !== undefined) this.near = pty.openDevice(this.options);
  }

  pull(): void {
    const { pty } = this;
    if (pty === undefined) return;
    this.unlink();
    this.lost += pty.lostCount();
    pty.close();
    this.pty = undefined;
    this.near = undefined;
  }

  lostCount(): number {
    return this.lost + (this.pty?.lostCount() ?? 0);
  }

  private open(options: SerialOptions): Serial {
    this.options = options;
    this.near = this.pty?.openDevice(options);
    return {
      read: () => (this.options === options ? this.near?.read() : undefined),
      write: (bytes) => {
        if (this.options === options) this.near?.write(bytes);
      },
      close: () => {
        if (this.options !== options) return;
        this.options = undefined;
        this.near?.close();
      },
    };
  }
}
