/** How the people at a receiver treat the calls that follow an alarm, well or badly (SS 91100 5 and 7). */

export interface VoiceRules {
  /** Takes calls; otherwise it rings until the caller gives up. */
  readonly answers: boolean;
  /** Every caller hears busy. */
  readonly engaged: boolean;
  /** Calls the unit where its `mrs` said so. */
  readonly callsBack: boolean;
  /** Sound leaves the receiver; otherwise the unit hears nothing, not even silence. */
  readonly isHeard: boolean;
  /** Presses 0 before the end: the call was received properly, and the unit may hang up. */
  readonly clears: boolean;
  /** Pressed unless others are named. */
  readonly keys: string;
}

const usual: VoiceRules = {
  answers: true,
  engaged: false,
  callsBack: true,
  isHeard: true,
  clears: true,
  keys: "",
};

/**
 * | voice mode    | the unit calls                            | the `mrs` promised a call (`cre` 1 to 60)     |
 * |---------------|-------------------------------------------|-----------------------------------------------|
 * | answers       | taken after 2 s; talk, key 0, hung up     | the operator calls after 3 s, and talks alike |
 * | presses       | the same, with the keys 4, 7, 8, 1, 3     | the same                                      |
 * | hangs-up      | taken, and ended without key 0            | called, and ended without key 0               |
 * | one-way       | taken, and not one packet of sound comes  | called, and not one packet of sound comes     |
 * | engaged       | 486                                       | nobody calls                                  |
 * | no-answer     | rings until the unit gives up             | nobody calls                                  |
 * | never-calls   | as `answers`                              | nobody calls                                  |
 */
const rules = {
  answers: usual,
  presses: { ...usual, keys: "47813" },
  "hangs-up": { ...usual, clears: false },
  "one-way": { ...usual, isHeard: false },
  engaged: { ...usual, engaged: true, callsBack: false },
  "no-answer": { ...usual, answers: false, callsBack: false },
  "never-calls": { ...usual, callsBack: false },
} as const satisfies Record<string, VoiceRules>;

export type VoiceMode = keyof typeof rules;

export const voiceModes = Object.keys(rules) as readonly VoiceMode[];

export function voiceRulesOf(mode: VoiceMode): VoiceRules {
  return rules[mode];
}

export function isVoiceMode(text: string): text is VoiceMode {
  return Object.hasOwn(rules, text);
}
