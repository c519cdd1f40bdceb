/** A receiver in real time on a real UDP port, for units under test and for people at a desk. */
import { randomInt } from "node:crypto";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { LiveClock } from "../live/live-clock.ts";
import { liveSockets } from "../live/live-sockets.ts";
import { Receiver, type ReceiverHost, type ReceiverOptions } from "./receiver.ts";

export interface LiveReceiver {
  readonly receiver: Receiver;
  /** Where it listens; the port that was given where 0 was asked for. */
  readonly address: Endpoint;
  /** Nothing is heard, sent or waited for any more. */
  close(): void;
}

export interface LiveReceiverOptions extends Omit<ReceiverOptions, "address"> {
  readonly listen: Endpoint;
  /** Addresses beyond loopback that may talk to it. */
  readonly allow?: readonly string[];
}

/** Opens the port and starts to listen. Rejects with a ListenError where the port cannot be had. */
export function openLiveReceiver(options: LiveReceiverOptions): Promise<LiveReceiver> {
  return new Promise((resolve, reject) => {
    const clock = new LiveClock();
    let receiver: Receiver | undefined;
    const open = liveSockets({ host: options.listen.host, allow: options.allow ?? [], onListenError: reject });
    const socket = open({
      localPort: options.listen.port,
      onReady: (address) => {
        const started = new Receiver(host, { ...options, address });
        receiver = started;
        const close = (): void => {
          started.setMode("refuse-connect"); // what is still to be sent would keep the process alive
          socket.close();
        };
        resolve({ receiver: started, address, close });
      },
      onReadable: () => {
        for (let due = socket.read(); due !== undefined; due = socket.read())
          receiver?.receive(due.bytes, due.from, "udp");
      },
      onFault: () => {},
    });
    const host: ReceiverHost = {
      nowMs: () => clock.nowMs(),
      wallMs: () => Date.now(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
      below: (n) => randomInt(n),
      send: (bytes, to) => socket.send(bytes, to),
    };
  });
}
