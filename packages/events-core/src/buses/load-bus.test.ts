import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BusLoadError } from '../errors/configuration-errors.js';
import { loadBus } from './load-bus.js';
import { nullEventBus } from './null-event-bus.js';

const bus = (name: string) =>
  `export const eventBus = { name: '${name}', createProducer() {}, createConsumer() {} };`;

/** An application with some buses installed, or almost. */
const application = mkdtempSync(join(tmpdir(), 'events-core-'));
const files: Readonly<Record<string, string>> = {
  'package.json': '{"name": "application"}',
  'buses/own.mjs': bus('own'),
  'buses/empty.mjs': 'export const other = 1;',
  'buses/half.mjs': 'export const eventBus = { createProducer() {} };',
  'buses/broken.mjs': 'throw new Error("no such server");',
  'buses/needy.mjs': 'import "needed-by-the-bus";',
  'buses/common.cjs': 'exports.eventBus = { name: "common", createProducer() {}, createConsumer() {} };',
  'node_modules/pubsub/package.json': '{"type": "module", "exports": "./main.js"}',
  'node_modules/pubsub/main.js': bus('pubsub'),
  'node_modules/@acme/bus/package.json': JSON.stringify({
    type: 'module',
    exports: {
      '.': {
        types: './main.d.ts',
        browser: './none.js',
        import: { deno: './none.js', default: './main.js' },
      },
      './other': { import: './other.js' },
      './gone': { browser: './none.js' },
    },
  }),
  'node_modules/@acme/bus/main.js': bus('acme'),
  'node_modules/@acme/bus/other.js': bus('acme-other'),
  'node_modules/only-import/package.json': '{"type": "module", "exports": {"import": "./main.js"}}',
  'node_modules/only-import/main.js': bus('only-import'),
  'node_modules/@openedx-ts/event-bus-kafka/package.json': '{"type": "module", "exports": "./main.js"}',
  'node_modules/@openedx-ts/event-bus-kafka/main.js': bus('kafka'),
  'node_modules/@openedx-ts/event-bus-redis/package.json': '{"type": "module", "exports": "./main.js"}',
  'node_modules/@openedx-ts/event-bus-redis/main.js': 'import "needed-by-the-bus";',
};

beforeAll(() => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(application, path)), { recursive: true });
    writeFileSync(join(application, path), text);
  }
  vi.spyOn(process, 'cwd').mockReturnValue(application);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(application, { recursive: true });
});

describe('loadBus', () => {
  it.each([
    ['./buses/own.mjs', 'own'],
    ['./buses/common.cjs', 'common'],
    [join(application, 'buses/own.mjs'), 'own'],
    ['pubsub', 'pubsub'],
    ['@acme/bus', 'acme'],
    ['@acme/bus/other', 'acme-other'],
    ['only-import', 'only-import'],
    ['kafka', 'kafka'],
    ['edx_event_bus_kafka.create_producer', 'kafka'],
    ['edx_event_bus_kafka.KafkaEventConsumer', 'kafka'],
  ])('loads %s', async (name, loaded) => {
    expect((await loadBus(name)).name).toBe(loaded);
  });

  it('has the null bus built in', async () => {
    expect(await loadBus('null')).toBe(nullEventBus);
  });

  it.each([
    ['kafak', 'did you mean kafka?'],
    ['Redis', 'did you mean redis?'],
    ['rabbitmq', 'there is no such bus or module'],
    ['', 'there is no such bus or module'],
    ['toString', 'there is no such bus or module'],
    ['@acme/none', 'there is no such bus or module'],
    ['@acme/bus/gone', 'there is no such bus or module'],
    ['./buses/none.mjs', 'there is no such bus or module'],
    [join(application, 'none.mjs'), 'there is no such bus or module'],
    ['./buses/empty.mjs', 'exports no eventBus'],
    ['./buses/half.mjs', 'exports no eventBus'],
    ['./buses/broken.mjs', 'no such server'],
  ])('says why %j cannot be loaded: %s', async (name, why) => {
    const loading = loadBus(name);
    await expect(loading).rejects.toThrow(BusLoadError);
    await expect(loading).rejects.toThrow(why);
    await expect(loading).rejects.toMatchObject({ specifier: `bus ${name}` });
  });

  it.each(['./buses/needy.mjs', 'redis'])(
    'does not call %s missing when it is something of its own that is',
    async (name) => {
      const loading = loadBus(name);
      await expect(loading).rejects.toThrow('needed-by-the-bus');
      await expect(loading).rejects.not.toThrow('is not installed');
    },
  );
});
