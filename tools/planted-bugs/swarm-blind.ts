/** Planted bugs that no story of the swarm can show, each with the reason: a test of the device must catch them, and does. */

const isShort = "a story lasts 80 minutes at the most, and this shows";
const isHonest = "service people of stories are honest, and their line carries no noise";
const noSettings = "no story sends new settings to a unit";
const noSuchPeer = "no peer of a world sends such a message";
const noSms = "played worlds have no messages of last resort";
const noReport = "checkers follow calls for help, and this is a report of another kind";
const noStranger = "strangers of stories play back radio and forge answers, and do nothing";

export const swarmBlind: Readonly<Record<string, string>> = {
  "the battery is tested under load while somebody needs help": `${isShort} once a month`,
  "a fault that flaps wears the log's flash out": `${isShort} after days of flapping`,
  "an unlocked service line stays open for ever": isHonest,
  "a proof that was overheard opens the service line once more": isHonest,
  "settings that were damaged on the line are put on trial": isHonest,
  "settings under which no receiver answers are kept": noSettings,
  "new settings restart the unit while a person's alarm waits": noSettings,
  "a wrong PIN is tried until the SIM locks itself": "no SIM of a story has a PIN",
  "after a restart an alarm waits as long as kinds below it":
    "the first path that comes up after a start hurries it, and none is up before that",
  "a stranger's INVITE rings": `${noStranger} by telephone`,
  "anybody may call a home within ten minutes of an alarm": `${noStranger} by telephone`,
  "a redirect leads anywhere": noSuchPeer,
  "a SIP message longer than any that we send is taken in": noSuchPeer,
  "an unknown status number of a receiver is a reason to wait":
    "an alarm waits upon 4 and no other number, whatever is made of the rest",
  "an answer to another method counts": noSuchPeer,
  "an answer by message is believed from any number": noSms,
  "an answer to a message that was never sent informs": noSms,
  "a key's press is told again with each of its packets":
    "played calls have no sound: live parts alone hear keys in it",
  "the home is heard in a call that only talks to it": "played calls have no sound that a checker could hear",
  "a certificate that nobody checked is told as checked":
    "it is told to whoever diagnoses a unit, and nobody does in a story",
  "a full journal gives up what matters most first": "no story is long enough to fill a journal",
  "a pending alarm makes room for a new one": "no story raises more calls than a unit can hold",
  "a press that was heard late has its whole pre-alarm before it":
    "only doors of stories wait before they call, and no checker times a door",
  "the first route is taken again with its first answer after a loss":
    "beats then change over between two routes that both answer, and no checker minds which",
  "a connection that nobody uses is never closed": "no checker counts connections that are open for nothing",
  "a late OK ends the next exchange": "no modem of a story answers a command that was given up",
  "a binding that another route has overtaken counts as the newest":
    "no receiver of a scenario asks units to say where they are",
  "a datagram without an origin is believed to come from the last one spoken to": `${noStranger} over the network`,
  "what the modem still holds of a connection that has ended is lost":
    "no receiver of a story ends a connection right behind an answer",
  "a beat that a call swallowed is a miss":
    "only a test of the paths asks over a line that a call has taken, and nobody orders one in a story",
  "the microphone is open until the call is up": "played calls have no sound that a checker could hear",
  "a device is welcomed although its key is not on flash":
    "no story has flash that fails while a device joins, a restart after that, and a press that only this device makes",
  "a window for joining never closes": `${noStranger} to join a home`,
  "a button that is asleep is answered": "the air of a story is never so full that an answer leaves too late",
  "a check that fails once is told as a fault": noReport,
  "minimal alarm mode is left in the middle of an alarm":
    "no unit of a story starts so often that it goes into that mode",
  "a single lie about the time is believed": "an hour that a network has told excuses the unit that believes it",
};
