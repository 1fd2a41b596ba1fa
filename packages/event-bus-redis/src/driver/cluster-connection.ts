import { InfrastructureError } from '@openedx-ts/events-core';
import { OutcomeUnknownError } from '@openedx-ts/events-core/bus';
import { ClusterNodes } from './cluster-nodes.js';
import { MAX_TRIES, redirection } from './cluster-redirection.js';
import type { ClusterSlots } from './cluster-slots.js';
import { ClusterTopology } from './cluster-topology.js';
import { keyOf } from './command-key.js';
import type { RedisConnectionOptions } from './connect-redis.js';
import type { IoredisConnection } from './ioredis-connection.js';
import { placeOf } from './redis-address.js';
import type { RedisCommand, RedisReply } from './redis-command.js';
import type { RedisConnection, RepliesTogether } from './redis-connection.js';
import { RedisReplyError, repliesOrThrow } from './redis-reply-error.js';
import { ReopenedError } from './reopened-error.js';
import { sendTransaction } from './send-transaction.js';

type Reply = RedisReply | RedisReplyError;

/**
 * A `RedisConnection` to a Redis Cluster: one connection to each node that is needed. A command goes to the node that
 * serves the slot of its key, a command without a key where the command before it went. Commands that a node redirects
 * (`MOVED`, `ASK`) were not executed, and are sent again in their order.
 *
 * The client for clusters of ioredis is not used: it sends commands again of which it is unknown whether they were
 * executed, queues them, and connects to addresses that nothing has checked (decision 17).
 */
export class ClusterConnection implements RedisConnection {
  readonly isCluster = true;
  readonly #options: RedisConnectionOptions;
  readonly #topology: ClusterTopology;
  readonly #nodes: ClusterNodes;

  constructor(options: RedisConnectionOptions, topology = new ClusterTopology(options)) {
    this.#options = options;
    this.#topology = topology;
    this.#nodes = new ClusterNodes(options, topology);
  }

  get address(): string {
    return placeOf(this.#options.url);
  }

  /** Also counts slots that have moved: then another Redis replies. */
  get timesOpened(): number {
    return this.#nodes.timesOpened;
  }

  another(options: Partial<RedisConnectionOptions>): RedisConnection {
    return new ClusterConnection({ ...this.#options, ...options }, this.#topology);
  }

  async servers(): Promise<readonly RedisConnection[]> {
    return this.#nodes.primaries(await this.#nodes.slots());
  }

  async send(
    commands: readonly RedisCommand[],
    timeoutMs?: number,
    timesOpened?: number,
  ): Promise<readonly Reply[]> {
    const replies: (Reply | undefined)[] = new Array(commands.length).fill(undefined);
    let open = commands.map((_, index) => index);
    try {
      for (let tries = 0; open.length > 0 && tries < MAX_TRIES; tries += 1) {
        await this.#sendOnce(commands, replies, open, { timeoutMs, timesOpened, isAgain: tries > 0 });
        open = await this.#redirected(commands, replies, open, { timeoutMs, timesOpened });
      }
    } catch (error) {
      const isExecuted = replies.some((reply) => reply !== undefined && redirection(reply) === undefined);
      throw isExecuted && isUnreachable(error) ? new OutcomeUnknownError(error.message) : error;
    }
    for (const index of open) replies[index] = resharding(commands[index] as RedisCommand);
    return replies as Reply[];
  }

  async sendWith(
    commands: readonly RedisCommand[],
    others: readonly RedisCommand[],
    timeoutMs?: number,
  ): Promise<readonly Reply[]> {
    const [following, rest] = followingAndRest(others);
    const [replies, more] = await Promise.all([
      this.send([...commands, ...following], timeoutMs),
      this.#unlessUnreachable(rest, timeoutMs),
    ]);
    return [...replies, ...more];
  }

  async sendTogether(
    commands: readonly RedisCommand[],
    others: readonly RedisCommand[],
    timeoutMs?: number,
  ): Promise<RepliesTogether> {
    const [following, rest] = followingAndRest(others);
    const [together, more] = await Promise.all([
      sendTransaction(this.#nodes, commands, following, timeoutMs),
      this.#unlessUnreachable(rest, timeoutMs),
    ]);
    return { ...together, replies: [...together.replies, ...more] };
  }

  async callAll(
    commands: readonly RedisCommand[],
    timeoutMs?: number,
    timesOpened?: number,
  ): Promise<readonly RedisReply[]> {
    return repliesOrThrow(await this.send(commands, timeoutMs, timesOpened));
  }

  async call(command: RedisCommand, timeoutMs?: number, timesOpened?: number): Promise<RedisReply> {
    const [reply] = await this.callAll([command], timeoutMs, timesOpened);
    return reply as RedisReply;
  }

  async unblock(other: RedisConnection): Promise<void> {
    if (!(other instanceof ClusterConnection)) return;
    for (const [address, node] of other.#nodes.busy) await this.#nodes.at(address)?.unblock(node);
  }

  interrupt(): Promise<void> {
    return this.#nodes.interrupt();
  }

  close(): Promise<void> {
    return this.#nodes.close();
  }

  /** Replies; null for each where the server is unreachable, because what was sent beside it was executed nevertheless. */
  async #unlessUnreachable(
    commands: readonly RedisCommand[],
    timeoutMs: number | undefined,
  ): Promise<readonly Reply[]> {
    try {
      return await this.send(commands, timeoutMs);
    } catch (error) {
      if (error instanceof InfrastructureError) return commands.map(() => null);
      throw error;
    }
  }

  /** Sends commands to their nodes and notes the replies. @throws after all nodes have replied or failed */
  async #sendOnce(
    commands: readonly RedisCommand[],
    replies: (Reply | undefined)[],
    indexes: readonly number[],
    { timeoutMs, timesOpened, isAgain }: SendLimits & { readonly isAgain: boolean },
  ): Promise<void> {
    const groups = this.#byNode(await this.#nodes.slots(isAgain), commands, indexes);
    const sends = Array.from(groups, async ([node, places]) => {
      const chosen = places.map((index) => commands[index] as RedisCommand);
      const fence = this.#fence(node, timesOpened);
      const received = await this.#nodes.watched(() => node.send(chosen, timeoutMs, fence));
      for (const [place, index] of places.entries()) replies[index] = received[place] as Reply;
    });
    const failed = (await Promise.allSettled(sends)).filter((result) => result.status === 'rejected');
    // What may have been executed counts more than what was not sent.
    const failure = failed.find(({ reason }) => reason instanceof OutcomeUnknownError) ?? failed[0];
    if (failure !== undefined) throw failure.reason;
  }

  /** Sends commands where `ASK` points to; returns the places of those to be sent once more. */
  async #redirected(
    commands: readonly RedisCommand[],
    replies: (Reply | undefined)[],
    sent: readonly number[],
    { timeoutMs, timesOpened }: SendLimits,
  ): Promise<number[]> {
    const again: number[] = [];
    let follows = false;
    for (const index of sent) {
      const command = commands[index] as RedisCommand;
      const found = redirection(replies[index]);
      if (found !== undefined && timesOpened !== undefined)
        throw new ReopenedError('the slot has moved to another node of the Redis Cluster');
      if (found?.ask !== undefined) {
        const node = this.#nodes.named(found.ask);
        const [, reply] = await this.#nodes.watched(() => node.send([['ASKING'], command], timeoutMs));
        replies[index] = reply as Reply;
      }
      const isAgain: boolean =
        found === undefined ? follows && keyOf(command) === undefined : found.ask === undefined;
      if (isAgain) again.push(index);
      follows = isAgain;
    }
    if (again.length > 0 || sent.some((index) => isDown(replies[index]))) this.#nodes.doubt();
    return again;
  }

  #byNode(
    slots: ClusterSlots,
    commands: readonly RedisCommand[],
    indexes: readonly number[],
  ): ReadonlyMap<IoredisConnection, number[]> {
    const groups = new Map<IoredisConnection, number[]>();
    let node: IoredisConnection | undefined;
    for (const index of indexes) {
      const key = keyOf(commands[index] as RedisCommand);
      if (key !== undefined || node === undefined) node = this.#nodes.owner(slots, key);
      const group = groups.get(node);
      if (group === undefined) groups.set(node, [index]);
      else group.push(index);
    }
    return groups;
  }

  /** So many openings of a node's connection as now, if nothing was opened since `timesOpened` was read. */
  #fence(node: IoredisConnection, timesOpened: number | undefined): number | undefined {
    if (timesOpened === undefined) return undefined;
    if (timesOpened !== this.timesOpened)
      throw new ReopenedError('a connection to the Redis Cluster was opened again');
    return node.timesOpened;
  }
}

/** The commands without a key at the start, which belong to what was sent before them, and the others. */
function followingAndRest(
  others: readonly RedisCommand[],
): readonly [readonly RedisCommand[], readonly RedisCommand[]] {
  const first = others.findIndex((command) => keyOf(command) !== undefined);
  const count = first < 0 ? others.length : first;
  return [others.slice(0, count), others.slice(count)];
}

interface SendLimits {
  readonly timeoutMs: number | undefined;
  readonly timesOpened: number | undefined;
}

/** Whether an error means that nothing was sent to one of the nodes. */
function isUnreachable(error: unknown): error is InfrastructureError {
  return (
    error instanceof InfrastructureError &&
    !(error instanceof OutcomeUnknownError || error instanceof ReopenedError)
  );
}

function isDown(reply: Reply | undefined): boolean {
  return reply instanceof RedisReplyError && reply.code === 'CLUSTERDOWN';
}

function resharding(command: RedisCommand): RedisReplyError {
  return new RedisReplyError(`TRYAGAIN the Redis Cluster has redirected it ${MAX_TRIES} times`, command);
}
