/** The unit's own firmware on ports that play a list: what comes is the list's, what it orders goes to the stage. */
import type { UnitHost } from "../../../firmware/ports/host.ts";
import type { SocketFault } from "../../../firmware/ports/socket.ts";
import type { PeerProof } from "../../../firmware/ports/stream.ts";
import type { UnitSettings } from "../../../firmware/settings.ts";
import type { StreamFault } from "../../../firmware/sip/stream-fault.ts";
import { Unit } from "../../../firmware/unit.ts";
import type { Input, ListHead, ListLine, OptionalPart } from "./list.ts";
import { bytesOf, revived, type Stage } from "./parts.ts";
import { PlayedClock, PlayedFlash, PlayedRadio, playedSecrets } from "./played-core.ts";
import { PlayedHouse } from "./played-house.ts";
import { PlayedNames, PlayedSerial, PlayedSockets, PlayedStreams } from "./played-lines.ts";

export class PlayedUnit {
  readonly host: UnitHost;
  private readonly stage: Stage;
  private readonly setup: unknown;
  private readonly clock: PlayedClock;
  private readonly radio: PlayedRadio;
  private readonly sockets: PlayedSockets;
  private readonly streams: PlayedStreams;
  private readonly names: PlayedNames;
  private readonly modem: PlayedSerial;
  private readonly service: PlayedSerial;
  private readonly house: PlayedHouse;

  constructor(stage: Stage, head: ListHead) {
    this.stage = stage;
    this.setup = head.setup;
    this.clock = new PlayedClock(stage);
    this.radio = new PlayedRadio(stage);
    this.sockets = new PlayedSockets(stage);
    this.streams = new PlayedStreams(stage);
    this.names = new PlayedNames(stage);
    this.modem = new PlayedSerial(stage, "modem");
    this.service = new PlayedSerial(stage, "service");
    this.house = new PlayedHouse(stage, head);
    const has = (part: OptionalPart): boolean => head.parts.indexOf(part) >= 0;
    this.host = Object.assign(
      {
        clock: this.clock.port,
        secrets: playedSecrets(head.random),
        flash: new PlayedFlash(stage, head).port,
        openRadio: this.radio.open,
        openBroadband: has("broadband") ? this.sockets.open : undefined,
        openBroadbandStream: has("streams") ? this.streams.open : undefined,
        lookUp: has("names") ? this.names.lookUp : undefined,
        openModemLine: has("modem") ? this.modem.open : undefined,
        openServiceLine: has("service") ? this.service.open : undefined,
        signals: { show: (signal: string) => stage.told("lamp", [signal]) },
        observe: stage.stepped,
      },
      this.house.ports,
    );
  }

  /** Power-on. */
  start(): void {
    new Unit(this.host, revived(this.setup) as UnitSettings);
  }

  hear(line: ListLine): void {
    const input = line.input;
    this.clock.atMs = line.at;
    switch (input[0]) {
      case "timer":
        this.clock.fire(this.stage, input[1]);
        return;
      case "radio":
        this.radio.hear(bytesOf(input[1]), input[2]);
        return;
      case "radio-busy":
        this.radio.busy(input[1]);
        return;
      case "serial":
        if (input[1] === "modem") this.modem.hear(bytesOf(input[2]));
        else this.service.hear(bytesOf(input[2]));
        return;
      default:
        if (!this.hearNetwork(input) && !this.house.hear(input)) throw new Error("a unit hears no " + input[0]);
    }
  }

  private hearNetwork(input: Input): boolean {
    switch (input[0]) {
      case "socket-ready":
        this.sockets.ready(input[1], { host: input[2], port: input[3] });
        return true;
      case "datagram":
        this.sockets.hear(input[1], bytesOf(input[2]), { host: input[3], port: input[4] });
        return true;
      case "socket-fault":
        this.sockets.fault(input[1], input[2] as SocketFault);
        return true;
      case "name":
        this.names.answer(input[1], input[2] === null ? undefined : input[2]);
        return true;
      case "stream-ready":
        this.streams.ready(input[1], { host: input[2], port: input[3] }, input[4] as PeerProof);
        return true;
      case "stream-bytes":
        this.streams.hear(input[1], bytesOf(input[2]));
        return true;
      case "stream-fault":
        this.streams.fault(input[1], input[2] as StreamFault);
        return true;
      default:
        return false;
    }
  }
}
