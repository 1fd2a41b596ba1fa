import type { Consumer, OpenEdxPublicSignal, Producer } from '@openedx-ts/events-core';
import type { NewConsumer } from '../bus/bus-subjects.js';
import { inFlight, keepInFlight } from '../bus/in-flight.js';
import { sampleEnrollment } from '../sample-event.js';
import type { BuiltPackages } from './built-packages.js';
import { filledEvents, filledTopic, type Servers } from './servers.js';

/** One way of an event through a build. */
export interface MeasuredPath {
  /** What `--only` takes. */
  readonly part: 'send' | 'codec' | 'memory' | 'redis' | 'kafka';
  /** Events of a round where the number is fixed. */
  readonly events?: number;
  /** Prepares the path, and returns a function that takes that many events through it. */
  readonly prepare: (build: BuiltPackages, servers: Servers) => Promise<(events: number) => Promise<unknown>>;
}

/** All paths that are compared, by the name in the table. */
export const measuredPaths: Readonly<Record<string, MeasuredPath>> = {
  'sendEvent, one sync receiver': {
    part: 'send',
    prepare: async ({ event: { COURSE_ENROLLMENT_CREATED: signal } }) => {
      signal.connect(() => {});
      return async (events) => {
        for (let index = 0; index < events; index += 1) await signal.sendEvent(sampleEnrollment);
      };
    },
  },
  encode: {
    part: 'codec',
    prepare: async (build) => {
      const codec = await build.avro.avroCodec().bind(signalOf(build));
      const data = await checkedSample(build);
      return repeat(() => codec.encode(data));
    },
  },
  decode: {
    part: 'codec',
    prepare: async (build) => {
      const codec = await build.avro.avroCodec().bind(signalOf(build));
      const bytes = codec.encode(await checkedSample(build));
      return repeat(() => codec.decode(bytes, null));
    },
  },
  'memory bus, produce and consume': {
    part: 'memory',
    events: 20_000, // far more than the start of a consumer costs
    prepare: async (build) => async (events) => {
      const broker = new build.memory.MemoryBroker({ partitions: 1 });
      await using producer = new build.memory.MemoryEventBusProducer({ broker });
      const consuming = consume(
        build,
        (options) => new build.memory.MemoryEventBusConsumer({ broker, ...options }),
        'produced',
        events,
      );
      await produce(build, producer, events);
      await consuming;
    },
  },
  'Redis, produce': {
    part: 'redis',
    prepare: async (build, { redisUrl: url }) => {
      const producer = new build.redis.RedisEventBusProducer({ url });
      return (events) => produce(build, producer, events);
    },
  },
  'Redis, consume': {
    part: 'redis',
    events: filledEvents,
    prepare: async (build, { redisUrl: url }) => {
      const newConsumer: NewConsumer = (options) =>
        new build.redis.RedisEventBusConsumer({ url, ...options });
      return (events) => consume(build, newConsumer, filledTopic, events);
    },
  },
  'Kafka, produce': {
    part: 'kafka',
    prepare: async (build, servers) => {
      const producer = new build.kafka.KafkaEventBusProducer(kafkaOptions(servers));
      return (events) => produce(build, producer, events);
    },
  },
  'Kafka, consume': {
    part: 'kafka',
    events: filledEvents,
    prepare: async (build, servers) => {
      const newConsumer: NewConsumer = (options) =>
        new build.kafka.KafkaEventBusConsumer({ ...kafkaOptions(servers), ...options });
      return (events) => consume(build, newConsumer, filledTopic, events);
    },
  },
};

function kafkaOptions({ bootstrapServers, registryUrl: url }: Servers) {
  return { bootstrapServers, schemaRegistry: { url } };
}

function signalOf({ event }: BuiltPackages): OpenEdxPublicSignal {
  return event.COURSE_ENROLLMENT_CREATED as unknown as OpenEdxPublicSignal;
}

/** The data of the sample event as receivers get it: checked and converted. */
async function checkedSample({ event }: BuiltPackages): Promise<object> {
  let checked: object = {};
  using _receiver = event.COURSE_ENROLLMENT_CREATED.connect(({ data }) => {
    checked = data;
  });
  await event.COURSE_ENROLLMENT_CREATED.sendEvent(sampleEnrollment);
  return checked;
}

function repeat(once: () => unknown): (events: number) => Promise<unknown> {
  return async (events) => {
    let last: unknown;
    for (let index = 0; index < events; index += 1) last = once();
    return last; // so that the calls cannot be optimised away
  };
}

function produce(build: BuiltPackages, producer: Producer, events: number): Promise<void> {
  const { COURSE_ENROLLMENT_CREATED: signal } = build.event;
  const { eventType, minorVersion } = signal;
  return keepInFlight(inFlight, events, () =>
    producer.send({
      signal,
      topic: 'produced',
      eventKeyField: 'enrollment.course.course_key',
      data: sampleEnrollment,
      metadata: build.core.createMetadata({ eventType, minorVersion }),
    }),
  );
}

let groups = 0;

/** From making a consumer with a new group to the last acknowledgement. */
async function consume(
  { event }: BuiltPackages,
  newConsumer: NewConsumer,
  topic: string,
  events: number,
): Promise<void> {
  groups += 1;
  const groupId = `paired-${process.pid}-${groups}`;
  await using consumer: Consumer = newConsumer({ topics: [topic], groupId, startFrom: 'earliest' });
  let left = events;
  using _receiver = event.COURSE_ENROLLMENT_CREATED.connect(() => {
    left -= 1;
    if (left === 0) consumer.stop();
  });
  await consumer.run();
}
