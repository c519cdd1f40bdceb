/** The codecs and the modem's drivers as a script for engines without hardware: they answer golden vectors. */
import { type TalkKind, talkText } from "./talk-kinds.ts";
import { vectorText } from "./vector-kinds.ts";

const nothing = (): string => "";

livlina = {
  start: nothing,
  hear: nothing,
  vectors: (kind, text) =>
    kind.indexOf("talk-") === 0 ? talkText(kind.substring(5) as TalkKind, text) : vectorText(kind, text),
};
