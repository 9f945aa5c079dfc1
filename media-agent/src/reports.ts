import { Code, type ResponseBody } from '@hyperroom/protocol';
import { type Log, reasonOf } from './log.ts';
import type { RoomReport } from './rooms/events.ts';

export interface ReportOutboxOptions {
  send: (report: RoomReport) => Promise<ResponseBody>;
  log: Log;
}

function keyOf(report: RoomReport): string {
  return [report.report, report.resource, report.incarnation, report.epoch, ...matterOf(report)].join(' ');
}

function matterOf(report: RoomReport): (string | number)[] {
  switch (report.report) {
    case 'media':
      return [report.participant, report.admitted, report.publication];
    case 'gone':
      return [report.participant, report.admitted];
    case 'unpublished':
      return [report.participant, report.admitted, report.connection];
    case 'empty':
    case 'lost':
      return [];
  }
}

/** Reports that have to arrive. Of several about the same matter only the last one counts. */
export class ReportOutbox {
  readonly #options: ReportOutboxOptions;
  readonly #pending = new Map<string, RoomReport>();
  readonly #underWay = new Set<string>();

  constructor(options: ReportOutboxOptions) {
    this.#options = options;
  }

  put(report: RoomReport): void {
    const key = keyOf(report);
    // Re-inserted at the end: the order of the reports of one participant is kept.
    this.#pending.delete(key);
    this.#pending.set(key, report);
    void this.#deliver(key);
  }

  /** Tries again what has not arrived. To be called when the link has been seen to work. */
  flush(): void {
    for (const key of this.#pending.keys()) void this.#deliver(key);
  }

  async #deliver(key: string): Promise<void> {
    const report = this.#pending.get(key);
    if (!report || this.#underWay.has(key)) return;
    this.#underWay.add(key);
    const arrived = await this.#send(report);
    this.#underWay.delete(key);
    if (!arrived) return;
    if (this.#pending.get(key) === report) this.#pending.delete(key);
    else await this.#deliver(key);
  }

  /**
   * A refusal has arrived as well: the conference knows better, except where it was too busy, or the one to fail, or took another socket for
   * this node's.
   */
  async #send(report: RoomReport): Promise<boolean> {
    const { log, send } = this.#options;
    try {
      const { code, description } = await send(report);
      if (code >= 300) log.warn('report refused', { ...report, code, description });
      return code < 500 && code !== Code.tooFast && code !== Code.forbidden;
    } catch (error) {
      log.warn('report undelivered', { ...report, reason: reasonOf(error) });
      return false;
    }
  }
}
