/** The bench's modem against the virtual one, of which serialport-gsm does not know that it is none. */
import { expect, onTestFinished, test, vi } from "vitest";
import { LiveModem, type ModemNews } from "../../simulator/live/live-modem.ts";
import { openPty } from "../../tools/device/pty.ts";
import type { BenchClock, BenchModem } from "./bench.ts";
import { openGsmModem } from "./gsm-modem.ts";

const number = "+46700000002";
const caller = "+46701234567";
const soonMs = 30_000;

function realClock(): BenchClock {
  const startMs = performance.now();
  return {
    nowMs: () => performance.now() - startMs,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return { cancel: () => clearTimeout(timer) };
    },
    graceMs: 0,
  };
}

async function bench(pin = ""): Promise<{ modem: BenchModem; far: LiveModem; news: ModemNews[] }> {
  const pty = openPty();
  const news: ModemNews[] = [];
  const quick = { least: 1, most: 20 };
  const far = new LiveModem({
    vendor: "quectel",
    model: "EG95",
    openLine: pty.openDevice,
    address: "127.0.0.1",
    allow: [],
    authorities: [],
    files: [],
    number,
    pin,
    places: 2,
    onNews: (each) => news.push(each),
    pace: { answerMs: quick, bootMs: { least: 200, most: 400 }, searchMs: quick, textMs: quick },
  });
  const modem = await openGsmModem({ number, pin, locate: async () => pty.path, clock: realClock() });
  onTestFinished(async () => {
    await modem.close();
    far.close();
    pty.close();
  });
  return { modem, far, news };
}

test("texts to the bench are heard with their sender, more than its memory has places, and one is sent", async () => {
  const { modem, far, news } = await bench();
  for (const text of ["LARM 1", "LARM 2", "LARM 3"]) {
    far.text(caller, text);
    await modem.expectText(text, (each) => each.text === text && each.from === caller, soonMs);
  }
  expect(modem.texts).toHaveLength(3);
  await modem.send(caller, "hej");
  const told = expect.objectContaining({ type: "text", to: caller, text: "hej" });
  await vi.waitFor(() => expect(news).toContainEqual(told), { timeout: soonMs });
});

test("a call that rings on and on is one call, by its number", async () => {
  const { modem, far, news } = await bench("1234");
  far.ring(caller);
  const call = await modem.expectCall("of the unit", ({ from }) => from === caller, soonMs);
  const told = (): number => news.filter((each) => each.type === "said" && each.text.startsWith("+CLIP:")).length;
  await vi.waitFor(() => expect(told()).toBeGreaterThan(1), { timeout: soonMs });
  await modem.check();
  expect(modem.calls).toEqual([call]);
});

test("a modem that is not plugged in, or says nothing, is the rig's fault", async () => {
  const clock = realClock();
  const said = { name: "RigError", part: "modem", verdict: "blocked" };
  await expect(openGsmModem({ number, locate: async () => undefined, clock })).rejects.toMatchObject(said);
  const pty = openPty();
  onTestFinished(() => pty.close());
  const silent = openGsmModem({ number, locate: async () => pty.path, clock, readyTries: 2 });
  await expect(silent).rejects.toMatchObject({ ...said, message: "bench modem: it does not answer" });
});
