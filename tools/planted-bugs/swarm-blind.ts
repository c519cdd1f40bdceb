/** Planted bugs that no story of the swarm can show, each with the reason: a test of the device must catch them, and does. */

const isShort = "a story lasts 80 minutes at the most, and this shows";
const isHonest = "service people of stories are honest, and their line carries no noise";
const noSettings = "no story sends new settings to a unit";
const noSuchPeer = "no peer of a world sends such a message";
const noSms = "played worlds have no messages of last resort";
const noStranger = "strangers of stories play back radio and forge answers, and do nothing";

export const swarmBlind: Readonly<Record<string, string>> = {
  "the battery is tested under load while somebody needs help": `${isShort} once a month`,
  "an alarm of inactivity is raised although somebody has answered the question": `${isShort} after hours of silence`,
  "a button in its wearer's bag on a journey is reported as missing": `${isShort} after 25 hours`,
  "a clock that jumps back brings the daily test twice": `${isShort} once in 24 hours`,
  "the second route is never tested": `${isShort} from the second day on`,
  "a fault that flaps wears the log's flash out": `${isShort} after days of flapping`,
  "an unlocked service line stays open for ever": isHonest,
  "a proof that was overheard opens the service line once more": isHonest,
  "settings that were damaged on the line are put on trial": isHonest,
  "settings under which no receiver answers are kept": noSettings,
  "new settings restart the unit while a person's alarm waits": noSettings,
  "a wrong PIN is tried until the SIM locks itself": "no SIM of a story has a PIN",
  "after a restart an alarm waits as long as kinds below it":
    "the first path that comes up after a start hurries it, and none is up before that",
  "unit and button seal under the same nonces":
    "both ends share the code and understand each other: a second reading of the bytes tells, as the vectors are",
  "what travels in the open can be changed unnoticed": `${noStranger} to a frame on its way`,
  "a stranger's INVITE rings": `${noStranger} by telephone`,
  "anybody may call a home within ten minutes of an alarm": `${noStranger} by telephone`,
  "a redirect leads anywhere": noSuchPeer,
  "an answer counts from whichever receiver it comes": noSuchPeer,
  "a SIP message longer than any that we send is taken in": noSuchPeer,
  "a reference that is too long is taken for ours": noSuchPeer,
  "an unknown status number of a receiver is a reason to wait": noSuchPeer,
  "an answer to another method counts": noSuchPeer,
  "an answer by message is believed from any number": noSms,
  "an answer to a message that was never sent informs": noSms,
  "a key's press is told again with each of its packets":
    "played calls have no sound: live parts alone hear keys in it",
  "the home is heard in a call that only talks to it": "played calls have no sound that a checker could hear",
  "a wrong password is offered again and again": "every receiver of a world knows the passwords of its units",
  "a certificate that nobody checked is told as checked":
    "it is told to whoever diagnoses a unit, and nobody does in a story",
  "a full journal gives up what matters most first": "no story is long enough to fill a journal",
  "a room at the border is told as cold and warm in turn": "no checker holds reports against the temperature of a room",
};
