import { expect, test } from "vitest";
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { Media } from "../../firmware/ports/media.ts";
import { Digest } from "../core/digest.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { unitFlash } from "../home-parts.ts";
import { UnitLife } from "../unit-life.ts";
import { House } from "./house.ts";
import { MediaNet } from "./media-part.ts";
import { PowerArea } from "./power-area.ts";

const utterance = { number: 1, language: "sv", text: "Larm skickat" } as const;

/** One life of a firmware that is not there: what the test itself does on its ports. */
class Scene {
  readonly queue = new EventQueue();
  readonly area = new PowerArea(this.queue, "town");
  readonly heard: string[] = [];
  readonly ended: string[] = [];
  readonly noted: string[] = [];
  readonly digest = new Digest();
  readonly house: House;
  readonly life: UnitLife;

  constructor(hasModem = true) {
    const { queue, area } = this;
    const lane = this.digest.lane("unit u");
    this.house = new House({
      queue,
      area,
      hasModem,
      telephone: { sip: { net: new MediaNet(), host: "10.0.0.1" } },
      note: (part, what) => {
        lane.effect(queue.nowMs, part, what);
        this.noted.push(`${part} ${"type" in what ? what.type : ""}`);
      },
      onPower: (on) => this.ended.push(`power ${on}`),
      onSpeak: ({ text }) => this.heard.push(text),
    });
    this.house.supply.begin(true);
    const clock = new SimClock(queue);
    const never = (): never => {
      throw new Error("not in this test");
    };
    const ports: UnitHost = {
      clock,
      secrets: { random: () => {}, aes: never },
      flash: unitFlash(new Stream(1, "flash", 0)),
      openRadio: never,
      openBroadband: undefined,
      openModemLine: undefined,
      openServiceLine: undefined,
      signals: { show: () => {} },
      observe: undefined,
      ...this.house.ports,
      starts: { cause: "power-on", restart: (cause) => this.ended.push(`restart ${cause}`) },
    };
    this.life = new UnitLife(ports, clock, () => this.ended.push("cut"));
  }
}

function media(host: UnitHost): Media | undefined {
  return host.openMedia?.({ onReady: () => {}, onKey: () => {}, onFault: () => {} });
}

const sounds: Readonly<Record<string, (host: UnitHost) => void>> = {
  start: (host) => media(host)?.start({ host: "192.0.2.10", port: 40_000 }, "PCMA", 101),
  open: (host) => media(host)?.open(true, false),
  volume: (host) => media(host)?.volume(1),
};

const acts: Readonly<Record<string, (host: UnitHost) => void>> = {
  "the supply's lamp": (host) => host.openPower?.({ onMains: () => {}, onBattery: () => {} }).showMains(false),
  "the test load": (host) => host.openPower?.({ onMains: () => {}, onBattery: () => {} }).load(true),
  speech: (host) => host.openSpeech?.({ onSpoken: () => {} }).speak(utterance),
  "an end of speech": (host) => host.openSpeech?.({ onSpoken: () => {} }).hush(),
  "a rest of the Wi-Fi": (host) => host.restWifi?.(true),
  "a call's tone": (host) => host.callSound?.tone(),
  "the output that a key works": (host) => host.callSound?.output(),
  "a start anew": (host) => host.starts?.restart("update"),
};

for (const [what, act] of Object.entries(acts)) {
  test(`${what} is an act: the power can go in its place, and then it does not happen`, () => {
    const scene = new Scene();
    scene.life.cutAfter(0);
    const before = scene.digest.value();
    scene.life.start(act);
    expect(scene.ended).toEqual(["cut"]);
    expect(scene.heard).toEqual([]);
    expect(scene.digest.value()).toBe(before);
    const whole = new Scene();
    whole.life.start(act);
    expect(whole.life.acts).toBe(1);
    expect(whole.ended).toEqual(what === "a start anew" ? ["restart update"] : []);
  });
}

test.each(Object.keys(sounds))(
  "%s of a call's sound is an act: where the power goes in its place the sound ends without it",
  (what) => {
    const act = sounds[what] as (host: UnitHost) => void;
    const [cut, whole] = [new Scene(), new Scene()];
    cut.life.cutAfter(0);
    for (const { life } of [cut, whole]) life.start(act);
    expect(cut.noted).toEqual(["media close"]);
    expect(whole.noted).toEqual([`media ${what}`]);
    expect(whole.life.acts).toBe(1);
  },
);

test("every port of a house has its acts and its news in the unit's lane of the digest", () => {
  const live: Readonly<Record<string, (scene: Scene) => void>> = {
    nothing: () => {},
    lamp: ({ life }) => life.start(acts["the supply's lamp"] as () => void),
    load: ({ life }) => life.start(acts["the test load"] as () => void),
    speech: ({ life }) => life.start(acts["speech"] as () => void),
    tone: ({ life }) => life.start(acts["a call's tone"] as () => void),
    output: ({ life }) => life.start(acts["the output that a key works"] as () => void),
    start: ({ life }) => life.start(sounds["start"] as () => void),
    microphone: ({ life }) => life.start(sounds["open"] as () => void),
    loudness: ({ life }) => life.start(sounds["volume"] as () => void),
    wifi: ({ life }) => life.start(acts["a rest of the Wi-Fi"] as () => void),
    voltage: ({ life }) =>
      life.start((host) => void host.openPower?.({ onMains: () => {}, onBattery: () => {} }).batteryMv()),
    check: ({ life }) => life.start((host) => host.selfCheck?.begin("radio", () => {})),
    temperature: ({ life }) => life.start((host) => void host.openThermometer?.({ onPassed: () => {} }).deciC()),
    borders: ({ life }) => life.start((host) => void host.openThermometer?.({ onPassed: () => {} }).watch(160, 300)),
    mains: ({ area }) => area.cut(1, 2),
    battery: ({ house }) => house.supply.connectBattery(false),
    key: ({ house }) => house.keys.press("help", "short", new Stream(1, "fingers", 0)),
    lid: ({ house }) => house.lid.lift(true),
  };
  const digests = Object.values(live).map((act) => {
    const scene = new Scene();
    act(scene);
    scene.queue.runUntil(10_000);
    return scene.digest.value();
  });
  expect(new Set(digests).size).toBe(digests.length);
});

test("after the end of a life nothing of the house is heard, and what it had begun has stopped", () => {
  const scene = new Scene();
  const { house, heard, queue } = scene;
  const hear = (what: string) => (): void => {
    heard.push(what);
  };
  house.checks.plant("radio", "silence");
  scene.life.start((host) => {
    host.openPower?.({ onMains: hear("mains"), onBattery: hear("battery") }).load(true);
    host.openKeys?.({ onChange: hear("key") });
    host.openLid?.({ onChange: hear("lid") });
    host.openThermometer?.({ onPassed: hear("passed") }).watch(300, 400);
    host.openSpeech?.({ onSpoken: hear("spoken") }).speak(utterance);
    host.selfCheck?.begin("radio", hear("found"));
    host.openMedia?.({ onReady: hear("sound"), onKey: hear("key"), onFault: hear("no sound") });
  });
  expect(heard).toEqual(["Larm skickat"]);
  scene.life.end();
  house.keys.press("help", "short", new Stream(1, "fingers", 0));
  house.lid.lift(true);
  house.supply.connectBattery(false);
  scene.area.cut(1, 2);
  queue.runUntil(10_000);
  expect(heard).toEqual(["Larm skickat"]);
  expect(() => house.checks.begin("radio", () => {})).not.toThrow();
});

const news: Readonly<Record<string, (host: UnitHost, hear: () => void) => void>> = {
  mains: (host, hear) => host.openPower?.({ onMains: hear, onBattery: () => {} }),
  battery: (host, hear) => host.openPower?.({ onMains: () => {}, onBattery: hear }),
  key: (host, hear) => host.openKeys?.({ onChange: hear }),
  lid: (host, hear) => host.openLid?.({ onChange: hear }),
  temperature: (host, hear) => host.openThermometer?.({ onPassed: hear }).watch(300, 400),
  "the end of speech": (host, hear) => host.openSpeech?.({ onSpoken: hear }).speak(utterance),
  "the sound of a call": (host, hear) => host.openMedia?.({ onReady: hear, onKey: () => {}, onFault: () => {} }),
  "a finding": (host, hear) => host.selfCheck?.begin("radio", hear),
};

for (const [what, open] of Object.entries(news)) {
  test(`the power can go in the middle of what the unit does about ${what}`, () => {
    const scene = new Scene();
    const { house, queue, life } = scene;
    life.start((host) => open(host, () => host.signals.show("ready")));
    life.cutAfter(0);
    house.keys.press("help", "short", new Stream(1, "fingers", 0));
    house.lid.lift(true);
    scene.area.cut(1, 2);
    queue.at(5_000, () => house.supply.connectBattery(false));
    queue.runUntil(10_000);
    expect(scene.ended).toEqual(["cut"]);
  });
}

test("a chip that starts anew does not come back from the order", () => {
  const scene = new Scene();
  let after = false;
  scene.life.start((host) => {
    host.starts?.restart("ordered");
    after = true;
  });
  expect(after).toBe(false);
  expect(scene.ended).toEqual(["restart ordered"]);
  expect(scene.life.acts).toBe(1);
});

test("a board finds out by itself what is missing and how warm it is", () => {
  const scene = new Scene(false);
  const { house, queue } = scene;
  const found: string[] = [];
  const ask = (check: "modem" | "sim" | "battery" | "temperature" | "radio"): void => {
    house.checks.begin(check, (finding) => found.push(finding));
    queue.runUntil(queue.nowMs + 1_000);
  };
  for (const check of ["modem", "sim", "battery", "temperature", "radio"] as const) ask(check);
  house.supply.connectBattery(false);
  ask("battery");
  for (const deciC of [49, 50, 400, 401]) {
    house.climate.follow([{ atMs: 0, deciC }]);
    ask("temperature");
  }
  expect(found).toEqual([
    "absent",
    "absent",
    "passed",
    "passed",
    "passed",
    "battery-missing",
    "too-cold",
    "passed",
    "passed",
    "too-hot",
  ]);
});
