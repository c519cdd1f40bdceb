/** What the flags of `livlina unit` ask for, as settings of a unit: receivers, ways to them, passwords, certificates. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIP, isIPv6 } from "node:net";
import type { Endpoint } from "../firmware/ports/socket.ts";
import { defaultStaggerMs, type RoutePolicy, routesOf, settingsFault } from "../firmware/settings.ts";
import type { ReceiverAddress } from "../firmware/sip/receiver-address.ts";
import { hostPortText, parseUri, type SipUri } from "../protocol/sip/uri.ts";
import type { ListenPoint } from "../simulator/live/live-doors.ts";
import type { LiveHomeOptions } from "../simulator/live/live-home.ts";
import { liveNames } from "../simulator/live/live-names.ts";
import { isAllowed } from "../simulator/live/live-sockets.ts";
import type { LiveTrust } from "../simulator/live/live-trust.ts";
import { allTransports, endpointOf, type PasswordFlags, passwordOf, refuseForeign } from "./live-flags.ts";
import { type ModemPlace, modemPlaceOf, modemSettings } from "./modem-flag.ts";
import { systemReason } from "./system-reason.ts";
import { type TelephoneFlags, voiceOf } from "./telephone-flags.ts";
import { authoritiesOf, type IdentityFlags, identityOf } from "./tls-flags.ts";
import { unknownChoice } from "./unknown-choice.ts";
import { UserError } from "./user-error.ts";

/** Those flags, as they were typed, that say what the unit is and whom it talks to. */
export interface PlanFlags extends PasswordFlags, IdentityFlags, TelephoneFlags {
  readonly receiver: string;
  readonly via: string;
  readonly secondVia?: string;
  readonly second?: string;
  readonly local?: string;
  readonly larmkod: string;
  readonly policy?: string;
  readonly modem?: string;
  readonly ca?: string;
  readonly serverName?: string;
  readonly tlsUnverified?: boolean;
  readonly register?: boolean;
  readonly nameServer?: string;
  readonly allow?: readonly string[];
}

export interface Plan extends Pick<LiveHomeOptions, "settings" | "local" | "allow" | "trust" | "lookUp"> {
  /** How each receiver is reached, first choice first. */
  readonly ways: readonly ListenPoint[];
  /** Undefined: the unit has none. */
  readonly modem: ModemPlace | undefined;
}

export const policies: readonly RoutePolicy[] = ["mobile-first", "broadband-first", "mobile-only", "broadband-only"];
export const exampleVia = "udp:127.0.0.1:5060";
export const exampleReceiver = "sip:larm@larm.example";
const noModem = { apn: "", user: "", password: "", pin: "" };

interface Named {
  readonly text: string;
  readonly uri: SipUri;
}

/** Throws UserError: 2 for wrong flags, 3 where no way leads there, 4 for what is not allowed. */
export async function planOf(flags: PlanFlags, environmentPassword: string | undefined): Promise<Plan> {
  const modem = flags.modem === undefined ? undefined : modemPlaceOf(flags.modem);
  if (flags.second !== undefined && flags.secondVia === undefined)
    throw new UserError("--second without --second-via", `--second-via ${exampleVia}`, 2);
  const allow = flags.allow ?? [];
  const first = uriOf("--receiver", flags.receiver);
  const second = flags.second === undefined ? first : uriOf("--second", flags.second);
  const nameServer = nameServerOf(flags.nameServer, allow);
  const ways = [viaOf("--via", flags.via, allow, first, nameServer)];
  if (flags.secondVia !== undefined) ways.push(viaOf("--second-via", flags.secondVia, allow, second, nameServer));
  const trust = trustOf(flags, ways);
  const password = safePassword(flags, environmentPassword, ways);
  const local = await localOf(flags.local, nameServer === undefined ? ways : [nameServer], allow);
  const account = { user: flags.user ?? "", password, answerFrom: [], register: flags.register === true };
  const receivers = ways.map((way, index): ReceiverAddress => {
    const { text, uri } = index === 0 ? first : second;
    return { uri: text, ...way, ...serverNameOf(flags, way, uri), ...account };
  });
  const policy = policyOf(flags.policy ?? (modem === undefined ? "broadband-only" : "mobile-first"), modem);
  const voice = voiceOf(flags, { hasModem: modem !== undefined, policy, allow });
  const settings = {
    cid: flags.larmkod,
    domain: first.uri.host.includes(":") ? `[${first.uri.host}]` : first.uri.host,
    policy,
    receivers,
    modem: modem === undefined ? noModem : { ...noModem, ...modemSettings(modem, trust?.ca !== undefined) },
    staggerMs: defaultStaggerMs,
    ...(voice === undefined ? {} : { voice }),
  };
  const fault = settingsFault({ ...settings, localPort: local.port, bonds: [] });
  if (fault !== undefined) throw new UserError(`--larmkod ${flags.larmkod}: ${fault}`, "--larmkod 4600000001", 2);
  const lookUp = nameServer === undefined ? undefined : liveNames([hostPortText(nameServer.host, nameServer.port)]);
  return { settings, local, allow: [...allow, local.host], trust, ways, modem, lookUp };
}

/** Names are asked for over UDP, by whoever stands there. */
function nameServerOf(text: string | undefined, allow: readonly string[]): Endpoint | undefined {
  if (text === undefined) return undefined;
  const point = endpointOf("--name-server", text, "udp:127.0.0.1:53", "addresses-only");
  refuseForeign("--name-server", point.host, allow);
  return point;
}

/** Port 0 is the one that the name's services say (RFC 3263 4.2), where somebody can be asked for them. */
function viaOf(
  flag: string,
  text: string,
  allow: readonly string[],
  receiver: Named,
  nameServer: Endpoint | undefined,
): ListenPoint {
  const way = endpointOf(flag, text, exampleVia, "names-too", allTransports);
  const isToBeFound = isIP(way.host) === 0 && nameServer !== undefined;
  if (way.port === 0 && !isToBeFound)
    throw new UserError(`${flag} ${text}: nobody listens on port 0`, `${flag} ${exampleVia}`, 2);
  if (receiver.uri.scheme === "sips" && way.transport !== "tls")
    throw new UserError(`${receiver.text} is for TLS alone`, `${flag} ${text.replace(/^[a-z]+/, "tls")}`, 2);
  refuseForeign(flag, way.host, allow);
  return way;
}

function uriOf(flag: string, text: string): Named {
  const uri = parseUri(text);
  if (!uri.ok || uri.value.user === undefined)
    throw new UserError(`${flag} ${text} is not sip:USER@DOMAIN or sips:USER@DOMAIN`, `${flag} ${exampleReceiver}`, 2);
  return { text, uri: uri.value };
}

/** A server at a bare address is known by the domain that the receiver's own address names (RFC 5922 5). */
function serverNameOf(flags: PlanFlags, way: ListenPoint, uri: SipUri): { readonly serverName?: string } {
  if (way.transport !== "tls") return {};
  return { serverName: flags.serverName ?? (isIP(way.host) === 0 ? way.host : uri.host) };
}

function trustOf(flags: PlanFlags, ways: readonly ListenPoint[]): LiveTrust | undefined {
  const { ca, serverName, cert, key, tlsUnverified } = flags;
  const isOverTls = ways.some(({ transport }) => transport === "tls");
  if (!isOverTls) {
    if ((ca ?? serverName ?? cert ?? key ?? tlsUnverified) === undefined) return undefined;
    throw new UserError("a flag for TLS, and nothing goes over TLS", "--via tls:127.0.0.1:5061", 2);
  }
  if (tlsUnverified === true && ca !== undefined)
    throw new UserError("--tls-unverified beside --ca", "one of the two: checked, or not", 2);
  return { ca: authoritiesOf("--ca", ca), identity: identityOf(flags), unverified: tlsUnverified === true };
}

function policyOf(text: string, modem: ModemPlace | undefined): RoutePolicy {
  const policy = policies.find((known) => known === text);
  if (policy === undefined) throw unknownChoice("--policy", text, policies);
  if (modem === undefined && !routesOf(policy).includes("broadband"))
    throw new UserError(`--policy ${text} needs a modem`, "--modem DIALECT:PATH, or --policy broadband-only", 2);
  return policy;
}

/** A command line is seen by every user of the machine: good enough for a lab on loopback only. */
function safePassword(flags: PlanFlags, environmentPassword: string | undefined, ways: readonly Endpoint[]): string {
  const password = passwordOf(flags, environmentPassword);
  if (flags.password !== undefined && ways.some(({ host }) => !isAllowed(host, [])))
    throw new UserError("--password is for loopback only", "LIVLINA_PASSWORD or --password-file PATH", 4);
  return password;
}

async function localOf(
  text: string | undefined,
  ways: readonly Endpoint[],
  allow: readonly string[],
): Promise<Endpoint> {
  const local =
    text === undefined ? await ownAddress(ways) : endpointOf("--local", text, "udp:127.0.0.1:0", "addresses-only");
  if (text !== undefined) refuseForeign("--local", local.host, allow);
  if (ways.some(({ host }) => isIPv6(host) !== isIPv6(local.host)))
    throw new UserError("IPv4 and IPv6 in one unit", "--via, --second-via and --local of one kind", 2);
  return { host: local.host, port: local.port };
}

/** The address of this machine from which the receivers are reached. */
async function ownAddress(ways: readonly Endpoint[]): Promise<Endpoint> {
  const far = ways.find(({ host }) => !isAllowed(host, []));
  if (far === undefined) return { host: isIPv6(ways[0]?.host ?? "") ? "::1" : "127.0.0.1", port: 0 };
  const socket = createSocket(isIPv6(far.host) ? "udp6" : "udp4");
  try {
    socket.connect(far.port, far.host); // sends nothing: the system only chooses a route
    await once(socket, "connect");
    return { host: socket.address().address, port: 0 };
  } catch (thrown) {
    throw new UserError(
      `no way to ${far.host}: ${systemReason(thrown)}`,
      "check the name, or name the own address with --local",
      3,
    );
  } finally {
    socket.close();
  }
}
