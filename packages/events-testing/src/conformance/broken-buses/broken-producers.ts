import { type MemoryBroker, MemoryEventBusProducer } from '@openedx-ts/event-bus-memory';
import { avroCodec } from '@openedx-ts/events-avro';
import { InfrastructureError, ProduceFailedError, type ProducerOptions } from '@openedx-ts/events-core';
import type { EventCodec, Header, Message, PublishOutcome } from '@openedx-ts/events-core/bus';

/** Makes a producer of a broken bus. */
export type BrokenProducer = (
  broker: MemoryBroker,
  options: ProducerOptions | undefined,
) => MemoryEventBusProducer;

type Publish = (messages: readonly Message[]) => Promise<readonly PublishOutcome[]>;

/** A producer whose publishing is wrong; `next` is the right way. */
function publishing(
  broken: (messages: readonly Message[], next: Publish) => ReturnType<Publish>,
): BrokenProducer {
  class Broken extends MemoryEventBusProducer {
    protected override publish(messages: readonly Message[]): ReturnType<Publish> {
      return broken(messages, (right) => super.publish(right));
    }
  }
  return (broker, options) => new Broken({ broker, ...options });
}

/** A producer that changes messages. */
function changing(change: (message: Message) => Message): BrokenProducer {
  return publishing((messages, next) => next(messages.map(change)));
}

export function dropsEveryHundredth(): BrokenProducer {
  let count = 0;
  return publishing(async (messages, next) => {
    const outcomes: PublishOutcome[] = [];
    for (const message of messages) {
      count += 1;
      outcomes.push(count % 100 === 0 ? { position: '0:0' } : ((await next([message]))[0] as PublishOutcome));
    }
    return outcomes;
  });
}

export function publishesEveryHundredthTwice(): BrokenProducer {
  let count = 0;
  return publishing(async (messages, next) => {
    const doubled = messages.filter(() => ++count % 100 === 0);
    const outcomes = await next(messages);
    await next(doubled);
    return outcomes;
  });
}

export const swapsNeighbours = publishing(async (messages, next) => {
  const swapped = messages.map((message, index) => messages[index ^ 1] ?? message);
  const outcomes = await next(swapped);
  return messages.map((_, index) => outcomes[index ^ 1] ?? (outcomes[index] as PublishOutcome));
});

export const losesExtraHeaders = changing((message) => ({
  ...message,
  headers: message.headers.filter(([name]) => !/correlation|causation|trace/.test(name)),
}));

export const mixesTopics: BrokenProducer = (broker, options) =>
  publishing((messages, next) => {
    const outcomes = next(messages);
    for (const topic of broker.topicNames) {
      for (const message of messages) if (message.topic !== topic) broker.append({ ...message, topic });
    }
    return outcomes;
  })(broker, options);

export const cutsLargePayloads = changing((message) => ({
  ...message,
  value: message.value?.slice(0, 500_000) ?? null,
}));

export const treatsBytesAsText = changing((message) => ({
  ...message,
  value: message.value === null ? null : throughText(message.value),
}));

export const treatsHeadersAsAscii = changing((message) => ({
  ...message,
  headers: message.headers.map(([name, value]): Header => [name, value?.map((byte) => byte & 0x7f) ?? null]),
}));

export const treatsHeadersAsText = changing((message) => ({
  ...message,
  headers: message.headers.map(([name, value]): Header => [name, value && throughText(value)]),
}));

export const keepsOneHeaderOfAName = changing((message) => ({
  ...message,
  headers: [...new Map(message.headers)],
}));

export const refusesUnknownHeaders = publishing(async (messages, next) => {
  await next(messages.filter(({ headers }) => !headers.some(([name]) => name === 'x-new')));
  return messages.map(() => ({ position: '0:0' }));
});

export const losesKeys = changing((message) => ({ ...message, key: null }));

export const keysByType = changing((message) => ({
  ...message,
  key:
    message.key &&
    Buffer.concat([message.key, ...message.headers.map(([, value]) => value ?? Buffer.alloc(0)).slice(3, 4)]),
}));

export const losesTombstones = publishing(async (messages, next) => {
  await next(messages.filter(({ value }) => value !== null));
  return messages.map(() => ({ position: '0:0' }));
});

/** As a pipeline of commands does, of which the broker refuses one and accepts the next. */
export function publishesBehindFailures(): BrokenProducer {
  let calls = 0;
  return publishing(async (messages, next) => {
    calls += 1;
    if (calls % 2 === 0 || messages.length < 2) return next(messages);
    const error = new InfrastructureError('the memory of the broker was full');
    return [{ error }, ...(await next(messages.slice(1)))];
  });
}

export const continuesKeysBehindRefusals = publishing(async (messages, next) => {
  const outcomes: PublishOutcome[] = [];
  for (const message of messages) outcomes.push(...(await next([message])));
  return outcomes;
});

export const answersBeforeStoring = publishing(async (messages, next) => {
  next(messages).catch(() => {});
  return messages.map(() => ({ position: '0:0' }));
});

export const doesNotRetry = publishing(async (messages, next) => {
  try {
    return await next(messages);
  } catch (cause) {
    throw new ProduceFailedError('any', 'the broker is unreachable', { retryable: false, cause });
  }
});

export const ignoresPrefix: BrokenProducer = (broker, options) =>
  new MemoryEventBusProducer({ broker, ...options, topicPrefix: undefined });

/** As the Python services do: what is falsy in an optional field is lost. */
export const losesFalsyValues: BrokenProducer = (broker, options) => {
  const right = avroCodec();
  const codec: EventCodec = {
    bind: (signal) => {
      const bound = right.bind(signal);
      return {
        ...bound,
        key: bound.key,
        decode: bound.decode,
        encode: (data) => bound.encode(withoutFalsy(data)),
      };
    },
  };
  return new MemoryEventBusProducer({ broker, ...options, codec });
};

export const neverCloses: BrokenProducer = (broker, options) => {
  class Broken extends MemoryEventBusProducer {
    override close(): Promise<void> {
      return this.flush();
    }
  }
  return new Broken({ broker, ...options });
};

export function leavesTimers(): { readonly create: BrokenProducer; readonly clear: () => void } {
  const timers: NodeJS.Timeout[] = [];
  return {
    create: (broker, options) => {
      timers.push(setInterval(() => {}, 1_000));
      return new MemoryEventBusProducer({ broker, ...options });
    },
    clear: () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

function withoutFalsy(data: object): object {
  const payloads = Object.entries(data).map(([name, payload]): [string, unknown] => {
    if (typeof payload !== 'object') return [name, payload];
    const fields = Object.entries(payload as object).map(([field, value]) =>
      field.startsWith('maybe_') ? [field, value || null] : [field, value],
    );
    return [name, Object.fromEntries(fields)];
  });
  return Object.fromEntries(payloads);
}

function throughText(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('utf8'), 'utf8');
}
