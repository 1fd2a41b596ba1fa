import { setTimeout as sleep } from 'node:timers/promises';
import { findChromium, startFakeSchemaRegistry, startKafka, startRedis } from '@openedx-ts/brokers';
import { type Browser, chromium } from 'playwright-core';
import { median } from '../measure.js';
import type { Part } from '../part.js';
import { type ConsoleProcess, startConsole } from './console-process.js';
import { type ConsoleTask, consoleTopic, largeEvents } from './console-task.js';
import { growth, type SizeAt } from './growth.js';

/** How the console does with many events, in a real browser, on each bus. */
export const consolePart: Part = {
  run: async () => {
    const { executablePath, args, env } = await findChromium();
    const browser = await chromium.launch({
      executablePath,
      args: [...args],
      env: { ...process.env, ...env } as never,
    });
    try {
      const large: string[] = [];
      for (const bus of BUSES)
        large.push(await withBus(bus, 'large', (served) => openLarge(browser, bus, served)));
      const live = await Promise.all(
        BUSES.map((bus) => withBus(bus, 'live', (served) => followLive(browser, bus, served))),
      );
      return [
        `A topic of ${largeEvents.toLocaleString('en-US')} events, 200 for each second; median of ${OPENINGS} openings and of ${SEARCHES} searches.`,
        '',
        `| bus | its screen shows events after (≤ 1 s) | \`where\` answers after (≤ 2 s), longest |\n|---|---|---|`,
        ...large,
        '',
        `200 events a second for ${MINUTES} minutes, the three buses at once; heaps after a collection of garbage, every ${SAMPLE_MS / 1_000} s from a fifth of the time on.`,
        '',
        `| bus | events shown of those sent | heap of the server | heap of the page |\n|---|---|---|---|`,
        ...live,
      ].join('\n');
    } finally {
      await browser.close();
    }
  },
};

const BUSES = ['memory', 'redis', 'kafka'] as const;
const OPENINGS = 9;
const SEARCHES = 9;
const MINUTES = Number(process.env.BENCH_MINUTES ?? 10);
const SAMPLE_MS = 10_000;

async function withBus<T>(
  bus: ConsoleTask['bus'],
  kind: ConsoleTask['kind'],
  use: (served: ConsoleProcess) => Promise<T>,
): Promise<T> {
  const started: AsyncDisposable[] = [];
  const task = { bus, kind, redisUrl: '', bootstrapServers: '', registryUrl: '' };
  try {
    if (bus === 'redis') {
      const redis = await startRedis({ own: true });
      started.push(redis);
      task.redisUrl = redis.url;
    }
    if (bus === 'kafka') {
      const kafka = await startKafka({ own: true, jvmOptions: ['-XX:TieredStopAtLevel=4'] });
      const registry = await startFakeSchemaRegistry();
      started.push(kafka, registry);
      task.bootstrapServers = kafka.bootstrapServers;
      task.registryUrl = registry.url;
    }
    const served = await startConsole(task);
    started.push(served);
    return await use(served);
  } finally {
    for (const one of started.reverse()) await one[Symbol.asyncDispose]();
  }
}

/** Opens the screen of the topic again and again, and asks where events are. */
async function openLarge(browser: Browser, bus: string, { url, ids }: ConsoleProcess): Promise<string> {
  const page = await browser.newPage();
  await page.goto(url);
  const openings: number[] = [];
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    await page.goto('about:blank');
    const startedAt = performance.now();
    await page.goto(new URL(`/topics/${consoleTopic}`, url).href);
    await page.locator('tbody tr').first().waitFor();
    openings.push(performance.now() - startedAt);
  }
  const searches: number[] = [];
  for (let search = 1; search <= SEARCHES; search += 1) {
    const id = ids[Math.floor((search * ids.length) / (SEARCHES + 1))] ?? '';
    const startedAt = performance.now();
    const answer = await page.request.get(new URL(`/api/events/${id}`, url).href);
    searches.push(performance.now() - startedAt);
    const { places } = (await answer.json()) as { readonly places: readonly unknown[] };
    if (places.length !== 1) throw new Error(`${bus}: event ${id} is in ${places.length} places`);
  }
  await page.close();
  const cells = [
    bus,
    seconds(median(openings)),
    `${seconds(median(searches))}, ${seconds(Math.max(...searches))}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Follows the topic in the browser, and samples the heaps of both sides. */
async function followLive(browser: Browser, bus: string, served: ConsoleProcess): Promise<string> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(served.url);
  await page.goto(new URL(`/topics/${consoleTopic}`, served.url).href);
  await page.getByText('Live', { exact: true }).waitFor();
  const { sent: before } = await served.heap();
  const devTools = await context.newCDPSession(page);
  const [server, client]: [SizeAt[], SizeAt[]] = [[], []];
  const startedAt = performance.now();
  const endsAt = startedAt + MINUTES * 60_000;
  while (performance.now() < endsAt) {
    await sleep(SAMPLE_MS);
    const at = performance.now() - startedAt;
    const { heapBytes } = await served.heap();
    await devTools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devTools.send('Runtime.getHeapUsage');
    if (at < MINUTES * 12_000) continue;
    server.push({ at, bytes: heapBytes });
    client.push({ at, bytes: usedSize });
  }
  const { sent } = await served.heap();
  const text = (await page.getByText(/arrived$/).textContent()) ?? '';
  const arrived = Number(text.replace(/\D/g, ''));
  await context.close();
  const shown = `${arrived.toLocaleString('en-US')} of ${(sent - before).toLocaleString('en-US')}`;
  return `| ${bus} | ${shown} | ${sizes(server)} | ${sizes(client)} |`;
}

function sizes(samples: readonly SizeAt[]): string {
  const all = samples.map(({ bytes }) => bytes / 1e6);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return `${least.toFixed(1)} to ${most.toFixed(1)} MB, ${growth(samples).toFixed(2)} MB an hour`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
