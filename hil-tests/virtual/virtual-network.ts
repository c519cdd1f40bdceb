/** The network cable of a virtual unit: pulled, its socket has no link; plugged in, it is ready again under the same address. */
import type { DatagramOptions, DatagramSocket, Endpoint, OpenDatagramSocket } from "../../firmware/ports/socket.ts";

interface Wired {
  readonly options: DatagramOptions;
  readonly socket: DatagramSocket;
  local: Endpoint | undefined;
}

export class VirtualNetwork {
  private isPlugged: boolean;
  private wired: Wired[];

  constructor() {
    this.isPlugged = true;
    this.wired = [];
  }

  /** What `LiveStandOptions.throughNetwork` takes. */
  readonly through = (open: OpenDatagramSocket): OpenDatagramSocket => {
    return (options) => {
      const socket = open({
        localPort: options.localPort,
        onReady: (local) => {
          wired.local = local;
          if (this.isPlugged) options.onReady(local);
          else options.onFault("no-link");
        },
        onReadable: (count) => {
          if (this.isPlugged) options.onReadable(count);
          else while (socket.read() !== undefined); // what comes to a pulled cable is lost
        },
        onFault: (fault) => options.onFault(fault),
      });
      const wired: Wired = { options, socket, local: undefined };
      this.wired.push(wired);
      return {
        send: (bytes, to) => {
          if (this.isPlugged) socket.send(bytes, to);
        },
        read: () => (this.isPlugged ? socket.read() : undefined),
        close: () => {
          this.wired = this.wired.filter((each) => each !== wired);
          socket.close();
        },
      };
    };
  };

  /** The unit hears of it a moment later, from inside no other word. */
  plug(isPlugged: boolean): void {
    if (isPlugged === this.isPlugged) return;
    this.isPlugged = isPlugged;
    for (const { options, local } of this.wired)
      setImmediate(() => {
        if (this.isPlugged !== isPlugged) return;
        if (!isPlugged) options.onFault("no-link");
        else if (local !== undefined) options.onReady(local);
      });
  }
}
