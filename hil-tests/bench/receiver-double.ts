/** The receiver double: a receiver of the simulator in real time on this machine's ports, whose mode the test sets. */
import type { ListenPoint } from "../../simulator/live/live-doors.ts";
import { ListenError } from "../../simulator/live/live-sockets.ts";
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { type LiveReceiver, openLiveReceiver } from "../../simulator/peers/receiver-live.ts";
import type { ReceiverMode } from "../../simulator/peers/receiver-modes.ts";
import type { BenchClock, BenchReceiver, HeardByReceiver } from "./bench.ts";
import { Happenings } from "./happenings.ts";
import { checkReceiver, checkUser } from "./receiver-check.ts";
import { RigError } from "./rig-error.ts";

export interface DoubleOptions {
  readonly name: string;
  readonly uri: string;
  readonly listen: ListenPoint;
  /** What is told of its host instead of where it listens; the misbehaving bench's foreign one. */
  readonly saidHost?: string | undefined;
  readonly allow: readonly string[];
  readonly clock: BenchClock;
}

export interface ReceiverDouble extends BenchReceiver {
  close(): void;
}

const latencyMs = { least: 1, most: 5 };

/** Listens from now on. Rejects with RigError where the port cannot be had. */
export async function openDouble(options: DoubleOptions): Promise<ReceiverDouble> {
  const { name, uri, listen, clock, saidHost } = options;
  const heard = new Happenings<HeardByReceiver>(`receiver ${name}`, clock, textOf);
  const live = await listening(options, (event) => {
    if (event.cid !== checkUser) heard.add({ ...event, hostMs: clock.nowMs() });
  });
  const at = live.addresses[0] as ListenPoint;
  return {
    name,
    uri,
    host: saidHost ?? at.host,
    port: at.port,
    transport: listen.transport,
    events: heard.all,
    expect: (what, matches, withinMs, sinceMs) => heard.expect(what, matches, withinMs, sinceMs),
    setMode: (mode: ReceiverMode) => live.setMode(mode),
    check: () => checkReceiver(name, at),
    close: () => {
      heard.close();
      live.close();
    },
  };
}

async function listening(options: DoubleOptions, onEvent: (event: ReceiverEvent) => void): Promise<LiveReceiver> {
  const { name, listen, allow } = options;
  try {
    return await openLiveReceiver({
      name,
      listen: [listen],
      mode: "normal",
      latencyMs,
      allow,
      onEvent,
    });
  } catch (thrown) {
    if (!(thrown instanceof ListenError)) throw thrown;
    throw new RigError(
      "receiver",
      `receiver ${name}: ${thrown.message}`,
      "end what listens there, or another port in the bench file",
    );
  }
}

function textOf({ type, cid, ref, stc, answer }: ReceiverEvent): string {
  return [type, cid, ref, stc === undefined ? "" : `stc=${stc}`, answer].filter((word) => word !== "").join(" ");
}
