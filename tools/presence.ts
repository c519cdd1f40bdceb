/** Whether anybody listens on a port: the system says so, of UDP by ICMP, at once on loopback, perhaps never from afar. */
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import type { Endpoint } from "../firmware/ports/socket.ts";
import type { ListenPoint } from "../simulator/live/live-doors.ts";

/** A SIP keep-alive (RFC 5626 3.5.1): nobody takes it for a message. */
const keepAlive = "\r\n\r\n";
const waitMs = 200;

/** True where the system reports that the port is closed; false where it says nothing. */
export function isAbsent(point: ListenPoint): Promise<boolean> {
  return point.transport === "udp" ? hearsNoDatagram(point) : takesNoConnection(point);
}

function hearsNoDatagram(endpoint: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(endpoint.host) ? "udp6" : "udp4");
    const end = (absent: boolean): void => {
      clearTimeout(timer);
      socket.close();
      resolve(absent);
    };
    const timer = setTimeout(() => end(false), waitMs);
    socket.once("error", () => end(true));
    socket.connect(endpoint.port, endpoint.host, () => socket.send(keepAlive));
  });
}

/** A silent connection that goes again: under TLS nobody has been greeted yet. */
function takesNoConnection({ host, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (absent: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(absent);
    };
    const timer = setTimeout(() => end(false), waitMs);
    socket.once("error", () => end(true));
    socket.once("connect", () => end(false));
  });
}
