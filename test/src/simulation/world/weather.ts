/** How badly things go at the moment. Probabilities are of each occasion. */
export interface Weather {
  /** A delay is this many times as long as usual. */
  slow: { chance: number; factor: number };
  /** A command to the table is refused. */
  tableThrottled: number;
  /** A post, or a message, is refused. */
  gatewayThrottled: number;
  /** A frame that was posted once arrives twice: its sender had no answer, and has repeated it. */
  doubledPost: number;
  /** A function's process ends at a request to the table or the gateway, before or after that is under way. */
  killedFunction: number;
  /** An invocation gets a new process, although there is one at rest. */
  coldStart: number;
  /** `$disconnect` never comes. */
  lostDisconnect: number;
  /** It comes up to a minute late. */
  lateDisconnect: number;
  /** An index knows of a write so many milliseconds later at the most. */
  indexDelay: number;
  /** The clock of a function's process is wrong by so many milliseconds at the most. */
  skew: number;
}

export const FAIR: Weather = {
  slow: { chance: 0.01, factor: 8 },
  tableThrottled: 0,
  gatewayThrottled: 0,
  doubledPost: 0,
  killedFunction: 0,
  coldStart: 0.05,
  lostDisconnect: 0,
  lateDisconnect: 0,
  indexDelay: 100,
  skew: 0,
};

export const FOUL: Weather = {
  slow: { chance: 0.05, factor: 12 },
  tableThrottled: 0.01,
  gatewayThrottled: 0.01,
  doubledPost: 0.02,
  killedFunction: 0.005,
  coldStart: 0.2,
  lostDisconnect: 0.3,
  lateDisconnect: 0.3,
  indexDelay: 1_000,
  skew: 500,
};
