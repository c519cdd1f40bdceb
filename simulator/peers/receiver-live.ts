/** A receiver in real time on real ports, of all transports at once, for units under test and for people at a desk. */
import { randomInt } from "node:crypto";
import type { OpenMedia } from "../../firmware/ports/media.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { LiveClock } from "../live/live-clock.ts";
import { type Door, doorOf, type ListenPoint } from "../live/live-doors.ts";
import type { ListenerTls } from "../live/live-listener.ts";
import { liveMedia } from "../live/rtp/live-media.ts";
import { noLoudspeaker, toneMicrophone } from "../live/rtp/sound.ts";
import type { OperatorsOptions } from "./operators.ts";
import { Receiver } from "./receiver.ts";
import { type ReceiverEvent, receiverEvent } from "./receiver-events.ts";
import type { ReceiverMode } from "./receiver-modes.ts";
import type { ReceiverHost, ReceiverOptions } from "./receiver-options.ts";
import type { ReceiverTransport } from "./receiver-transactions.ts";

export interface LiveReceiver {
  readonly receiver: Receiver;
  /** Where it listens, in the order asked for; the port that was given where 0 was asked for. */
  readonly addresses: readonly ListenPoint[];
  /** From now on it behaves so. Where the mode hears nobody its ports are closed; otherwise they are open when this resolves. */
  setMode(mode: ReceiverMode): Promise<void>;
  /** Nothing is heard, sent or waited for any more. */
  close(): void;
}

/** Their voice is a tone. */
export type LiveOperators = Omit<OperatorsOptions, "openMedia">;

export interface LiveReceiverOptions extends Omit<ReceiverOptions, "address" | "addressOf" | "operators"> {
  readonly operators?: LiveOperators | undefined;
  /** At least one. */
  readonly listen: readonly ListenPoint[];
  /** For those that are TLS. */
  readonly tls?: ListenerTls | undefined;
  /** Addresses beyond loopback that may talk to it. */
  readonly allow?: readonly string[];
}

/** Far longer than anybody runs it: what waits so long keeps the process alive while every port is closed. */
const foreverMs = 2 ** 40;
/** An operator's voice. */
const voiceHz = 440;
const nobody: Endpoint = { host: "", port: 0 };

/** Opens the ports and starts to listen. Rejects with a ListenError where one cannot be had; none is open then. */
export async function openLiveReceiver(options: LiveReceiverOptions): Promise<LiveReceiver> {
  const { listen, tls, allow = [] } = options;
  const clock = new LiveClock();
  let receiver: Receiver | undefined;
  const doors = listen.map((point) =>
    doorOf({
      listen: point,
      tls,
      allow,
      onMessage: (bytes, from, transport) => {
        receiver?.receive(bytes, from, transport);
        // It went down over this one; what it said before still goes out.
        if (receiver?.admits(from) === false) setImmediate(() => shutDeaf());
      },
      onClosed: (from, transport, why) => options.onEvent(closedEvent(from, transport, why)),
    }),
  );
  const addresses = await openAll(doors);
  const host: ReceiverHost = {
    nowMs: () => clock.nowMs(),
    wallMs: () => Date.now(),
    after: (delayMs, callback) => clock.after(delayMs, callback),
    below: (n) => randomInt(n),
    send: (bytes, to, transport) => doorTo(doors, to, transport)?.send(bytes, to),
  };
  const address = addresses[0] as ListenPoint;
  const addressOf = (transport: ReceiverTransport): Endpoint =>
    addresses.find((own) => own.transport === transport) ?? address;
  const operators =
    options.operators === undefined
      ? undefined
      : { ...options.operators, openMedia: toneMedia(clock, address.host, allow) };
  const live = new Receiver(host, { ...options, operators, address, addressOf });
  receiver = live;
  const shutDeaf = (): void => {
    if (!live.admits(nobody)) shutAll(doors);
  };
  shutDeaf();
  const awake = clock.after(foreverMs, () => {});
  return {
    receiver: live,
    addresses,
    setMode: async (mode) => {
      const wasShut = !live.admits(nobody);
      live.setMode(mode);
      if (!live.admits(nobody)) shutAll(doors);
      else if (wasShut) await openAll(doors);
    },
    close: () => {
      live.setMode("refuse-connect"); // what is still to be sent would keep the process alive
      shutAll(doors);
      awake.cancel();
    },
  };
}

/** Each call has a voice of its own. */
function toneMedia(clock: LiveClock, host: string, allow: readonly string[]): OpenMedia {
  return (options) =>
    liveMedia({ clock, host, allow, microphone: toneMicrophone(voiceHz), loudspeaker: noLoudspeaker })(options);
}

async function openAll(doors: readonly Door[]): Promise<readonly ListenPoint[]> {
  try {
    const addresses: ListenPoint[] = [];
    for (const door of doors) addresses.push(await door.open());
    return addresses;
  } catch (thrown) {
    shutAll(doors);
    throw thrown;
  }
}

function shutAll(doors: readonly Door[]): void {
  for (const door of doors) door.shut();
}

/** The port that it was heard at, so that answers come from where they are expected. */
function doorTo(doors: readonly Door[], to: Endpoint, transport: ReceiverTransport): Door | undefined {
  const fitting = doors.filter((door) => door.transport === transport);
  return fitting.length === 1 ? fitting[0] : (fitting.find((door) => door.knows(to)) ?? fitting[0]);
}

function closedEvent(from: Endpoint, transport: ReceiverTransport, why: string): ReceiverEvent {
  return receiverEvent(
    { type: "rejected", cid: "", ref: "", mty: "", answer: "closed", why },
    Date.now(),
    from,
    transport,
  );
}
