/** A browser's report of these stats. */
export function reportOf(...stats: readonly Record<string, unknown>[]): RTCStatsReport {
  return new Map(stats.map((each, index) => [`stats-${index}`, { id: `stats-${index}`, timestamp: 0, ...each }]));
}
