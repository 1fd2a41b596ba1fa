import assert from 'node:assert/strict';
import type { Consumer, ConsumerState } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import { range } from '../expectations.js';
import { suite } from './suite.js';

interface Entered {
  readonly consumer: Consumer;
  /** What the first `run` returned; undefined when there was none. */
  readonly running: Promise<void> | undefined;
  /** Lets the event in flight finish, where there is one. */
  readonly release: () => void;
}

/** What each call does in each state. */
export const lifecycle = suite('lifecycle', [
  cell('idle', 'run() starts it', async (bench, { consumer }) => {
    const running = consumer.run();
    assert.equal(consumer.state, 'running');
    await bench.within('consumer.ready', consumer.ready);
    consumer.stop();
    await bench.within('run() resolves', running);
  }),
  cell('idle', 'stop() ends it, and a later run() resolves at once', async (bench, { consumer }) => {
    consumer.stop();
    assert.equal(consumer.state, 'stopped');
    await bench.within('run() resolves', consumer.run());
    assert.equal(consumer.state, 'stopped');
  }),
  cell('idle', 'close() ends it, and a later run() resolves at once', async (bench, { consumer }) => {
    await bench.within('consumer.close()', consumer.close());
    assert.equal(consumer.state, 'stopped');
    await bench.within('run() resolves', consumer.run());
  }),
  cell('running', 'run() is refused, and it runs on', async (bench, { consumer }) => {
    await refuses(bench, consumer);
    assert.equal(consumer.state, 'running');
    assert.deepEqual(consumer.health(), { live: true, ready: true, reasons: [] });
  }),
  cell('running', 'stop() makes run() resolve', async (bench, { consumer, running }) => {
    consumer.stop();
    await bench.within('run() resolves', running as Promise<void>);
    assert.equal(consumer.state, 'stopped');
  }),
  cell('running', 'close() makes run() resolve first', async (bench, { consumer, running }) => {
    let hasEnded = false;
    void running?.then(() => {
      hasEnded = true;
    });
    await bench.within('consumer.close()', consumer.close());
    assert.deepEqual([consumer.state, hasEnded], ['stopped', true]);
  }),
  cell('stopping', 'run() is refused', async (bench, { consumer }) => {
    await refuses(bench, consumer);
    assert.equal(consumer.state, 'stopping');
  }),
  cell('stopping', 'stop() changes nothing', async (bench, { consumer, running, release }) => {
    consumer.stop();
    assert.equal(consumer.state, 'stopping');
    release();
    await bench.within('run() resolves', running as Promise<void>);
    assert.equal(consumer.state, 'stopped');
  }),
  cell('stopping', 'close() waits for the event in flight', async (bench, { consumer, release }) => {
    const closing = consumer.close();
    assert.equal(consumer.state, 'stopping');
    release();
    await bench.within('consumer.close()', closing);
    assert.equal(consumer.state, 'stopped');
  }),
  ...(['stopped', 'failed'] as const).flatMap((state) => [
    cell(state, 'run() is refused', async (bench, { consumer }) => {
      await refuses(bench, consumer);
      assert.equal(consumer.state, state);
    }),
    cell(state, 'stop() changes nothing', async (_bench, { consumer }) => {
      consumer.stop();
      assert.equal(consumer.state, state);
    }),
    cell(state, 'close() resolves and changes nothing, also twice', async (bench, { consumer }) => {
      await bench.within('close() twice', Promise.all([consumer.close(), consumer.close()]));
      await bench.within('consumer.close()', consumer.close());
      assert.equal(consumer.state, state);
      assert.deepEqual([consumer.health().live, consumer.health().ready], [state === 'stopped', false]);
    }),
  ]),
  {
    name: 'close() returns within a second while it waits on an empty topic',
    run: async (bench) => {
      const consumer = await bench.consume({ topics: [await bench.topic()] });
      await bench.within('consumer.close()', consumer.close(), Math.min(1_000, bench.timeoutMs));
    },
  },
  {
    name: 'close() waits for a receiver that runs, and acknowledges its event',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const hold = bench.hold(() => true);
      let hasFinished = false;
      const consumer = await bench.consume({ topics: [topic], groupId });
      await bench.send(topic, { number: 1 });
      await hold.reached();
      let hadFinished = false;
      const closing = consumer.close().then(() => {
        hadFinished = hasFinished;
      });
      // Nothing happens when close() waits as it should: only time shows that it does.
      const { clock } = runtime();
      const start = clock.monotonic();
      await bench.until('some time', () => (clock.monotonic() > start + 30 ? true : undefined));
      hasFinished = true;
      hold.release();
      await bench.within('consumer.close()', closing);
      assert.ok(hadFinished, 'close() did not wait for the receiver');
      await bench.consume({ topics: [topic], groupId });
      await bench.send(topic, { number: 2 });
      assert.deepEqual(await bench.numbersUntil(groupId, 2), [1, 2]);
    },
  },
  {
    name: 'an abort signal stops it, also when it fired before run()',
    run: async (bench) => {
      for (const isEarly of [false, true]) {
        const consumer = await bench.createConsumer({ topics: [await bench.topic()] });
        const stopping = new AbortController();
        if (isEarly) stopping.abort();
        const running = consumer.run({ abortSignal: stopping.signal });
        if (!isEarly) await bench.within('consumer.ready', consumer.ready);
        stopping.abort();
        await bench.within('run() resolves', running);
        assert.equal(consumer.state, 'stopped');
      }
    },
  },
  {
    name: 'ready rejects when it is stopped before',
    run: async (bench) => {
      const consumer = await bench.createConsumer({ topics: [await bench.topic()] });
      const refused = assert.rejects(consumer.ready, { code: 'EVENTS_ILLEGAL_STATE' });
      consumer.stop();
      await bench.within('ready rejects', refused);
    },
  },
  {
    name: 'a producer sends the events in flight when it is closed, and none afterwards',
    run: async (bench) => {
      const [topic, producer] = [await bench.topic(), await bench.createProducer()];
      const sends = [1, 2, 3].map((number) => bench.send(topic, { number }, { producer }));
      await bench.within('close() twice', Promise.all([producer.close(), producer.close()]));
      assert.equal((await Promise.allSettled(sends)).filter(({ status }) => status === 'rejected').length, 0);
      await assert.rejects(bench.send(topic, { number: 4 }, { producer }), { code: 'EVENTS_ILLEGAL_STATE' });
      assert.equal(producer.health().live, false);
      assert.equal((await bench.harness.readTopic(topic)).length, 3);
    },
  },
  {
    name: 'leaves no timer and no socket behind',
    run: async (bench) => {
      const topic = await bench.topic();
      await bench.send(topic, { number: 0 }); // what the bench itself opens is there from here on
      const before = resources();
      const pairs = 6;
      for (const number of range(1, pairs)) {
        const consumer = await bench.consume({ topics: [topic] });
        const producer = await bench.createProducer();
        await bench.send(topic, { number }, { producer });
        await bench.items.next();
        await bench.within('close() of both', Promise.all([consumer.close(), producer.close()]));
      }
      // Whoever runs the tests has timers too, so that the two counts may differ by a few.
      await bench.until('resources as before', () => (resources() < before + pairs / 2 ? true : undefined));
    },
  },
]);

function cell(
  state: ConsumerState,
  what: string,
  check: (bench: Bench, entered: Entered) => Promise<void>,
): Parameters<typeof suite>[1][number] {
  return {
    name: `${state}: ${what}`,
    run: async (bench) => {
      const entered = await enter[state](bench);
      assert.equal(entered.consumer.state, state);
      await check(bench, entered);
    },
  };
}

const enter: Readonly<Record<ConsumerState, (bench: Bench) => Promise<Entered>>> = {
  idle: async (bench) => {
    const consumer = await bench.createConsumer({ topics: [await bench.topic()] });
    return { consumer, running: undefined, release: () => {} };
  },
  running: async (bench) => start(bench, await bench.topic()),
  stopping: async (bench) => {
    const topic = await bench.topic();
    const hold = bench.hold(() => true);
    const entered = await start(bench, topic);
    await bench.send(topic, { number: 1 });
    await hold.reached();
    entered.consumer.stop();
    return { ...entered, release: hold.release };
  },
  stopped: async (bench) => {
    const entered = await start(bench, await bench.topic());
    entered.consumer.stop();
    await bench.within('run() resolves', entered.running as Promise<void>);
    return entered;
  },
  failed: async (bench) => {
    const topic = await bench.topic();
    const entered = await start(bench, topic, 'stop');
    const failed = assert.rejects(entered.running as Promise<void>, { code: 'EVENTS_CONSUMER_FAILED' });
    await bench.publishRaw({ topic, key: null, value: Uint8Array.of(1), headers: [] });
    await bench.within('run() rejects', failed);
    return entered;
  },
};

async function start(bench: Bench, topic: string, onFailure: 'dead-letter' | 'stop' = 'dead-letter') {
  const consumer = await bench.createConsumer({ topics: [topic], onFailure });
  const running = consumer.run();
  running.catch(() => {}); // the test looks at it later
  await bench.within('consumer.ready', consumer.ready);
  return { consumer, running, release: () => {} };
}

async function refuses(bench: Bench, consumer: Consumer): Promise<void> {
  await bench.within('run() rejects', assert.rejects(consumer.run(), { code: 'EVENTS_ILLEGAL_STATE' }));
}

/** How many timers and connections keep the process alive. */
function resources(): number {
  return process.getActiveResourcesInfo().filter((kind) => /^(Timeout|TCP|TLS|Pipe|GetAddrInfo)/.test(kind))
    .length;
}
