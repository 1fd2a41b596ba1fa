import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { askNode, type NodeRequest, type TcpAddress } from '../protocol/ask-node.js';
import type { ProtocolAnswer } from '../protocol/protocol-answer.js';
import { type PartitionState, readMetadata, type TopicState } from '../protocol/read-metadata.js';
import {
  type ClusterRequest,
  createPartitionsRequest,
  createTopicRequest,
  deleteTopicRequest,
  electLeaderRequest,
  endOffsetsRequest,
  findCoordinatorRequest,
  REQUEST_TIMEOUT_MS,
  reassignRequest,
} from './cluster-requests.js';
import type { PlacedTopic } from './kafka-cluster.js';

/** A node that answers. */
export interface AnsweringNode extends TcpAddress {
  readonly id: number;
}

/** How long a result may take on a busy machine. */
const PATIENCE_MS = 30_000;

const UNKNOWN_TOPIC = 3;
const ELECTION_NOT_NEEDED = 84;
/** Errors of a cluster that elects, or of a node that has not heard of the last change yet. */
const PASSING: readonly number[] = [-1, UNKNOWN_TOPIC, 5, 6, 7, 14, 15, 16, 41, 60, 80, 83];

/** Changes a cluster as a test demands, through the nodes that answer. */
export class ClusterAdmin {
  readonly #answering: () => readonly AnsweringNode[];

  constructor(answering: () => readonly AnsweringNode[]) {
    this.#answering = answering;
  }

  async createTopic(topic: PlacedTopic): Promise<void> {
    await this.#change(createTopicRequest(topic));
    await this.#untilServed(topic.topic, topic.replicas.length);
  }

  async deleteTopic(topic: string): Promise<void> {
    await this.#change(deleteTopicRequest(topic));
    await this.#untilKnown(topic, ({ errorCode }) => errorCode === UNKNOWN_TOPIC);
  }

  async addPartitions(topic: string, replicas: readonly (readonly number[])[]): Promise<void> {
    const total = (await this.partitions(topic)).length + replicas.length;
    await this.#change(createPartitionsRequest(topic, total, replicas));
    await this.#untilServed(topic, total);
  }

  async reassign(topic: string, partition: number, replicas: readonly number[]): Promise<void> {
    await this.#change(reassignRequest(topic, partition, replicas));
    await this.untilPartitions(topic, (partitions) => {
      const { replicas: now, inSync = [] } = partitions[partition] ?? {};
      return isDeepStrictEqual(now, replicas) && inSync.length === replicas.length;
    });
  }

  async moveLeader(topic: string, partition: number, nodeId: number): Promise<void> {
    const { replicas = [] } = (await this.partitions(topic))[partition] ?? {};
    if (!replicas.includes(nodeId)) throw new Error(`node ${nodeId} has no replica of ${topic}:${partition}`);
    if (replicas[0] !== nodeId) {
      const wanted = [nodeId, ...replicas.filter((id) => id !== nodeId)];
      await this.#change(reassignRequest(topic, partition, wanted));
      await this.untilPartitions(topic, (now) => isDeepStrictEqual(now[partition]?.replicas, wanted));
    }
    await this.#change(electLeaderRequest(topic, partition), [ELECTION_NOT_NEEDED]);
    await this.untilPartitions(topic, (now) => now[partition]?.leader === nodeId);
  }

  async partitions(topic: string): Promise<readonly PartitionState[]> {
    const [node] = this.#answering();
    if (node === undefined) throw new Error('no node of the cluster is running');
    return (await topicOf(node, topic)).partitions;
  }

  async untilPartitions(
    topic: string,
    condition: (partitions: readonly PartitionState[]) => boolean,
  ): Promise<readonly PartitionState[]> {
    await this.#untilKnown(topic, ({ partitions }) => condition(partitions));
    return this.partitions(topic);
  }

  async untilInSync(): Promise<void> {
    await until('replicas in sync', async () => {
      const nodes = this.#answering();
      const seen = await Promise.all(nodes.map((node) => readMetadata(node, null, REQUEST_TIMEOUT_MS)));
      const partitions = seen.flatMap(({ topics }) => topics.flatMap((topic) => topic.partitions));
      return partitions.every(
        ({ replicas, inSync, leader }) => leader >= 0 && inSync.length === replicas.length,
      )
        ? true
        : undefined;
    });
  }

  async coordinatorOf(groupId: string): Promise<number> {
    return until(`the coordinator of ${groupId}`, async () => {
      const answer = await this.#ask(findCoordinatorRequest(groupId));
      answer.int32(); // throttle time
      const errorCode = answer.int16();
      answer.text();
      return errorCode === 0 ? answer.int32() : undefined;
    });
  }

  /** Waits until the nodes know leaders of all partitions, and these know that they lead. */
  async #untilServed(topic: string, count: number): Promise<void> {
    const partitions = await this.untilPartitions(
      topic,
      (now) => now.length === count && now.every(({ leader }) => leader >= 0),
    );
    for (const node of this.#answering()) {
      const led = partitions.filter(({ leader }) => leader === node.id).map(({ partition }) => partition);
      await until(`the leader ${node.id} of ${topic}`, async () => {
        const answer = await askNode(node, endOffsetsRequest(topic, led), REQUEST_TIMEOUT_MS);
        return hasErrors(answer) ? undefined : true;
      });
    }
  }

  async #untilKnown(topic: string, condition: (state: TopicState) => boolean): Promise<void> {
    await until(`the state of ${topic}`, async () => {
      const states = await Promise.all(this.#answering().map((node) => topicOf(node, topic)));
      return states.length > 0 && states.every(condition) ? true : undefined;
    });
  }

  /** Makes a change, again while the cluster elects. */
  async #change(
    { name, request, errorCode }: ClusterRequest,
    alsoFine: readonly number[] = [],
  ): Promise<void> {
    await until(name, async () => {
      const code = errorCode(await this.#ask(request));
      if (code === 0 || alsoFine.includes(code)) return true;
      if (PASSING.includes(code)) return undefined;
      throw new ClusterRefusal(`Kafka refuses ${name} with error ${code}`);
    });
  }

  /** The answer of the first node that gives one. */
  async #ask(request: NodeRequest): Promise<ProtocolAnswer> {
    let failure: unknown = new Error('no node of the cluster is running');
    for (const node of this.#answering()) {
      try {
        return await askNode(node, request, REQUEST_TIMEOUT_MS + 1_000);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

class ClusterRefusal extends Error {}

async function topicOf(node: AnsweringNode, topic: string): Promise<TopicState> {
  const { topics } = await readMetadata(node, [topic], REQUEST_TIMEOUT_MS);
  return topics[0] ?? { topic, errorCode: UNKNOWN_TOPIC, partitions: [] };
}

function hasErrors(answer: ProtocolAnswer): boolean {
  const codes = answer.array(() => {
    answer.text();
    return answer.array(() => {
      answer.int32(); // partition
      const code = answer.int16();
      for (let words = 0; words < 4; words += 1) answer.int32(); // time and offset
      return code;
    });
  });
  return codes.flat().some((code) => code !== 0);
}

/** Asks until there is a result; a node that does not answer is asked again. */
async function until<Result>(what: string, ask: () => Promise<Result | undefined>): Promise<Result> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const result = await ask().catch((error: unknown) => {
      if (error instanceof ClusterRefusal || performance.now() > deadline) throw error;
      return undefined;
    });
    if (result !== undefined) return result;
    if (performance.now() > deadline) throw new Error(`${what}: not as wanted after ${PATIENCE_MS} ms`);
    await delay(20);
  }
}
