/** A thermometer with an alert output, as chips have it: it watches two borders by itself and says once that one was passed. */
import type { OpenThermometer, ThermometerOptions } from "../../firmware/ports/thermometer.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import type { Climate } from "./climate.ts";
import type { Note } from "./notes.ts";

export class ThermometerPart {
  readonly open: OpenThermometer;
  private readonly queue: EventQueue;
  private readonly climate: Climate;
  private readonly note: Note;
  private port: ThermometerOptions | undefined;
  private borders: { readonly belowDeciC: number; readonly aboveDeciC: number } | undefined;
  private planned: Handle | undefined;

  constructor(queue: EventQueue, climate: Climate, note: Note) {
    this.queue = queue;
    this.climate = climate;
    this.note = note;
    this.port = undefined;
    this.borders = undefined;
    this.planned = undefined;
    this.open = (port) => this.opened(port);
    climate.listen(() => this.plan());
  }

  private opened(port: ThermometerOptions): ReturnType<OpenThermometer> {
    this.port = port;
    return {
      deciC: () => {
        const deciC = this.climate.deciC(this.queue.nowMs);
        this.note("thermometer", { type: "measured", deciC });
        return deciC;
      },
      watch: (belowDeciC, aboveDeciC) => {
        this.borders = { belowDeciC, aboveDeciC };
        this.note("thermometer", { type: "watch", belowDeciC, aboveDeciC });
        this.plan();
      },
      close: () => {
        this.port = undefined;
        this.borders = undefined;
        this.plan();
      },
    };
  }

  private plan(): void {
    if (this.planned !== undefined) this.queue.cancel(this.planned);
    this.planned = undefined;
    if (this.borders === undefined) return;
    const { belowDeciC, aboveDeciC } = this.borders;
    const atMs = this.climate.firstOutside(this.queue.nowMs, belowDeciC, aboveDeciC);
    if (atMs !== undefined) this.planned = this.queue.at(atMs, () => this.pass());
  }

  private pass(): void {
    this.planned = undefined;
    this.borders = undefined;
    this.note("thermometer", { type: "passed" });
    this.port?.onPassed();
  }
}
