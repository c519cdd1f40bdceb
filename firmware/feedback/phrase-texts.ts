/** What each phrase says in Swedish and English, and under which number a board keeps its recording. */
import type { PhraseName } from "./phrases.ts";

export interface PhraseText {
  /** Keeps its meaning in every later version: recordings are stored under it. */
  readonly number: number;
  /** 0 cannot wait for the end of a call, 1 concerns safety, 2 informs. */
  readonly urgency: 0 | 1 | 2;
  /** Of one topic only the newest is true. */
  readonly topic: string;
  readonly sv: string;
  readonly en: string;
}

export function phraseOf(name: PhraseName): PhraseText {
  return phraseTexts[name];
}

function phrase(number: number, urgency: 0 | 1 | 2, topic: string, sv: string, en: string): PhraseText {
  return { number, urgency, topic, sv, en };
}

export const phraseTexts: Record<PhraseName, PhraseText> = {
  ready: phrase(1, 2, "path", "Larmet är klart att använda.", "The alarm is ready for use."),
  sending: phrase(2, 1, "alarm", "Ditt larm skickas.", "Your alarm is being sent."),
  accepted: phrase(
    3,
    1,
    "alarm",
    "Larmcentralen har tagit emot ditt larm.",
    "The alarm centre has received your alarm.",
  ),
  "not-accepted": phrase(
    4,
    1,
    "alarm",
    "Ingen har tagit emot larmet ännu. Larmet fortsätter att försöka.",
    "Nobody has received the alarm yet. It keeps trying.",
  ),
  "no-path": phrase(
    5,
    1,
    "path",
    "Larmet har ingen kontakt med larmcentralen.",
    "The alarm has no contact with the alarm centre.",
  ),
  "mains-lost": phrase(
    6,
    1,
    "mains",
    "Strömmen är borta. Larmet går på batteri.",
    "The power is out. The alarm runs on battery.",
  ),
  "mains-back": phrase(7, 2, "mains", "Strömmen är tillbaka.", "The power is back."),
  "battery-low": phrase(8, 1, "battery", "Batteriet är svagt.", "The battery is low."),
  "press-to-test": phrase(
    9,
    2,
    "test",
    "Det är dags att prova larmet. Tryck på larmknappen.",
    "It is time to test the alarm. Press the alarm button.",
  ),
  "one-path-lost": phrase(
    10,
    2,
    "path",
    "Larmet fungerar, men har bara en väg till larmcentralen.",
    "The alarm works, but has only one way to the alarm centre.",
  ),
  "path-back": phrase(
    11,
    2,
    "path",
    "Kontakten med larmcentralen är tillbaka.",
    "The contact with the alarm centre is back.",
  ),
  fault: phrase(12, 1, "fault", "Larmet har ett fel. Felet är anmält.", "The alarm has a fault. It has been reported."),
  talking: phrase(13, 0, "call", "Nu kopplas samtalet.", "You are being connected."),
  "alarm-during-call": phrase(14, 0, "alarm", "Ett nytt larm har kommit.", "There is a new alarm."),
  "where-to-turn": phrase(
    15,
    1,
    "help",
    "Behöver du hjälp, ring numret i din larmpärm.",
    "If you need help, call the number in your alarm folder.",
  ),
  works: phrase(16, 2, "query", "Larmet fungerar.", "The alarm works."),
  "works-with-one-path": phrase(
    17,
    2,
    "query",
    "Larmet fungerar, men bara på en av två vägar.",
    "The alarm works, but on one of two ways only.",
  ),
  "works-not": phrase(
    18,
    1,
    "query",
    "Larmet fungerar inte just nu. Det får ingen kontakt.",
    "The alarm does not work right now. It gets no contact.",
  ),
  "works-with-fault": phrase(
    19,
    2,
    "query",
    "Larmet kan larma, men har ett fel. Felet är anmält.",
    "The alarm can call, but has a fault. It has been reported.",
  ),
  "not-proven": phrase(
    20,
    2,
    "query",
    "Larmet startar. Vänta några minuter och fråga igen.",
    "The alarm is starting. Wait some minutes and ask again.",
  ),
  "test-mode-on": phrase(21, 2, "mode", "Testläge. Larm skickas som vanligt.", "Test mode. Alarms are sent as usual."),
  "test-mode-off": phrase(22, 2, "mode", "Testläget är slut.", "Test mode has ended."),
  "call-service": phrase(
    23,
    2,
    "test",
    "Larmet har inte provats på länge. Tryck på larmknappen nu.",
    "The alarm has not been tested for long. Press the alarm button now.",
  ),
  "pre-alarm": phrase(
    24,
    1,
    "alarm",
    "Larmet skickas strax. Tryck på enhetens knapp för att avbryta.",
    "The alarm will be sent soon. Press the key on the unit to cancel.",
  ),
  "alarm-cancelled": phrase(25, 1, "alarm", "Larmet är återtaget.", "The alarm has been cancelled."),
  "door-open": phrase(26, 2, "door", "Dörren står öppen.", "The door is open."),
  "not-verified": phrase(
    27,
    2,
    "test",
    "Larmknappen är inte provad än. Tryck på knappen.",
    "The alarm button has not been tested yet. Press the button.",
  ),
  "radio-jammed": phrase(
    28,
    1,
    "radio",
    "Något stör radion. Larmknappen kanske inte hörs.",
    "Something disturbs the radio. The button may not be heard.",
  ),
  "away-on": phrase(
    29,
    2,
    "away",
    "Borta. Larmknappen fungerar som vanligt.",
    "Away. The alarm button works as usual.",
  ),
  "away-off": phrase(30, 2, "away", "Hemma.", "At home."),
  "away-reminder": phrase(
    31,
    2,
    "away",
    "Larmet tror att du är borta. Är du hemma, tryck på hemmaknappen.",
    "The alarm believes you are away. If you are home, press the home key.",
  ),
  "inactivity-warning": phrase(
    32,
    1,
    "inactivity",
    "Är allt bra? Tryck på enhetens knapp, annars skickas ett larm.",
    "Are you all right? Press the key on the unit, or an alarm will be sent.",
  ),
  "presence-noted": phrase(33, 2, "presence", "Besöket är registrerat.", "The visit has been noted."),
  "presence-ended": phrase(34, 2, "presence", "Besöket är avslutat.", "The visit has ended."),
  "assistance-called": phrase(35, 1, "presence", "Förstärkning är begärd.", "Assistance has been called."),
  "call-to-relative": phrase(
    36,
    0,
    "call",
    "Trygghetslarm: larmcentralen svarar inte. Tryck noll och hjälp till.",
    "Social alarm: nobody at the centre answers. Press zero to help.",
  ),
  informed: phrase(
    37,
    1,
    "informed",
    "Någon vet om ditt larm. Larmet fortsätter att ringa centralen.",
    "Somebody knows of your alarm. It keeps trying to reach the centre.",
  ),
};
