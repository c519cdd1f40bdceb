/**
 * The power of one unit: mains that comes and goes, a charger, a backup battery, and the load that hangs on them. When
 * neither carries the unit any more its life ends, at one instant that is worked out and not waited for by ticks.
 */
import type { OpenPower, PowerOptions } from "../../firmware/ports/power.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import { Battery, backupBattery, type Wear } from "./battery.ts";
import type { Note } from "./notes.ts";
import type { PowerArea } from "./power-area.ts";

/** What the unit draws, in µA: always, less while the Wi-Fi rests, more while it speaks and under the test load. */
const standbyUa = 36_000;
const restingUa = 12_000;
const speakingUa = 250_000;
const testUa = 300_000;
const chargingUa = 500_000;

/** Charge for sending, in nC: a mobile datagram keeps the modem awake for 2 s, one over Wi-Fi for 50 ms. */
const sendingNc = { mobile: 300_000 * 2_000, broadband: 100_000 * 50 };

export interface PowerPartOptions {
  readonly queue: EventQueue;
  /** Undefined: the mains never goes by itself. */
  readonly area: PowerArea | undefined;
  readonly note: Note;
  /** The unit has power from now on, or none at all. */
  readonly onPower: (on: boolean) => void;
}

export class PowerPart {
  readonly open: OpenPower;
  /** What the supply's own lamp shows; undefined until the firmware has said so. */
  lamp: "mains" | "no-mains" | undefined;
  private readonly options: PowerPartOptions;
  private battery: Battery;
  private connected: boolean;
  private plugged: boolean;
  private running: boolean;
  private cold: boolean;
  private loaded: boolean;
  private speaking: boolean;
  private wifiRests: boolean;
  /** The battery's guard has cut it off; it lets go when the mains or another battery comes. */
  private guarded: boolean;
  private hadMains: boolean;
  private hadPower: boolean;
  private port: PowerOptions | undefined;
  private flat: Handle | undefined;

  constructor(options: PowerPartOptions) {
    const { queue, area } = options;
    this.options = options;
    this.lamp = undefined;
    this.battery = new Battery(() => queue.nowMs, backupBattery);
    this.connected = true;
    this.plugged = true;
    this.running = false;
    this.cold = true;
    this.loaded = false;
    this.speaking = false;
    this.wifiRests = false;
    this.guarded = false;
    this.hadMains = this.mains;
    this.hadPower = true;
    this.port = undefined;
    this.flat = undefined;
    this.open = (port) => this.opened(port);
    area?.listen(() => this.change());
  }

  get mains(): boolean {
    return this.plugged && (this.options.area?.isOn ?? true);
  }

  /** Whether mains or battery can carry the unit. */
  get isPowered(): boolean {
    return this.mains || (this.connected && !this.guarded);
  }

  get hasBattery(): boolean {
    return this.connected;
  }

  /** Charge of the battery, 0 to 1,000. */
  get batteryPermille(): number {
    return this.battery.permille();
  }

  /** A life of the unit begins; `cold`: there was no power before it. */
  begin(cold: boolean): void {
    this.cold = cold;
    this.running = true;
    this.change();
  }

  /** It ends: nothing is drawn any more, and what it had ordered is undone. */
  end(): void {
    this.running = false;
    this.loaded = false;
    this.speaking = false;
    this.wifiRests = false;
    this.lamp = undefined;
    this.change();
  }

  /** Somebody pulls the plug of this unit alone, or puts it back. */
  plug(plugged: boolean): void {
    this.plugged = plugged;
    this.change();
  }

  /** Somebody pulls out the battery, or puts it back. */
  connectBattery(connected: boolean): void {
    if (connected === this.connected) return;
    this.connected = connected;
    this.options.note("supply", { type: "battery", connected });
    if (connected) this.guarded = this.battery.isFlat(standbyUa);
    this.change();
    if (this.running) this.port?.onBattery(connected);
  }

  /** A new battery in place of the old one, full or so far. */
  replaceBattery(permille = 1_000): void {
    const { queue } = this.options;
    this.connectBattery(false);
    this.battery = new Battery(() => queue.nowMs, backupBattery);
    this.battery.setCharge(permille);
    this.connectBattery(true);
  }

  /** The battery is found with this charge. */
  setCharge(permille: number): void {
    this.battery.setCharge(permille);
    this.change();
  }

  /** The battery is found to have aged so far, or to fail. */
  wear(wear: Wear): void {
    this.battery.wear(wear);
    this.change();
  }

  /** The unit has sent a datagram. */
  sent(over: "mobile" | "broadband"): void {
    this.spend(sendingNc[over]);
  }

  /** Something took this charge; from the mains where the mains is there. */
  spend(nc: number): void {
    if (this.mains && !this.loaded) return;
    this.battery.spend(nc);
    this.plan();
  }

  speak(on: boolean): void {
    this.speaking = on;
    this.change();
  }

  restWifi(rest: boolean): void {
    this.wifiRests = rest;
    this.change();
  }

  private opened(port: PowerOptions): ReturnType<OpenPower> {
    if (this.port !== undefined) throw new Error("supply: opened twice in one life");
    const { note } = this.options;
    this.port = port;
    return {
      mainsAtStart: this.mains,
      batteryAtStart: this.connected,
      coldStart: this.cold,
      batteryMv: () => this.measure(),
      load: (on) => {
        note("supply", { type: "load", on });
        this.loaded = on && this.mains && this.connected;
        this.change();
      },
      showMains: (present) => {
        this.lamp = present ? "mains" : "no-mains";
        note("supply", { type: "lamp", present });
      },
      close: () => {
        this.port = undefined;
        this.loaded = false;
        this.change();
      },
    };
  }

  private measure(): number {
    const millivolts = this.connected ? this.battery.millivolts(this.batteryLoadUa()) : 0;
    this.options.note("supply", { type: "measured", millivolts });
    return millivolts;
  }

  private unitUa(): number {
    if (!this.running) return 0;
    return standbyUa - (this.wifiRests ? restingUa : 0) + (this.speaking ? speakingUa : 0);
  }

  /** What the battery carries now. */
  private batteryLoadUa(): number {
    if (!this.connected || this.guarded) return 0;
    if (this.loaded) return this.unitUa() + testUa;
    return this.mains ? 0 : this.unitUa();
  }

  /** Works out anew who carries the unit and until when, and tells of what has changed. */
  private change(): void {
    const mains = this.mains;
    const edge = mains !== this.hadMains;
    this.hadMains = mains;
    if (edge) {
      this.options.note("supply", { type: "mains", present: mains });
      this.loaded = false;
    }
    if (mains) this.guarded = false;
    const charges = mains && !this.loaded && this.connected;
    this.battery.draw(charges ? -chargingUa : this.batteryLoadUa());
    this.plan();
    if (edge && this.running && this.isPowered) this.port?.onMains(mains);
    this.tellPower();
  }

  private tellPower(): void {
    const powered = this.isPowered;
    if (powered === this.hadPower) return;
    this.hadPower = powered;
    this.options.note("supply", { type: "power", on: powered });
    this.options.onPower(powered);
  }

  private plan(): void {
    const { queue } = this.options;
    if (this.flat !== undefined) queue.cancel(this.flat);
    const inMs = this.battery.flatInMs();
    this.flat = inMs === undefined ? undefined : queue.after(inMs, () => this.runFlat());
  }

  private runFlat(): void {
    this.flat = undefined;
    this.options.note("supply", { type: "battery-flat" });
    if (this.mains) this.loaded = false;
    else this.guarded = true;
    this.change();
  }
}
