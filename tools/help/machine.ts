/** What of this machine Livlina uses: what it cannot do without, what single commands need, and what tests go to for a second opinion. */
import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { accessSync, constants, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { openPty } from "../device/pty.ts";
import { listPorts } from "../flash/ports.ts";
import { programPath } from "../flash/programs.ts";
import { UserError } from "../user-error.ts";

export interface Finding {
  readonly name: string;
  readonly here: boolean;
  /** Whether nothing works without it. */
  readonly needed: boolean;
  readonly use: string;
  /** What is there: version, path, count; "" where it is missing. */
  readonly found: string;
  /** What to do where it is missing; "" where it is here. */
  readonly get: string;
}

interface Sought {
  readonly name: string;
  readonly needed?: boolean;
  readonly use: string;
  readonly get: string;
  /** What is there; undefined where it is missing. */
  readonly look: () => string | undefined | Promise<string | undefined>;
}

const versionMs = 10_000;
const leastNode = [20, 19] as const;

/** Programs with the argument that makes each tell its version. */
const program = (name: string, flag: string, use: string, get: string): Sought => ({
  name,
  use,
  get,
  look: () => versionOf(name, flag),
});
const debian = (name: string): string => `sudo apt install ${name}`;

const sought: readonly Sought[] = [
  {
    name: "Node.js",
    needed: true,
    use: "everything",
    get: `${leastNode.join(".")} or later: nodejs.org`,
    look: nodeVersion,
  },
  {
    name: "loopback",
    needed: true,
    use: "live units and receivers",
    get: "let programs open UDP on 127.0.0.1",
    look: loopback,
  },
  { name: "reports", needed: true, use: "sim run", get: "a folder that may be written, or --out", look: reportPlace },
  { name: "pseudo-terminals", use: "modem, stand, the virtual bench", get: "npm ci on this machine", look: terminals },
  {
    name: "serial ports",
    use: "flash, provision, diagnose, hil",
    get: "plug one in; on Linux be of the group dialout",
    look: serialPorts,
  },
  program("git", "--version", "the commit that a report names", debian("git")),
  program("tshark", "--version", "reading traffic.pcapng; tests", debian("tshark")),
  program("chromium", "--version", "tests of pages", debian("chromium")),
  program("sipp", "-v", "tests: a foreign SIP tester", debian("sip-tester")),
  program("kamailio", "-v", "tests: a foreign SIP server", debian("kamailio")),
  program("baresip", "-v", "tests: a foreign telephone", debian("baresip-core")),
  program("gammu", "--version", "tests: a foreign user of modems", debian("gammu")),
  program("openssl", "version", "tests of TLS", debian("openssl")),
  program("dnsmasq", "--version", "tests of names", debian("dnsmasq-base")),
  program("stm32flash", "-h", "flash of STM32 boards", debian("stm32flash")),
  program("mcconfig", "-v", "images for XS boards", "the Moddable SDK, for that alone: moddable.com"),
];

/** In the order in which people need them. */
export async function examineMachine(wanted: readonly Sought[] = sought): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, needed = false, use, get, look } of wanted) {
    const found = await look();
    const here = found !== undefined;
    findings.push({ name, here, needed, use, found: found ?? "", get: here ? "" : get });
  }
  return findings;
}

function nodeVersion(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isNew = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  return isNew ? process.versions.node : undefined;
}

function loopback(): Promise<string | undefined> {
  return new Promise((tell) => {
    const socket = createSocket("udp4");
    socket.once("error", () => tell(undefined));
    socket.bind(0, "127.0.0.1", () => socket.close(() => tell("127.0.0.1")));
  });
}

/** The nearest folder that is there must take the others. */
function reportPlace(): string | undefined {
  const place = resolve("out");
  let folder = place;
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return place;
  } catch {
    return undefined;
  }
}

function terminals(): string | undefined {
  try {
    const pty = openPty();
    pty.close();
    return "yes";
  } catch (thrown) {
    if (thrown instanceof UserError) return undefined;
    throw thrown;
  }
}

async function serialPorts(): Promise<string | undefined> {
  const { ports } = await listPorts(true);
  const open = ports.filter(({ path }) => isOpen(path)).length;
  return open === 0 ? undefined : String(open);
}

function isOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    // Named by the system, but not for this user.
    return false;
  }
}

/** The first number with a dot in what it says of itself; its path where it says none. */
function versionOf(name: string, flag: string): string | undefined {
  const path = programPath(name);
  if (path === undefined) return undefined;
  const { stdout, stderr } = spawnSync(path, [flag], {
    encoding: "utf8",
    timeout: versionMs,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return /\d+(\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? path;
}
