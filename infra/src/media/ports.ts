/** On the host itself only: Kurento knows no passwords. */
export const kurentoPort = 8888;
/** Where the agent says how it is; likewise. */
export const healthPort = 8889;
/** Where coturn listens, UDP and TCP. */
export const turnPort = 3478;
/** Where clients' media arrive. coturn relays from the ports above: what it sends leaves the host nowhere. */
export const mediaPorts = { min: 40_000, max: 49_151 } as const;
