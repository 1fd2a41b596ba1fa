import type { RedisServer } from './redis-server.js';

/** A running Redis Cluster: three primaries, each with a replica. */
export interface RedisCluster extends AsyncDisposable {
  /** The URL of the first node. */
  readonly url: string;
  /** All six; which of them are primaries changes. */
  readonly nodes: readonly RedisServer[];
  /** The three nodes that serve slots now. */
  primaries(): Promise<readonly RedisServer[]>;
  /** The node that serves the slot of a key. */
  primaryOf(key: string): Promise<RedisServer>;
  /**
   * Promotes the replica of a primary without losing a write (`CLUSTER FAILOVER`).
   * @returns the new primary, when all nodes know it
   */
  failOver(primary: RedisServer): Promise<RedisServer>;
  /**
   * Waits until another node serves the slots of a primary, such as after that was killed.
   * @returns the new primary, when all nodes that run know it
   */
  promoted(before: RedisServer): Promise<RedisServer>;
  /** Starts nodes that were killed or stopped, and waits until every slot is served and every replica has the data. */
  heal(): Promise<void>;
  /** Moves the slot of a key to another primary, one key after another, as resharding does. */
  moveSlot(key: string, to: RedisServer): Promise<void>;
  /**
   * Starts to move the slot of a key and moves its keys, but leaves the slot with its node, which answers `ASK`.
   * @returns ends the move
   */
  startMove(key: string, to: RedisServer): Promise<() => Promise<void>>;
}
