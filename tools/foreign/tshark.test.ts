/** Captures as a foreign reader sees them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ascii, utf8 } from "../../protocol/text/utf8.ts";
import { playScenario } from "../../simulator/play.ts";
import { smallText } from "../../simulator/play-bench.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { parseScenario } from "../../simulator/scenario/scenario-file.ts";
import { Capture, captureLimits } from "../../simulator/trace/capture.ts";
import { needs } from "../config/requires.ts";

const wallMs = Date.UTC(2026, 2, 2, 6, 10, 5, 250);

function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "capture-"));
  return run(folder).finally(() => rmSync(folder, { recursive: true }));
}

/** Rows of fields, as tshark reads them. */
function read(path: string, filter: string, ...fields: string[]): string[] {
  const wanted = fields.flatMap((field) => ["-e", field]);
  const args = ["-n", "-r", path, "-Y", filter, "-T", "fields", ...wanted];
  const text = execFileSync("tshark", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: env() });
  return text.split("\n").filter((line) => line !== "");
}

function env(): NodeJS.ProcessEnv {
  return { ...process.env, TZ: "UTC", LC_ALL: "C" };
}

const options = (tag: string): Uint8Array =>
  ascii(
    `OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK${tag}\r\nFrom: <sip:c@d>;tag=1\r\nTo: <sip:a@b>\r\n` +
      `Call-ID: ${tag}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`,
  );

test("tshark reads each packet at its instant, between its addresses, over UDP of both families and inside TLS", (context) => {
  needs(context, "tshark");
  return inFolder(async (folder) => {
    const path = join(folder, "one.pcapng");
    const capture = new Capture(path);
    const unit = { host: "10.0.0.7", port: 5060 };
    const sip = { lane: "sip", comment: "unit u: options" } as const;
    const inside = { lane: "sip-in-connection", comment: "" } as const;
    const far = { host: "192.0.2.10", port: 5070 };
    const [six, local] = [
      { host: "2001:db8::7", port: 5060 },
      { host: "::1", port: 5071 },
    ];
    capture.addMessage({ ...sip, wallMs }, unit, far, options("udp4"));
    capture.addMessage({ ...sip, wallMs: wallMs + 1 }, six, local, options("udp6"));
    capture.addMessage({ ...inside, wallMs: wallMs + 2 }, unit, { ...far, port: 5061 }, options("tls4"));
    capture.addMessage({ ...inside, wallMs: wallMs + 3 }, { ...six, port: 5062 }, local, options("tls6"));
    capture.close();
    expect(read(path, "sip", "frame.time_epoch", "sip.Call-ID", "frame.comment")).toEqual([
      "1772431805.250000000\tudp4\tunit u: options",
      "1772431805.251000000\tudp6\tunit u: options",
      "1772431805.252000000\ttls4\t",
      "1772431805.253000000\ttls6\t",
    ]);
    expect(read(path, "sip", "ip.src", "ip.dst", "udp.srcport", "udp.dstport")[0]).toBe(
      "10.0.0.7\t192.0.2.10\t5060\t5070",
    );
    expect(read(path, "sip", "ipv6.src", "ipv6.dst", "udp.dstport")[1]).toBe("2001:db8::7\t::1\t5071");
    expect(read(path, "sip", "exported_pdu.ipv4_src", "exported_pdu.dst_port")[2]).toBe("10.0.0.7\t5061");
    expect(read(path, "sip", "exported_pdu.ipv6_dst", "exported_pdu.src_port")[3]).toBe("::1\t5062");
    expect(read(path, "_ws.malformed || _ws.expert.severity >= 0x00800000", "frame.number")).toEqual([]);
  });
});

test.for(["udp", "tcp", "tls"])(
  "tshark reads every message of a run played over %s, none malformed, as many as the run log tells of",
  (transport, context) => {
    needs(context, "tshark");
    return inFolder(async (folder) => {
      const { path, log, run } = await played(folder, transport);
      expect(run.presses[0]?.acceptedMs).not.toBeNull();
      expect(read(path, "_ws.malformed || (!sip && frame.interface_id < 2)", "frame.number")).toEqual([]);
      const told = log.filter(({ lane }) => lane.startsWith("receiver "));
      expect(told.length).toBeGreaterThan(5);
      expect(heardRequests(path)).toBe(told.length);
      const acceptances = told.filter(({ answer }) => answer === "snu 0").length;
      const answers = read(path, 'sip.Method == "MESSAGE" && frame contains "<snu>0<"', "sip.Via.branch");
      expect(new Set(answers).size).toBe(acceptances);
    });
  },
);

test("the modem's line, the radio and our events stand beside the SIP messages, each on its own interface, with our names as comments", (context) => {
  needs(context, "tshark");
  return inFolder(async (folder) => {
    const { path, log } = await played(folder, "udp");
    const comments = (lane: string): string[] => read(path, `frame.interface_name == "${lane}"`, "frame.comment");
    expect(comments("radio")).toEqual(expect.arrayContaining(["button u 1: press", "unit u: acknowledge"]));
    expect(comments("at")).toEqual(expect.arrayContaining(["unit u: modem-told", "unit u: modem-said"]));
    expect(comments("sip").some((comment) => /^unit u: alarm \w{15}$/.test(comment))).toBe(true);
    expect(comments("sip").some((comment) => /^receiver primary: answered snu 0 \w{15}$/.test(comment))).toBe(true);
    expect(comments("sip")).toEqual(
      expect.arrayContaining(["receiver primary: carried", "receiver primary: refused 401"]),
    );
    const events = log.filter(({ type }) => type !== "heartbeat").map(({ lane, type }) => `${lane}: ${type}`);
    expect(comments("events")).toEqual(events);
    expect(read(path, 'frame.interface_name == "at" && frame contains "CREG"', "frame.number")).not.toEqual([]);
  });
});

interface LogLine {
  readonly lane: string;
  readonly type: string;
  readonly answer?: string;
}

async function played(folder: string, transport: string) {
  const far = transport === "udp" ? {} : { far: `transport: ${transport}, host-name: RECEIVER.example` };
  const home = "policy: broadband-first, mobile: alfa, broadband: fibre";
  const faults = ["operator: alfa, fault: down, from: 6m, to: 8m"];
  const scenario = parseScenario(smallText({ ...far, home, faults }), "small.yaml");
  const [path, logPath] = [join(folder, "traffic.pcapng"), join(folder, "events.jsonl")];
  const [capture, log] = [new Capture(path), new RunLog(logPath)];
  const run = await playScenario(scenario, { seed: 1, onProgress: () => {}, log, capture });
  capture.close();
  log.close();
  const lines = readFileSync(logPath, "utf8").trimEnd().split("\n");
  return { path, run, log: lines.map((line) => JSON.parse(line) as LogLine) };
}

/** Requests that reached a receiver, repeated packets once, without those that were only asked for a password. */
function heardRequests(path: string): number {
  const fromUnits = "(sip.Method && !(ip.src == 192.0.2.0/24) && !(exported_pdu.ipv4_src == 192.0.2.0/24))";
  const branches = (filter: string): Set<string> => new Set(read(path, filter, "sip.Via.branch"));
  const challenged = branches("sip.Status-Code == 401");
  return [...branches(fromUnits)].filter((branch) => !challenged.has(branch)).length;
}

test("beyond the limit of a lane its packets are only counted, and the file says how many; a run that broke off leaves none", (context) => {
  needs(context, "tshark");
  return inFolder(async (folder) => {
    const path = join(folder, "small.pcapng");
    const capture = new Capture(path, { ...captureLimits, sip: 1_000 });
    const [a, b] = [
      { host: "10.0.0.7", port: 5060 },
      { host: "192.0.2.10", port: 5060 },
    ];
    for (let i = 0; i < 5; i++) capture.addMessage({ wallMs, lane: "sip", comment: "" }, a, b, utf8("x".repeat(300)));
    capture.addBytes({ wallMs, lane: "radio", comment: "" }, utf8("x"));
    expect(capture.dropped).toEqual([{ lane: "sip", packets: 3 }]);
    capture.close();
    expect(statSync(path).size).toBeLessThan(2_200);
    expect(read(path, "frame", "frame.number")).toHaveLength(3);
    const file = readFileSync(path);
    const drops: number[] = [];
    for (let at = 0; at < file.length; at += file.readUInt32LE(at + 4))
      if (file.readUInt32LE(at) === 5) drops.push(file.readUInt32LE(at + 8 + 12 + 12 + 4));
    expect(drops).toEqual([3, 0, 0, 0, 0]);
    const broken = new Capture(join(folder, "broken.pcapng"));
    broken.addBytes({ wallMs, lane: "at", comment: "" }, utf8("x"));
    broken.abandon();
    expect(readdirSync(folder)).toEqual(["small.pcapng"]);
  });
});
