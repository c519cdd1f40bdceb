/** What joins a home to its networks: broadband ports, and the modem on its line with the telephone in it. Each life of the unit has its own. */
import type { UnitHost } from "../firmware/ports/host.ts";
import { SocketDoor } from "./coarse/socket-door.ts";
import type { Lane } from "./core/digest.ts";
import { Stream } from "./core/prng.ts";
import type { SimClock } from "./core/sim-clock.ts";
import type { HomeOptions, Surroundings } from "./home.ts";
import type { Ailments } from "./house/ailments.ts";
import type { PowerPart } from "./house/power-part.ts";
import { type Bearer, watchedBearer } from "./network/bearer.ts";
import { broadbandPorts } from "./network/sim-socket.ts";
import { ModemPeer } from "./peers/modem.ts";
import { ModemCalls } from "./peers/modem-calls.ts";
import type { ModemPeerOptions } from "./peers/modem-options.ts";
import { Wire } from "./wire.ts";

type MobilePorts = Pick<UnitHost, "openModemLine" | "openModemData">;
type LinePorts = Pick<UnitHost, "openBroadband" | "openBroadbandStream"> & MobilePorts;

export class HomeLines {
  private readonly around: Surroundings;
  private readonly options: HomeOptions;
  private readonly lane: Lane;
  private readonly chance: Stream;
  private readonly supply: PowerPart;
  private readonly ailments: Ailments;
  private modem: ModemPeer | undefined;
  private calls: ModemCalls | undefined;

  /** `chance` is the modem's own; what is sent is paid for by `supply`. */
  constructor(
    around: Surroundings,
    options: HomeOptions,
    lane: Lane,
    chance: Stream,
    supply: PowerPart,
    ailments: Ailments,
  ) {
    this.around = around;
    this.options = options;
    this.lane = lane;
    this.chance = chance;
    this.supply = supply;
    this.ailments = ailments;
    this.modem = undefined;
    this.calls = undefined;
  }

  /** Its telephone in the mobile network; undefined without power, and where it has none. */
  get mobileCalls(): ModemCalls | undefined {
    return this.calls;
  }

  /** For one life of the unit, on that life's clock. */
  ports(clock: SimClock): LinePorts {
    const { around, options } = this;
    const { broadband, bearer } = options;
    const wired =
      broadband === undefined
        ? undefined
        : broadbandPorts(around.network, broadband.line, broadband.address, clock, (direction, bytes, what) =>
            this.seeBroadband(direction, bytes, what),
          );
    return {
      ...this.ailments.broadband({ openBroadband: wired?.openDatagram, openBroadbandStream: wired?.openStream }),
      ...(bearer === undefined ? { openModemLine: undefined } : this.mobilePorts(clock, bearer)),
    };
  }

  /** The unit's life is over, and its modem without power. */
  end(): void {
    this.modem?.power(false);
    this.modem = undefined;
    this.calls = undefined;
  }

  /** The modem's line, and a way beside it where the run plays modems at the socket level. */
  private mobilePorts(clock: SimClock, bearer: Bearer): MobilePorts {
    const { around, options } = this;
    const own = this.ailments.mobile(watchedBearer(bearer, (direction, bytes) => this.seeMobile(direction, bytes)));
    if (around.modem !== "sockets") return { openModemLine: this.modemLine(clock, own) };
    const chance = new Stream(around.seed, "modem sockets", options.index);
    const door = new SocketDoor({
      nowMs: () => clock.nowMs(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
      below: (n) => chance.below(n),
      isSilent: () => this.modem?.faults.silent === true,
    });
    return { openModemLine: this.modemLine(clock, door.through(own)), openModemData: door.openDatagram };
  }

  private modemLine(clock: SimClock, bearer: Bearer): UnitHost["openModemLine"] {
    const { around } = this;
    const wire = new Wire(
      {
        clock,
        random: this.chance,
        onBytes: (direction, bytes) => {
          this.lane.bytes(around.queue.nowMs, direction, bytes);
          around.witness.modemLine(around.queue.nowMs, this.options.index, direction, bytes);
        },
      },
      (bytes) => modem.receive(bytes),
    );
    const modem = new ModemPeer(
      {
        nowMs: () => clock.nowMs(),
        after: (delayMs, callback) => clock.after(delayMs, callback),
        below: (n) => this.chance.below(n),
      },
      {
        bearer,
        parts: this.telephoneParts(),
      },
      (bytes) => wire.write(bytes),
    );
    this.modem = modem;
    this.ailments.modem(modem);
    return wire.openDevice;
  }

  private telephoneParts(): NonNullable<ModemPeerOptions["parts"]> {
    const mobile = this.options.telephones?.mobile;
    if (mobile === undefined) return [];
    return [
      (modem) => {
        this.calls = new ModemCalls(modem, { ...mobile, vendor: "quectel" });
        return this.calls;
      },
    ];
  }

  /** Segments are for the digest, what they carry is for those who watch. */
  private seeBroadband(
    direction: "sent" | "received",
    bytes: Uint8Array,
    what: "datagram" | "segment" | "stream",
  ): void {
    const { queue, witness } = this.around;
    if (what !== "stream") this.lane.bytes(queue.nowMs, `broadband ${direction}`, bytes);
    if (what !== "stream" && direction === "sent") this.supply.sent("broadband");
    if (what !== "segment") witness.datagram(queue.nowMs, this.options.index, "broadband", direction, bytes);
  }

  private seeMobile(direction: "sent" | "received", bytes: Uint8Array): void {
    const { queue, witness } = this.around;
    this.lane.bytes(queue.nowMs, `mobile ${direction}`, bytes);
    if (direction === "sent") this.supply.sent("mobile");
    witness.datagram(queue.nowMs, this.options.index, "mobile", direction, bytes);
  }
}
