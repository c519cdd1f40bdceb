/**
 * Kamailio as the proxy and registrar between units and a receiver, for tests: on free ports of loopback, with a configuration
 * of our own and a folder that goes when the test is over.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MadeIdentity } from "../../simulator/live/live-certificates-bench.ts";
import { freePort } from "../live-bench.ts";
import { isAbsent } from "../presence.ts";

export interface KamailioOptions {
  /** Where the alarms go on to, over UDP. */
  readonly receiverPort: number;
  /** Digest account of the units; realm and domain are larm.example. */
  readonly user: string;
  readonly password: string;
  /** For a TLS port beside that of UDP. */
  readonly identity?: MadeIdentity;
}

export interface Kamailio {
  readonly port: number;
  /** 0 without TLS. */
  readonly tlsPort: number;
  /** Everything that it has told: one line for each request, with its method, transport and what became of it. */
  readonly log: () => string;
}

const waitMs = 5_000;

/** Ready to hear. `atEnd` takes what ends it, with all its processes. */
export async function startKamailio(
  atEnd: (end: () => void | Promise<void>) => void,
  options: KamailioOptions,
): Promise<Kamailio> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-kamailio-"));
  const port = await freePort();
  const tlsPort = options.identity === undefined ? 0 : await freePort("tcp");
  const config = join(folder, "kamailio.cfg");
  writeFileSync(config, configuration(options, port, tlsPort));
  const own = ["-f", config, "-P", join(folder, "pid"), "-Y", folder, "-w", folder];
  // In a group of its own: it starts children, which must not outlive it.
  const child = spawn("kamailio", [...own, "-DD", "-E", "-m", "16", "-M", "4"], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let log = "";
  for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", (text) => (log += text));
  atEnd(async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  });
  const endMs = performance.now() + 4 * waitMs;
  while (await isAbsent({ transport: "udp", host: "127.0.0.1", port })) {
    if (child.exitCode !== null || performance.now() > endMs) throw new Error(`kamailio did not start: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { port, tlsPort, log: () => log };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGTERM");
  const late = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), waitMs);
  await closed;
  clearTimeout(late);
}

function configuration(options: KamailioOptions, port: number, tlsPort: number): string {
  const { identity, receiverPort, user, password } = options;
  const tls =
    identity === undefined
      ? ["disable_tcp=yes"]
      : [
          "enable_tls=yes",
          `listen=tls:127.0.0.1:${tlsPort}`,
          "tcp_children=1",
          'loadmodule "tls.so"',
          'modparam("tls", "tls_method", "TLSv1.2+")',
          `modparam("tls", "certificate", "${identity.certPath}")`,
          `modparam("tls", "private_key", "${identity.keyPath}")`,
        ];
  const modules = [
    "tm",
    "tmx",
    "sl",
    "pv",
    "maxfwd",
    "textops",
    "siputils",
    "auth",
    "usrloc",
    "registrar",
    "htable",
    "xlog",
  ];
  return [
    "debug=1",
    "log_stderror=yes",
    "fork=yes",
    "children=1",
    "auto_aliases=no",
    "dns=no",
    "rev_dns=no",
    `listen=udp:127.0.0.1:${port}`,
    'alias="larm.example"',
    ...tls,
    ...modules.map((name) => `loadmodule "${name}.so"`),
    'modparam("usrloc", "db_mode", 0)',
    'modparam("htable", "htable", "source=>size=4;autoexpire=300;")',
    routes(receiverPort, user, password),
  ].join("\n");
}

/**
 * A unit that has not registered is called back where its last request came from. One that has is found at the Contact that it
 * gave, as it gave it: there is no help here for one that names an address nobody can reach it at.
 */
function routes(receiverPort: number, user: string, password: string): string {
  return `
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("larm.example", "${password}", "0") || $au != "${user}") {
      xlog("L_ERR", "SEEN $rm $proto $fU asked who\\n");
      www_challenge("larm.example", "1");
      exit;
    }
    if (!save("location")) sl_reply_error();
    xlog("L_ERR", "SEEN $rm $proto $fU from port $sp bound $ct\\n");
    exit;
  }
  if ($proto == "udp" && $sp == ${receiverPort}) {
    if (lookup("location")) { xlog("L_ERR", "SEEN $rm $proto $rU found at $du $ru\\n"); }
    else if ($sht(source=>$rU) != $null) {
      $du = $sht(source=>$rU);
      xlog("L_ERR", "SEEN $rm $proto $rU called back at $du\\n");
    } else { sl_send_reply("404", "Not Found"); exit; }
    t_relay();
    exit;
  }
  if (!pv_proxy_authenticate("larm.example", "${password}", "0") || $au != "${user}") {
    xlog("L_ERR", "SEEN $rm $proto $fU asked who\\n");
    proxy_challenge("larm.example", "1");
    exit;
  }
  consume_credentials();
  $sht(source=>$fU) = "sip:" + $si + ":" + $sp + ";transport=" + $proto;
  xlog("L_ERR", "SEEN $rm $proto $fU passed on\\n");
  $du = "sip:127.0.0.1:${receiverPort}";
  t_relay();
}
`;
}
