/**
 * A UDP socket beside the AT line: what the host carries through the context that the line has set up. It is open while the
 * modem machine knows of a context, and never wants the line itself.
 */
import type { Fact } from "../../protocol/at/answers.ts";
import type { Datagram, DatagramOptions, DatagramSocket, Endpoint, OpenDatagramSocket } from "../ports/socket.ts";
import type { LineJob } from "./line-user.ts";
import type { NumberedUser, SocketOwner } from "./numbered-user.ts";

/** `down`: no context; `opening`: the host goes on trying. */
type SocketAt = "down" | "opening" | "open" | "ended";

/** In bytes, as over the line: what no unit may send is a mistake. */
const longestDatagram = 1_460;

export class DataSocket implements DatagramSocket, NumberedUser {
  readonly needsContext: boolean;
  readonly id: number;
  readonly number: number;
  at: SocketAt;
  private readonly openSocket: OpenDatagramSocket;
  private readonly options: DatagramOptions;
  private readonly owner: SocketOwner;
  private socket: DatagramSocket | undefined;

  constructor(id: number, openSocket: OpenDatagramSocket, options: DatagramOptions, owner: SocketOwner) {
    this.needsContext = true;
    this.id = id;
    this.number = -1;
    this.at = "down";
    this.openSocket = openSocket;
    this.options = options;
    this.owner = owner;
    this.socket = undefined;
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (bytes.length > longestDatagram) throw new Error("data-socket: datagram too long");
    if (this.at === "open" && this.socket !== undefined && bytes.length > 0) this.socket.send(bytes, to);
  }

  recall(bytes: Uint8Array): void {
    const socket = this.socket;
    if (socket !== undefined && socket.recall !== undefined) socket.recall(bytes);
  }

  read(): Datagram | undefined {
    return this.socket === undefined ? undefined : this.socket.read();
  }

  close(): void {
    this.shut();
    this.at = "ended";
  }

  begin(): void {
    if (this.at !== "ended") this.open();
  }

  /** The modem has lost its context, or is gone. */
  end(): void {
    if (this.at !== "ended") this.leave("down");
  }

  reopen(): void {
    if (this.at === "ended" || this.at === "down") return;
    this.leave("opening");
    this.open();
  }

  next(): LineJob | undefined {
    return undefined;
  }

  begun(): void {}

  answered(): void {}

  unanswered(): void {}

  hear(_fact: Fact): void {}

  hearLine(): void {}

  takeNumber(): void {}

  forgetNumber(): void {}

  private open(): void {
    this.shut();
    this.at = "opening";
    const options = this.options;
    this.socket = this.openSocket({
      localPort: options.localPort,
      onReady: (local) => {
        this.at = "open";
        options.onReady(local);
      },
      onReadable: (datagramCount) => options.onReadable(datagramCount),
      onFault: (fault) => {
        const wasOpen = this.at === "open";
        this.at = "opening";
        if (wasOpen) options.onFault(fault);
        // Only the line can tell whether there is still a context, or a modem.
        this.owner.doubt();
      },
    });
  }

  /** Who uses the socket hears of it only where it could use it before. */
  private leave(to: SocketAt): void {
    const wasOpen = this.at === "open";
    this.shut();
    this.at = to;
    if (wasOpen) this.options.onFault("lost");
  }

  private shut(): void {
    const socket = this.socket;
    this.socket = undefined;
    if (socket !== undefined) socket.close();
  }
}
