/** Words for the unit's calls: over the mobile network's voice or over SIP, through the case's own microphone and loudspeaker. */

export type VoiceMedium = "mobile" | "sip";

/** Who is heard (SS 91100 table 2, `mre`): both sides; `listen`: the far side hears the home; `talk`: the home hears the far side. */
export type SpeechMode = "duplex" | "listen" | "talk";

/**
 * How a call ended that the unit did not end itself. `over`: the far side hung up after people spoke; `silent`: it did, and
 * nobody in the home was heard; `lost`: the connection broke; the others: nobody was reached.
 */
export type CallEnd = "over" | "silent" | "lost" | "busy" | "no-answer" | "failed";
