import { MemoryBroker } from '@openedx-ts/event-bus-memory';
import type { StartPosition } from '@openedx-ts/events-core';
import type { Message } from '@openedx-ts/events-core/bus';

type Join = Parameters<MemoryBroker['join']>;

/** A broker that misunderstands who joins which group, where. */
function joining(
  change: (groupId: string, startFrom: StartPosition, joined: number) => Partial<Joined>,
): MemoryBroker {
  let joined = 0;
  class Broken extends MemoryBroker {
    override join(...[groupId, member, options]: Join): Promise<void> {
      joined += 1;
      const { startFrom } = options;
      const changed = { groupId, startFrom, ...change(groupId, startFrom, joined) };
      return super.join(changed.groupId, member, { ...options, startFrom: changed.startFrom });
    }
  }
  return new Broken();
}

interface Joined {
  readonly groupId: string;
  readonly startFrom: StartPosition;
}

export const sharesOffsets = () => joining(() => ({ groupId: 'everybody' }));

export const givesEachConsumerEverything = () =>
  joining((groupId, _startFrom, joined) => ({ groupId: `${groupId}-${joined}` }));

export const alwaysStartsAtTheEnd = () => joining(() => ({ startFrom: 'resume' }));

export const alwaysStartsAtTheBeginning = () => joining(() => ({ startFrom: 'earliest' }));

/** Does not read retry topics. */
export class RetrylessBroker extends MemoryBroker {
  override join(...[groupId, member, options]: Join): Promise<void> {
    return super.join(groupId, member, { ...options, retryTopics: [] });
  }
}

/** Makes retry topics when somebody joins. */
export class HastyBroker extends MemoryBroker {
  override join(...[groupId, member, { topics, retryTopics, startFrom }]: Join): Promise<void> {
    return super.join(groupId, member, { topics: [...topics, ...retryTopics], retryTopics: [], startFrom });
  }
}

/** Forgets everything when it is stopped. */
export class ForgetfulBroker extends MemoryBroker {
  override stop(): void {
    super.stop();
    for (const name of this.topicNames) {
      const topic = this.topic(name);
      for (const partition of topic.partitions.keys()) topic.trim(partition, Infinity, 0);
    }
  }
}

/** Cannot be reached for good once it was stopped, but for reading. */
export class BrittleBroker extends MemoryBroker {
  override start(): void {}
}

/** Takes messages while it is stopped, and loses them. */
export class LyingBroker extends MemoryBroker {
  override append(message: Message): string {
    return this.isRunning ? super.append(message) : '0:0';
  }
}
