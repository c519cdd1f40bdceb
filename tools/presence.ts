/** Whether anybody listens on a UDP port: the system says so by ICMP, at once on loopback, perhaps never from afar. */
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Endpoint } from "../firmware/ports/socket.ts";

/** A SIP keep-alive (RFC 5626 3.5.1): nobody takes it for a message. */
const keepAlive = "\r\n\r\n";
const waitMs = 200;

/** True where the system reports that the port is closed; false where it says nothing. */
export function isAbsent(endpoint: Endpoint): Promise<boolean> {
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
