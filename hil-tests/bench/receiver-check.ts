/** Whether a receiver double answers on its own port, asked as any SIP client would ask (RFC 3261 11, OPTIONS). */
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import type { ListenPoint } from "../../simulator/live/live-doors.ts";
import { RigError } from "./rig-error.ts";

/** Whom the double must not take for a unit: the user of From. */
export const checkUser = "rig-check";

const answerMs = 2_000;
const tries = 3;

/** Rejects with RigError. */
export async function checkReceiver(name: string, at: ListenPoint): Promise<void> {
  for (let left = tries; left > 0; left--) if (await (at.transport === "udp" ? isAnswering(at) : isOpen(at))) return;
  throw new RigError(
    "receiver",
    `receiver ${name} does not answer at ${at.transport}:${at.host}:${at.port}`,
    "is another program on that port, or a firewall before it?",
  );
}

function isAnswering({ host, port }: ListenPoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    const end = (answers: boolean): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answers);
    };
    const timer = setTimeout(() => end(false), answerMs);
    socket.on("message", (bytes) => end(bytes.toString("latin1").startsWith("SIP/2.0 ")));
    socket.on("error", () => end(false));
    socket.bind(0, host, () => socket.send(options(host, socket.address().port), port, host));
  });
}

function isOpen({ host, port }: ListenPoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(answerMs, () => end(false));
    socket.on("connect", () => end(true));
    socket.on("error", () => end(false));
  });
}

function options(host: string, port: number): string {
  const once = randomBytes(8).toString("hex");
  const at = host.includes(":") ? `[${host}]` : host;
  return [
    `OPTIONS sip:${at} SIP/2.0`,
    `Via: SIP/2.0/UDP ${at}:${port};branch=z9hG4bK${once};rport`,
    "Max-Forwards: 70",
    `From: <sip:${checkUser}@${at}>;tag=${once}`,
    `To: <sip:${at}>`,
    `Call-ID: ${once}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}
