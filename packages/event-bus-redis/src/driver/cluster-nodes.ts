import { InfrastructureError } from '@openedx-ts/events-core';
import { addressOf, type ClusterSlots, type NodeAddress } from './cluster-slots.js';
import type { ClusterTopology } from './cluster-topology.js';
import { slotOf } from './command-key.js';
import type { RedisConnectionOptions } from './connect-redis.js';
import { IoredisConnection } from './ioredis-connection.js';
import { ReopenedError } from './reopened-error.js';

/** The connections to the nodes of a cluster, each opened when it is needed. */
export class ClusterNodes {
  readonly #options: RedisConnectionOptions;
  readonly #topology: ClusterTopology;
  readonly #nodes = new Map<string, IoredisConnection>();
  /** How often connections were opened to nodes that have left the cluster. */
  #openedBefore = 0;
  #isClosed = false;

  constructor(options: RedisConnectionOptions, topology: ClusterTopology) {
    this.#options = options;
    this.#topology = topology;
  }

  /** How often a connection was opened, or a slot has moved: then another Redis replies. */
  get timesOpened(): number {
    let count = this.#openedBefore + this.#topology.changes;
    for (const { timesOpened } of this.#nodes.values()) count += timesOpened;
    return count;
  }

  /**
   * The slots as they are known, or as a node reports them after `doubt`; connections to nodes that have left the cluster
   * are closed.
   */
  async slots(isFresh = false): Promise<ClusterSlots> {
    if (this.#isClosed) throw new InfrastructureError('the connection to Redis is closed');
    const slots = await (isFresh ? this.#topology.fresh() : this.#topology.current());
    for (const [address, node] of this.#nodes) {
      if (slots.nodes.has(address)) continue;
      this.#openedBefore += node.timesOpened;
      this.#nodes.delete(address);
      void node.close();
    }
    return slots;
  }

  /** The connections to all nodes that serve slots. */
  primaries({ owners, nodes }: ClusterSlots): readonly IoredisConnection[] {
    const primaries = [...new Set(owners)].flatMap((owner) => nodes.get(owner ?? '') ?? []);
    return primaries.map((node) => this.#to(node));
  }

  /**
   * The connection to the node that serves a key.
   *
   * @param key undefined: any node
   * @throws InfrastructureError when no node serves it
   */
  owner({ owners, nodes }: ClusterSlots, key: string | undefined): IoredisConnection {
    const owner = key === undefined ? owners.find((one) => one !== undefined) : owners[slotOf(key)];
    const address = nodes.get(owner ?? '');
    if (address !== undefined) return this.#to(address);
    this.#topology.doubt();
    throw new InfrastructureError(`no node of the Redis Cluster serves the slot of ${key}`);
  }

  /** Notes that the slots may have moved. */
  doubt(): void {
    this.#topology.doubt();
  }

  /** The connection to a node that another node has named. */
  named(address: NodeAddress): IoredisConnection {
    return this.#to(this.#topology.mapped(address));
  }

  /** The connections of which a command is in flight, with the addresses of their nodes. */
  get busy(): readonly (readonly [string, IoredisConnection])[] {
    return [...this.#nodes].filter(([, { isBusy }]) => isBusy);
  }

  /** The connection to a node by its address; undefined when there is none. */
  at(address: string): IoredisConnection | undefined {
    return this.#nodes.get(address);
  }

  /** Runs what speaks to a node; when the node is unreachable, the slots are asked for again. */
  async watched<T>(use: () => Promise<T>): Promise<T> {
    try {
      return await use();
    } catch (error) {
      if (error instanceof InfrastructureError && !(error instanceof ReopenedError)) this.#topology.doubt();
      throw error;
    }
  }

  async interrupt(): Promise<void> {
    await Promise.all(Array.from(this.#nodes.values(), (node) => node.interrupt()));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#nodes.values(), (node) => node.close()));
  }

  #to(address: NodeAddress): IoredisConnection {
    const text = addressOf(address);
    let node = this.#nodes.get(text);
    if (node === undefined) {
      node = new IoredisConnection({ ...this.#options, ...this.#topology.nodeOptions(address) });
      if (this.#isClosed) void node.close();
      this.#nodes.set(text, node);
    }
    return node;
  }
}
