import type { RedisServer } from './redis-server.js';

/** A running primary with two replicas and three Sentinels. */
export interface RedisSentinelSetUp extends AsyncDisposable {
  /** The name of the primary, as the Sentinels know it. */
  readonly name: string;
  readonly sentinels: readonly RedisServer[];
  /** The servers that hold data; which of them is the primary changes. */
  readonly nodes: readonly RedisServer[];
  /** The server that two of three Sentinels name as the primary. */
  primary(): Promise<RedisServer>;
  /**
   * Has the Sentinels promote a replica (`SENTINEL FAILOVER`), after writes to the primary were paused (`CLIENT PAUSE`), and
   * makes that one its replica, so that it accepts nothing that the new primary does not get.
   * @returns the new primary, when the Sentinels name it
   */
  failOver(): Promise<RedisServer>;
  /**
   * Waits until the Sentinels name another primary, such as after the one before was killed.
   * @returns the new primary
   */
  promoted(before: RedisServer): Promise<RedisServer>;
  /** Starts servers that were killed or stopped, as replicas, and waits until all replicas have the data. */
  heal(): Promise<void>;
}
