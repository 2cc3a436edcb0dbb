// How much a connection gathers and how long it waits, where no setting says so.

/** Longer text is sent at once instead of being collected for one write with what comes next. */
export const gathered = 12_288;
/** Bytes written at once for one client, before other clients get a turn. */
export const burst = 65_536;
/** How long a closing connection is still read, in total and between two reads; ms. */
export const lingering = 10_000;
export const silence = 2_000;
/** How long a drain waits for a request that may be on its way; ms. */
export const lastChance = 1_000;
/** How often a client's progress is checked within the stall timeout. */
export const looks = 8;
/** The most that is examined of a rejected head. */
export const salvaged = 131_072;
