/**
 * The serial ports of a bench by what stands behind them: USB serial number and socket, never the number that the system gave. A port is
 * held only while something is said, and by one at a time.
 */
import { listPorts, type PortFound, type PortSources } from "../../tools/flash/ports.ts";
import { LineLost, openSerialLine, type SerialLine } from "../../tools/flash/serial-line.ts";
import { UserError } from "../../tools/user-error.ts";
import type { UsbPlace } from "./bench.ts";
import { RigError } from "./rig-error.ts";

export class SerialBoards {
  private readonly sources: PortSources | undefined;
  private readonly inUse: Map<string, Promise<unknown>>;

  /** `sources`: where ports are listed from; the system unless said. */
  constructor(sources?: PortSources) {
    this.sources = sources;
    this.inUse = new Map();
  }

  /** Where it is now; undefined: nowhere. Rejects with RigError where more than one port fits. */
  async locate(place: UsbPlace): Promise<string | undefined> {
    const fitting = (await this.ports()).filter((port) => isAt(port, place));
    const [first, second] = fitting;
    if (second === undefined) return first?.path;
    throw new RigError(
      "port",
      `${fitting.length} ports are ${placeText(place)}: ${fitting.map(({ path }) => path).join(", ")}`,
      "say serial number and socket in the bench file; livlina devices shows both",
    );
  }

  /** Opens the port, and lets it go whatever happens. Rejects with RigError where it is not there or goes away. */
  use<T>(place: UsbPlace, baud: number, work: (line: SerialLine) => Promise<T>): Promise<T> {
    const key = placeText(place);
    const before = this.inUse.get(key) ?? Promise.resolve();
    const done = before.catch(() => {}).then(() => this.held(place, baud, work));
    this.inUse.set(key, done);
    return done;
  }

  private async held<T>(place: UsbPlace, baud: number, work: (line: SerialLine) => Promise<T>): Promise<T> {
    const path = await this.locate(place);
    if (path === undefined)
      throw new RigError("port", `no port is ${placeText(place)}`, "is it plugged in? livlina devices shows what is");
    let line: SerialLine | undefined;
    try {
      line = await openSerialLine(path, baud);
      return await work(line);
    } catch (thrown) {
      if (thrown instanceof LineLost) throw new RigError("port", thrown.message, "plug it in again");
      if (thrown instanceof UserError) throw new RigError("port", thrown.message, thrown.hint);
      throw thrown;
    } finally {
      await line?.close();
    }
  }

  private async ports(): Promise<readonly PortFound[]> {
    const { ports } = this.sources === undefined ? await listPorts(false) : await listPorts(false, this.sources);
    return ports;
  }
}

/** Such as "A5069RR4 at 1-1.4". */
function placeText({ serialNumber, socket }: UsbPlace): string {
  return [serialNumber, socket === "" ? "" : `at ${socket}`].filter((word) => word !== "").join(" ");
}

function isAt(port: PortFound, { serialNumber, socket }: UsbPlace): boolean {
  return (
    (serialNumber === "" || port.serialNumber === serialNumber) &&
    // A device with more than one port has an interface behind a colon.
    (socket === "" || port.socket === socket || port.socket.startsWith(`${socket}:`))
  );
}
