import { runtime } from '@openedx-ts/events-core/bus';
import type { GroupMembers } from '../group/group-members.js';

/** What a `NamesakeWarning` works with. */
export interface NamesakeWarningOptions {
  readonly members: GroupMembers;
  readonly streams: readonly string[];
  readonly groupId: string;
  readonly consumerName: string;
  /** Whether the name was given as an option; otherwise it is unique. */
  readonly isGiven: boolean;
  readonly blockMs: number;
}

/**
 * Warns once when another process seems to have the same `consumerName`: Redis takes both for one member, and each
 * processes what is pending for the other one.
 */
export class NamesakeWarning {
  readonly #options: NamesakeWarningOptions;
  #isDone: boolean;

  constructor(options: NamesakeWarningOptions) {
    this.#options = options;
    this.#isDone = !options.isGiven;
  }

  /** Looks whether the name is in use, before this process uses it: see `GroupMembers.isUsedElsewhere`. */
  async lookAtStart(abortSignal: AbortSignal): Promise<void> {
    if (this.#isDone) return;
    const { members, streams, consumerName, blockMs } = this.#options;
    const looks = streams.map(async (stream) => {
      const usedWithinMs = blockMs + GRACE_MS;
      if (await members.isUsedElsewhere(stream, consumerName, usedWithinMs, abortSignal)) this.#warn(stream);
    });
    await Promise.allSettled(looks); // the reader notices an unreachable Redis; lacking rights stop nothing
  }

  /** Notes that entries that were pending for this member were acknowledged by somebody else. */
  acknowledgedElsewhere(stream: string): void {
    this.#warn(stream);
  }

  #warn(stream: string): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const { groupId, consumerName } = this.#options;
    runtime().logger.warn(
      { stream, groupId, consumerName },
      'another process seems to consume with the same consumerName in this group: events are processed twice; give each process a name of its own, or none',
    );
  }
}

/** How much longer than `blockMs` a member that lives may be without a command. */
const GRACE_MS = 500;
