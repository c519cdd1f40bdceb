import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { decodeSip, encodeSip, type SipMessage, type SipRequest } from "../../protocol/sip/message.ts";
import { shareOfTone } from "../../simulator/live/rtp/sound.ts";
import { alarm, okTo, ReceiverBench } from "../../simulator/peers/receiver-bench.ts";
import { openUnitHome } from "../foreign/unit-home.ts";
import { type LiveReceiverProcess, runUnitVia, startReceiver, until } from "../live-bench.ts";

const timeout = 30_000;

/** What the operators did, one after the other. */
function callsOf(receiver: LiveReceiverProcess): readonly string[] {
  const calls = receiver.events().filter(({ type }) => type === "call");
  return calls.map(({ what, key }) => (key === undefined ? `${what}` : `${what} ${key}`));
}

/** A unit's UDP socket, and what came to it. */
async function unitSocket(): Promise<{ socket: Socket; heard: SipMessage[] }> {
  const socket = createSocket("udp4");
  const heard: SipMessage[] = [];
  socket.on("message", (bytes) => {
    const message = decodeSip(bytes);
    if (message.ok) heard.push(message.value);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => {
    socket.close();
  });
  return { socket, heard };
}

test("a unit that calls is answered by an operator with a voice, hears the keys, and ends the call after key 0", {
  timeout,
}, async () => {
  const receiver = await startReceiver(
    onTestFinished,
    "--voice",
    "answers",
    "--keys",
    "47",
    "--talk",
    "2",
    "--cre",
    "61",
  );
  const unit = await openUnitHome(onTestFinished, {
    receiverPort: receiver.port,
  });
  await unit.press("accepted");
  await unit.tells("key 0");
  await unit.home.hangUp();
  await until(() => callsOf(receiver).includes("ended"));
  expect(callsOf(receiver)).toEqual(["rung", "answered", "key-sent 4", "key-sent 7", "key-sent 0", "ended"]);
  expect(unit.story).toEqual(["dialling", "answered", "key 4", "key 7", "key 0", "ended hung-up", "closed"]);
  const heard = unit.heard().subarray(0, unit.keys[0]?.at);
  const shares = Array.from({ length: Math.floor(heard.length / 1_600) }, (_, nth) =>
    shareOfTone(heard.subarray(nth * 1_600, (nth + 1) * 1_600), 440),
  );
  expect(Math.max(...shares)).toBeGreaterThan(0.9); // a busy machine may leave holes here and there
});

test("an engaged receiver is busy to a unit, in words for people too", {
  timeout,
}, async () => {
  const receiver = await startReceiver(onTestFinished, "--voice", "engaged", "--cre", "61");
  const unit = await openUnitHome(onTestFinished, {
    receiverPort: receiver.port,
  });
  await unit.press("accepted");
  await unit.tells("ended busy");
  await until(() => callsOf(receiver).length === 1);
  expect(receiver.events().find(({ type }) => type === "call")).toMatchObject({
    what: "engaged",
    operator: 0,
    cid: "4607110231",
    transport: "udp",
  });
});

test("an operator calls the unit that was promised it, and hears that it is busy", {
  timeout,
}, async () => {
  const receiver = await startReceiver(onTestFinished, "--voice", "answers", "--cre", "5");
  const { socket, heard } = await unitSocket();
  const answers = new Set<SipMessage>();
  const answer = (): void => {
    for (const message of heard) {
      if (message.kind !== "request" || answers.has(message) || message.method === "ACK") continue;
      answers.add(message);
      const ok = okTo(message);
      const busy = { ...ok, status: 486, reason: "Busy Here" };
      socket.send(encodeSip(message.method === "INVITE" ? busy : ok), receiver.port, "127.0.0.1");
    }
  };
  socket.on("message", answer);
  socket.send(new ReceiverBench().message(alarm("Q4T8A0000127")), receiver.port, "127.0.0.1");
  await until(() => callsOf(receiver).includes("ended"));
  expect(callsOf(receiver)).toEqual(["called", "ended"]);
  expect(receiver.events().at(-1)).toMatchObject({
    why: "busy",
    from: `127.0.0.1:${socket.address().port}`,
  });
  const invite = heard.find((message) => message.kind === "request" && message.method === "INVITE") as SipRequest;
  expect(invite.from.uri).toBe("sip:mottagning@larm.example.net");
  expect(invite.uri).toBe("sip:4607110231@larm.example.net");
  await until(() => heard.some((message) => message.kind === "request" && message.method === "ACK"));
});

test.each([
  ["the unit calls when its alarm is accepted, and", [], "rung"],
  ["the operator calls the unit that was promised it, and", ["--cre", "5"], "called"],
] as const)("over a connection %s they talk until key 0", { timeout: 40_000 }, async (_who, flags, first) => {
  const voice = ["--voice", "answers", "--talk", "1"];
  const receiver = await startReceiver(onTestFinished, "--listen", "tcp:127.0.0.1:0", ...voice, ...flags);
  const habits = ["--press-after", "0", "--exit-after-accept", "9", "--microphone", "tone"];
  const unit = runUnitVia(onTestFinished, `tcp:127.0.0.1:${receiver.ports.tcp}`, habits);
  await until(() => callsOf(receiver).includes("ended"));
  expect(callsOf(receiver)).toEqual([first, "answered", "key-sent 0", "ended"]);
  expect(receiver.events().at(-1)).toMatchObject({
    why: "over",
    transport: "tcp",
  });
  expect((await unit).code).toBe(0);
});
