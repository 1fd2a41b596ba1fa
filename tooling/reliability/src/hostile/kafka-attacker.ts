import type { FakeSchemaRegistry } from '@openedx-ts/brokers';
import type { BrokerUnderTest } from '../buses/bus-under-test.js';
import type { SeededRandom } from '../seeded-random.js';
import { type Attack, type Attacker, oneOf, type Target } from './attack.js';
import { damaged, damagedFields, hostileBytes, hostileText, shown } from './hostile-bytes.js';
import { hostileSchema } from './hostile-schemas.js';
import {
  commit,
  hostileAssignment,
  hostileCommitText,
  hostileSubscription,
  leadGroup,
  visitGroup,
} from './kafka-neighbour.js';
import { batchBytes, bombOf, inGzip, type RawBatch, type RawRecord, recordBytes } from './raw-batch.js';
import { int32, produce, RawKafka } from './raw-kafka.js';

/** Attacks on a partition, a group and a registry. The partition must hold a good event. */
export async function kafkaAttacker(broker: BrokerUnderTest, target: Target): Promise<Attacker> {
  await using admin = await broker.plugin.createAdmin?.(broker.env);
  for await (const page of admin?.topics?.read(target.topic) ?? []) {
    for (const { message, position } of page) {
      const { key, value } = message;
      const headers = message.headers.map(([name, bytes]) => [name, Buffer.from(bytes ?? [])] as const);
      const good = { key: key && Buffer.from(key), value: value && Buffer.from(value), headers };
      const attacks = new KafkaAttacks(broker, target, { good, partition: Number.parseInt(position, 10) });
      return { next: (random) => attacks.next(random), [Symbol.asyncDispose]: async () => attacks.close() };
    }
  }
  throw new Error(`topic ${target.topic} holds no good event`);
}

class KafkaAttacks {
  readonly #servers: string;
  readonly #registry: FakeSchemaRegistry;
  readonly #target: Target;
  readonly #good: RawRecord;
  readonly #partition: number;
  #kafka: RawKafka;
  #ids = 1_000;

  constructor(
    { env, registry }: BrokerUnderTest,
    target: Target,
    { good, partition }: { readonly good: RawRecord; readonly partition: number },
  ) {
    this.#servers = env.EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS ?? '';
    this.#registry = registry as FakeSchemaRegistry;
    this.#target = target;
    this.#good = good;
    this.#partition = partition;
    this.#kafka = new RawKafka(this.#servers);
  }

  close(): void {
    this.#kafka[Symbol.dispose]();
  }

  next(random: SeededRandom): Attack {
    return oneOf(random, [
      () => this.#records(random),
      () => this.#records(random),
      () => this.#records(random),
      () => this.#bomb(random),
      () => this.#wrongBatch(random),
      () => this.#registryAnswer(random),
      () => this.#registryAnswer(random),
      ...(random.below(4) === 0 ? [() => this.#commit(random), () => this.#neighbour(random)] : []),
    ])();
  }

  #records(random: SeededRandom): Attack {
    const records = Array.from({ length: 1 + random.below(5) }, () => this.#badRecord(random));
    const packed = random.below(2) === 0 ? { records: recordBytes(records) } : inGzip(recordBytes(records));
    return {
      what: `records ${shown(records)}`,
      start: () => this.#produce(batchBytes({ ...packed, count: records.length })),
    };
  }

  #badRecord(random: SeededRandom): RawRecord {
    const { key, value, headers } = this.#good;
    const id = oneOf(random, [0, -1, -(2 ** 31), 2 ** 31 - 1, 1, 2, random.below(2 ** 31)]);
    const framed = () =>
      Buffer.concat([
        Buffer.from([oneOf(random, [0, 0, 1, 255])]),
        int32(id),
        value?.subarray(5) ?? Buffer.alloc(0),
      ]);
    const values = [
      () => value,
      () => value,
      () => null,
      () => hostileBytes(random),
      () => damaged(random, value as Buffer),
      framed,
    ];
    return {
      key: oneOf(random, [() => key, () => null, () => hostileBytes(random)])(),
      value: oneOf<() => Buffer | null>(random, values)(),
      headers: random.below(2) === 0 ? headers : damagedFields(random, headers),
    };
  }

  /** Little that becomes much: in bytes, in records, or in headers. */
  #bomb(random: SeededRandom): Attack {
    const kind = oneOf(random, ['bytes', 'records', 'headers'] as const);
    const size = oneOf(random, [0.1, 0.5, 0.9, 1.5]);
    const bomb = bombOf(kind, size);
    return {
      what: `bomb of ${kind}, ${size} of a lot`,
      records: bomb.count,
      start: () => this.#produce(batchBytes(bomb)),
    };
  }

  #wrongBatch(random: SeededRandom): Attack {
    const records = recordBytes([this.#good, this.#good]);
    const changes: Partial<RawBatch> = oneOf(random, [
      () => ({ attributes: random.below(2 ** 15) }),
      () => ({ attributes: 1 + random.below(7) }),
      () => ({ count: oneOf(random, [0, 1, 3, -1, 2 ** 31 - 1]) }),
      () => ({ lastOffsetDelta: oneOf(random, [0, -1, 5, 2 ** 31 - 1]) }),
      () => ({ producerId: BigInt(random.below(1_000)) }),
      () => ({ records: damaged(random, records) }),
      () => ({ ...inGzip(damaged(random, records)) }),
      () => ({ attributes: 1, records: damaged(random, inGzip(records).records) }),
    ])();
    const batch = { records, count: 2, ...changes };
    const bytes = random.below(4) === 0 ? damaged(random, batchBytes(batch)) : batchBytes(batch);
    return { what: `batch ${shown(bytes)}`, start: () => this.#produce(bytes) };
  }

  /** What the registry answers to one id, and a record that names it. */
  #registryAnswer(random: SeededRandom): Attack {
    this.#ids += 1;
    const id = this.#ids;
    const value = Buffer.concat([
      Buffer.from([0]),
      int32(id),
      this.#good.value?.subarray(5) ?? Buffer.alloc(0),
    ]);
    const schema = hostileSchema(random);
    const answer = oneOf(random, [
      { body: JSON.stringify({ schema }) },
      { body: JSON.stringify({ schema }) },
      {
        body: JSON.stringify(
          oneOf<unknown>(random, [
            5,
            null,
            [],
            {},
            { schema: 5 },
            { schema, schemaType: 'JSON' },
            { schema, references: [{}] },
          ]),
        ),
      },
      { body: hostileText(random) },
      { body: 'x'.repeat(5_000_000) },
      {
        status: oneOf(random, [204, 301, 400, 401, 403, 404, 409, 418, 429, 500, 503]),
        body: hostileText(random),
      },
      {
        status: 404,
        body: JSON.stringify({
          error_code: oneOf(random, [40403, 40401, 1, -1, 'x']),
          message: hostileText(random),
        }),
      },
      { reset: true },
      { delayMs: 500, body: '{}' },
    ]);
    const record = { ...this.#good, value };
    return {
      what: `registry answer ${shown(answer)} for schema ${id}`,
      start: async () => {
        this.#registry.fail({ on: new RegExp(`^GET /schemas/ids/${id}\\b`), ...answer });
        await this.#produce(batchBytes({ records: recordBytes([record]), count: 1 }));
      },
    };
  }

  /** Somebody commits in the name of the group while it has no members. */
  #commit(random: SeededRandom): Attack {
    const { topic, restarted, committed } = this.#target;
    const groupId = oneOf(random, this.#target.groupIds);
    const length = random.below(3_000);
    let what = 'commit';
    let records = 0;
    return {
      get what() {
        return what;
      },
      /** A text that names another topic's id means that the topic was made anew: all of it is read. */
      get records() {
        return records;
      },
      start: () =>
        restarted(groupId, async () => {
          const offset = BigInt(await committed(groupId, this.#partition));
          const metadata = hostileCommitText(random, offset)?.slice(0, 1_000 + length) ?? null;
          what = `commit text ${shown(metadata)} at offset ${offset}`;
          records = Number(offset);
          await commit(this.#kafka, groupId, { topic, partition: this.#partition, offset, metadata });
        }),
    };
  }

  /**
   * Another member of the group, as a follower or as the leader, that then leaves. Kafka (3.9 and 4.1) can read what it
   * subscribes to: while it cannot, no member of the group gets an answer.
   */
  #neighbour(random: SeededRandom): Attack {
    const groupId = oneOf(random, this.#target.groupIds);
    const { topic } = this.#target;
    const isLeader = random.below(3) === 0;
    const metadata = hostileSubscription(random, topic);
    const assignment = hostileAssignment(random, topic);
    return {
      what: `${isLeader ? 'leader' : 'member'} with metadata ${shown(metadata)} and assignment ${shown(assignment)}`,
      start: async () => {
        using kafka = new RawKafka(this.#servers);
        const member = { groupId, metadata, assignment };
        if (isLeader) await leadGroup(kafka, member, (visit) => this.#target.restarted(groupId, visit));
        else await visitGroup(kafka, member);
      },
    };
  }

  async #produce(batch: Buffer): Promise<void> {
    const { topic } = this.#target;
    try {
      await produce(this.#kafka, { topic, partition: this.#partition, batch });
    } catch (error) {
      this.#kafka[Symbol.dispose]();
      this.#kafka = new RawKafka(this.#servers);
      throw error;
    }
  }
}
