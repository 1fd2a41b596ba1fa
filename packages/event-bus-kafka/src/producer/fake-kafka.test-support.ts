import type { ProduceOutcome } from '../driver/produce-outcome.js';
import type { ProducerSession } from '../driver/producer-session.js';
import type { BatchToProduce } from '../driver/protocol/produce.js';
import { decodeRecordBatches } from '../driver/protocol/record-batch.js';

/**
 * What happens to a Produce request: an error of the broker by its number; the answer is lost on its way back; the request is
 * lost on its way there; or its leader appends the batch, the replicas copy it, and another one becomes the leader.
 */
export type Fault = number | 'answerLost' | 'requestLost' | 'leaderMoved' | undefined;

/** A batch as it came to the broker. */
export interface SeenBatch {
  readonly partition: number;
  readonly node: number;
  readonly producerId: bigint;
  readonly epoch: number;
  readonly base: number;
  readonly bytes: Buffer;
}

/** What a partition knows of a producer: as Kafka, its epoch and its last five batches. */
interface ProducerState {
  epoch: number;
  last: number;
  recent: { readonly base: number; readonly last: number; readonly offset: number }[];
}

/** Logs of partitions that recognise batches by their sequence numbers as Kafka does, without a network. */
export class FakeKafka {
  /** Values of the records, by topic and partition: `orders-0`. */
  readonly logs = new Map<string, string[]>();
  readonly seen: SeenBatch[] = [];
  /** Of the coming Produce requests; without one a request is answered. */
  readonly faults: Fault[] = [];
  /** Partitions whose requests wait until the promise resolves. */
  readonly hanging = new Map<number, Promise<void>>();
  /** Errors of topics, by their numbers. */
  readonly topicErrors = new Map<string, number>();
  /** Leaders of the partitions of each topic; -1 for none. */
  leaders: number[];
  /** The answer to InitProducerId. */
  initError = 0;
  /** Errors of the coming InitProducerId requests, before `initError`. */
  readonly initErrors: number[] = [];
  /** Ids given so far. */
  ids = 0;
  firstEpoch = 0;
  clusterId = 'one';
  readonly #sessions: Partial<ProducerSession>[] = [];
  readonly #states = new Map<string, ProducerState>();

  constructor(partitions = 1) {
    this.leaders = new Array<number>(partitions).fill(1);
  }

  readonly openSession = (): ProducerSession => {
    const session: Partial<ProducerSession> = {
      connect: async () => {},
      topic: (fullTopic) => {
        const errorCode = this.topicErrors.get(fullTopic) ?? 0;
        return { errorCode, leaders: errorCode === 0 ? [...this.leaders] : [] };
      },
      forget: () => {},
      initProducerId: async () => {
        this.ids += 1;
        return {
          errorCode: this.initErrors.shift() ?? this.initError,
          producerId: BigInt(this.ids * 100),
          producerEpoch: this.firstEpoch,
        };
      },
      produce: (node, batch) => this.#produce(node, batch),
      clusterId: this.clusterId,
      hasEnded: false,
      retire: () => {},
      close: () => {},
    };
    this.#sessions.push(session);
    return session as ProducerSession;
  };

  /** All values of a topic that are stored, in the order of a partition. */
  stored(topic: string, partition = 0): readonly string[] {
    return this.logs.get(`${topic}-${partition}`) ?? [];
  }

  /** Puts an empty cluster in the place of this one: connections end, and ids are given from the first on. */
  replace(): void {
    this.logs.clear();
    this.loseState();
    this.ids = 0;
    this.clusterId = 'other';
    for (const session of this.#sessions.splice(0)) Object.assign(session, { hasEnded: true });
  }

  /** Makes a partition know nothing of producers, as after data was lost. */
  loseState(): void {
    this.#states.clear();
  }

  /** Makes a partition expect another sequence number, as after an unclean election of a leader. */
  loseLast(topic: string, partition = 0): void {
    for (const [key, state] of this.#states) {
      if (!key.startsWith(`${topic}-${partition}:`)) continue;
      const lost = state.recent.pop();
      state.last = state.recent.at(-1)?.last ?? -2;
      this.logs.get(`${topic}-${partition}`)?.splice(lost?.offset ?? 0);
    }
  }

  async #produce(node: number, { topic, partition, bytes }: BatchToProduce): Promise<ProduceOutcome> {
    const sequence = {
      producerId: bytes.readBigInt64BE(43),
      epoch: bytes.readInt16BE(51),
      base: bytes.readInt32BE(53),
    };
    this.seen.push({ partition, node, bytes: Buffer.from(bytes), ...sequence });
    await this.hanging.get(partition);
    const fault = this.faults.shift();
    const lost = { failure: new Error('connection lost'), wasSent: true };
    if (fault === 'requestLost') return lost;
    const answer = (errorCode: number, baseOffset = -1): ProduceOutcome => ({
      answer: { topic, partition, errorCode, baseOffset, errorMessage: null },
    });
    if (typeof fault === 'number') return answer(fault);
    const { records } = await decodeRecordBatches(bytes, 0);
    const values = records.map(({ value }) => String(value));
    const found = this.#append(`${topic}-${partition}`, sequence, values);
    if (fault === 'leaderMoved') return answer(NOT_LEADER_OR_FOLLOWER);
    return fault === 'answerLost' ? lost : answer(found.errorCode, found.offset);
  }

  #append(
    log: string,
    { producerId, epoch, base }: Pick<SeenBatch, 'producerId' | 'epoch' | 'base'>,
    values: readonly string[],
  ): { readonly errorCode: number; readonly offset: number } {
    const stored = this.logs.get(log) ?? [];
    this.logs.set(log, stored);
    const last = base + values.length - 1;
    const key = `${log}:${producerId}`;
    const state = this.#states.get(key);
    const refused = (errorCode: number) => ({ errorCode, offset: -1 });
    if (producerId >= 0n && state !== undefined) {
      if (epoch < state.epoch) return refused(INVALID_PRODUCER_EPOCH);
      if (epoch > state.epoch && base !== 0) return refused(OUT_OF_ORDER);
      if (epoch === state.epoch) {
        const before = state.recent.find((one) => one.base === base && one.last === last);
        if (before !== undefined) return { errorCode: 0, offset: before.offset };
        if (last <= state.last) return refused(DUPLICATE);
        if (base !== state.last + 1) return refused(OUT_OF_ORDER);
      }
    }
    const offset = stored.length;
    stored.push(...values);
    const recent = state?.epoch === epoch ? state.recent.slice(-4) : [];
    this.#states.set(key, { epoch, last, recent: [...recent, { base, last, offset }] });
    return { errorCode: 0, offset };
  }
}

const NOT_LEADER_OR_FOLLOWER = 6;
const OUT_OF_ORDER = 45;
const DUPLICATE = 46;
const INVALID_PRODUCER_EPOCH = 47;
