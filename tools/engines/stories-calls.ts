/** Speech after an alarm, over SIP and over the mobile network, and what is left where nobody accepts: telephone numbers, text messages. */
import type { SmallWorld } from "../../simulator/play-bench.ts";
import { routes, type Story, story, unit } from "./story.ts";
import { textKey, textNumber, withTextingModem } from "./texting-modem.ts";

const { both, mobile } = routes;
const sip = `${both}, telephone: sip`;
const mobileFirst = "mobile: alfa, broadband: fibre";
const relatives = "fallback-number: '+4687654321', relatives: ['+46701111111', '+46702222222']";

function call(list: string, home: string, primaryMore: string, more: SmallWorld = {}): Story {
  return story({ duration: "14m", home, primaryMore, ...more }, [unit(`call-${list}`)]);
}

export const callStories: readonly Story[] = [
  call("sip", sip, "call: { mre: 1, cre: 61 }, operators: { count: 1, voice: presses }", {
    presses: ["at: 4m, press: u", "at: 9m, press: u, button: 2"],
  }),
  call("sip-back", sip, "call: { mre: 3, cre: 5 }, operators: { count: 1 }"),
  call("sip-engaged", sip, "call: { mre: 1 }, operators: { count: 1, voice: engaged }"),
  call("sip-no-answer", sip, "call: { mre: 1 }, operators: { count: 1, voice: no-answer }"),
  call("sip-one-way", sip, "call: { mre: 1 }, operators: { count: 1, voice: one-way }"),
  call("sip-never", sip, "call: { mre: 1, cre: 5 }, operators: { voice: never-calls }"),
  call("sip-lost", sip, "call: { mre: 1 }, operators: { count: 1, talk: 3m }", {
    faults: ["from: 5m, to: 8m, broadband: fibre, fault: down"],
  }),
  call("mobile", `${mobileFirst}, telephone: mobile`, "call: { mre: 2 }, operators: { count: 2, voice: presses }", {
    presses: ["at: 4m, press: u", "at: 250s, press: u, button: 2"],
  }),
  call("mobile-back", `${mobile}, telephone: mobile`, "call: { mre: 3, cre: 5 }, operators: { count: 1 }"),
  call(
    "mobile-beside",
    `${mobileFirst}, telephone: mobile, mobile-calls: beside-data`,
    "call: { mre: 1 }, operators: { count: 1 }",
  ),
  call("mobile-engaged", `${mobile}, telephone: mobile`, "call: { mre: 1 }, operators: { count: 1, voice: engaged }"),
  call("mobile-lost", `${mobile}, telephone: mobile`, "call: { mre: 1 }, operators: { count: 1, talk: 3m }", {
    faults: ["from: 5m, to: 8m, operator: alfa, fault: down"],
  }),
  story(
    {
      duration: "22m",
      home: `${mobileFirst}, telephone: both, ${relatives}`,
      faults: ["from: 3m, to: 18m, receiver: primary, fault: silent-after-200"],
    },
    [unit("call-last-resort")],
  ),
  story(
    { duration: "20m", home: both, faults: ["from: 3m, to: 17m, receiver: primary, fault: silent-open"] },
    [unit("text-last-resort")],
    { settings: (settings) => ({ ...settings, sms: { number: textNumber, key: textKey } }), ports: withTextingModem },
  ),
];
