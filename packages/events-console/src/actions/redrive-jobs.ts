import { EventsError } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import {
  type DeadLetterQueue,
  type DeadLetterSelection,
  type RedriveReport,
  redriveDeadLetters,
  type TopicStore,
} from '@openedx-ts/events-core/operate';
import type { JobAnswer } from '../answers/action-answers.js';
import type { AuditEntry } from '../answers/audit-entry.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import { ConsoleError } from '../errors/console-error.js';
import { shownText } from '../messages/shown-text.js';
import { selectionFacts } from './selection-in.js';

/** What is sent again, how fast, and for whom. */
export interface RedriveOrder {
  readonly queue: DeadLetterQueue;
  readonly selection: DeadLetterSelection;
  /** Events a second; undefined for as fast as the bus takes them. */
  readonly ratePerSecond: number | undefined;
  /** Whether every group of the topic receives them, and not the one that failed alone. */
  readonly allGroups: boolean;
  readonly who: string;
}

/**
 * Redrives that were started in this console; the last fifty are kept. One redrive or purge at a time works on a topic of
 * dead letters: otherwise a redrive would send what a purge has just removed.
 */
export class RedriveJobs {
  readonly #jobs = new Map<string, Job>();
  /** The dead-letter topics of which some are being removed. */
  readonly #purging = new Set<string>();
  #isClosed = false;
  readonly #store: TopicStore;
  readonly #trail: AuditTrail;

  constructor(store: TopicStore, trail: AuditTrail) {
    this.#store = store;
    this.#trail = trail;
  }

  /**
   * Starts a redrive; it goes on when this returns.
   *
   * @throws ConsoleError while another redrive or a purge of this queue runs, or when the console was closed
   * @throws InvalidOptionsError when nothing is selected
   */
  async start(order: RedriveOrder): Promise<JobAnswer> {
    this.#mustBeFree(order.queue);
    const job = new Job(runtime().nextId(), order);
    this.#keep(job);
    const started = this.#count(job);
    job.ended = started.then(
      () => this.#run(job),
      () => {}, // the caller has the error
    );
    await started;
    return job.answer();
  }

  /**
   * Does what removes dead letters of a queue.
   *
   * @throws ConsoleError while a redrive or another purge of this queue runs, or when the console was closed
   */
  async whilePurging<T>(queue: DeadLetterQueue, purge: () => Promise<T>): Promise<T> {
    this.#mustBeFree(queue);
    this.#purging.add(queue.deadLetterTopic);
    try {
      return await purge();
    } finally {
      this.#purging.delete(queue.deadLetterTopic);
    }
  }

  /** The state of a redrive. @throws ConsoleError when there is none of that id */
  get(id: string): JobAnswer {
    return this.#find(id).answer();
  }

  /** The redrives that are kept, the newest first. */
  list(): readonly JobAnswer[] {
    return [...this.#jobs.values()].map((job) => job.answer()).reverse();
  }

  /** Ends a redrive after the event that is being sent. @throws ConsoleError when there is none of that id */
  async stop(id: string, who: string): Promise<JobAnswer> {
    const job = this.#find(id);
    const { topic, groupId } = job.order.queue;
    await this.#trail.add({
      who,
      action: 'stop redrive',
      target: `${topic}.${groupId}`,
      outcome: 'started',
      facts: {},
    });
    job.stop.abort();
    await job.ended;
    return job.answer();
  }

  /** Ends them all, and lets none start any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#jobs.values()) job.stop.abort();
    await Promise.all([...this.#jobs.values()].map((job) => job.ended));
  }

  #mustBeFree({ topic, groupId, deadLetterTopic }: DeadLetterQueue): void {
    if (this.#isClosed) throw new ConsoleError(503, 'CONSOLE_BUSY', 'the console is being closed');
    const isRedriven = [...this.#jobs.values()].some(
      (job) => job.isRunning && job.order.queue.deadLetterTopic === deadLetterTopic,
    );
    if (!isRedriven && !this.#purging.has(deadLetterTopic)) return;
    const state = isRedriven ? 'redrive is running: stop it first' : 'purge is running: wait for its end';
    throw new ConsoleError(409, 'CONSOLE_BUSY', `${topic} and group ${groupId}: a ${state}`);
  }

  #find(id: string): Job {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    throw new ConsoleError(404, 'CONSOLE_NOT_FOUND', 'there is no such redrive in this console');
  }

  #keep(job: Job): void {
    this.#jobs.set(job.id, job);
    const over = [...this.#jobs.values()].filter((one) => !one.isRunning).slice(0, -MAX_KEPT);
    for (const one of over) this.#jobs.delete(one.id);
  }

  /** Counts what is selected, and records that the job starts. A job that cannot start is forgotten. */
  async #count(job: Job): Promise<void> {
    const { queue, selection, ratePerSecond, allGroups } = job.order;
    const rate = ratePerSecond === undefined ? {} : { ratePerSecond };
    const { signal: abortSignal } = job.stop;
    try {
      const options = { ...selection, ...rate, abortSignal, dryRun: true };
      const preview = await redriveDeadLetters(this.#store, queue, options);
      job.selected = preview.redriven + preview.unfit;
      await this.#trail.add(entryOf(job, 'started', { ...rate, allGroups, selected: job.selected }));
    } catch (error) {
      this.#jobs.delete(job.id);
      throw error;
    }
  }

  /** Never rejects: what goes wrong is the state of the job. */
  async #run(job: Job): Promise<void> {
    const { queue, selection, ratePerSecond, allGroups } = job.order;
    let outcome: 'done' | 'stopped' | 'failed' = 'failed';
    try {
      job.report = await redriveDeadLetters(this.#store, queue, {
        ...selection,
        ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
        allGroups,
        abortSignal: job.stop.signal,
        onProgress: (report) => {
          job.report = report;
        },
        onWait: (retryTopic) => {
          job.awaited = retryTopic;
        },
      });
      outcome = job.stop.signal.aborted ? 'stopped' : 'done';
    } catch (error) {
      job.failure = EventsError.is(error)
        ? shownText(error.message)
        : 'an error that is in the log of the console';
      runtime().logger.error({ err: reasonOf(error) }, 'console: a redrive failed');
    }
    job.state = outcome;
    const { redriven, unfit } = job.report;
    await this.#trail.addOutcome(entryOf(job, outcome, { redriven, unfit }));
  }
}

function entryOf({ order }: Job, outcome: AuditEntry['outcome'], facts: AuditEntry['facts']) {
  const { queue, selection, who } = order;
  const target = `${queue.topic}.${queue.groupId}`;
  return {
    who,
    action: 'redrive',
    target,
    outcome,
    facts: { ...selectionFacts(selection), ...facts },
  } as const;
}

const MAX_KEPT = 50;

/** One redrive. */
class Job {
  readonly id: string;
  readonly order: RedriveOrder;
  readonly stop = new AbortController();
  state: JobAnswer['state'] = 'running';
  selected = 0;
  report: RedriveReport = { redriven: 0, unfit: 0, reasons: [], isDryRun: false };
  failure: string | null = null;
  /** The retry topic that nobody read when it was started. */
  awaited: string | undefined;
  ended: Promise<void> = Promise.resolve();

  constructor(id: string, order: RedriveOrder) {
    this.id = id;
    this.order = order;
  }

  get isRunning(): boolean {
    return this.state === 'running';
  }

  answer(): JobAnswer {
    const { id, state, selected, failure } = this;
    const { topic, groupId } = this.order.queue;
    const { redriven, unfit } = this.report;
    const reasons = this.report.reasons.map(({ position, reason }) => ({
      position,
      reason: shownText(reason) ?? '',
    }));
    const isWaiting = this.isRunning && redriven + unfit === 0;
    const waitsFor = isWaiting ? (shownText(this.awaited) ?? null) : null;
    return { id, topic, groupId, state, selected, redriven, unfit, reasons, failure, waitsFor };
  }
}
