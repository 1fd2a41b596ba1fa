import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type RedisServer, startRedis } from '@openedx-ts/brokers';
import { pythonOrReason } from '@openedx-ts/interop';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { isFullTest } from './is-full-test.js';
import { type PageSection, pageSection } from './page-section.js';
import { type ServedPackages, servePackages } from './serve-packages.js';
import { Terminals } from './terminals.js';

const { project, packages } = inject('packed');
const home = join(project, '..', 'new-user');
const page = 'docs/guide/start.md';
const steps = (heading: string) => pageSection(page, heading);

/** Every command runs as it is printed; npm takes the packages of this repository from a registry of this machine. */
describe('a new user who types what the pages print', () => {
  let registry: ServedPackages;
  beforeAll(async () => {
    mkdirSync(home, { recursive: true });
    registry = await servePackages(packages, home);
  });
  afterAll(() => registry[Symbol.asyncDispose]());

  it('sends a first event with the README', async () => {
    await timed('README to the first event', async () => {
      const readme = pageSection('README.md');
      await using terminals = new Terminals(join(home, 'readme'), registry.env);
      expect(await terminals.run(readme.commands[0])).toMatchObject({ code: 0 });
      terminals.write(readme, 'first.mjs');
      await printsBothLines(terminals, 'node first.mjs', pageSection(page, 'The first event'));
    });
  });

  if (isFullTest) describeStartPage(() => registry.env);
});

/** Long: it installs packages three times. */
function describeStartPage(npmEnv: () => Readonly<Record<string, string>>): void {
  let redis: RedisServer;
  let terminals: Terminals;
  beforeAll(async () => {
    redis = await startRedis({ own: true });
    const here = new Map([['redis://localhost:6379/0', `${redis.url}/0`]]);
    terminals = new Terminals(join(home, 'start'), npmEnv(), here);
  });
  afterAll(async () => {
    await terminals[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });
  const succeeds = async (block: string | undefined) => {
    const { code, output } = await terminals.run(block);
    expect(code, output).toBe(0);
    return output;
  };

  it('sends a first event with the start page', async () => {
    const first = steps('The first event');
    await succeeds(first.commands[0]);
    terminals.folder = join(terminals.folder, 'try-events');
    terminals.write(first, 'first.js');
    await printsBothLines(terminals, first.commands[1], first);
  });

  it('holds an own event against its schema files: a renamed field fails the check', async () => {
    await timed('an own event with the check of its schema', async () => {
      const own = steps('An event of your own');
      terminals.write(own, 'events.js');
      expect(await succeeds(own.commands[0])).toContain('OK ');
      const renamed = await terminals.run(own.commands[1]);
      expect(renamed.code, renamed.output).toBe(1);
      expect(withoutFolders(renamed.output)).toContain(own.outputs[0]);
      expect(await succeeds(own.commands[2])).toContain('OK ');
    });
  });

  it('exchanges an event with Python in each direction over Redis', async () => {
    const { python, reason } = await pythonOrReason();
    expect(reason).toBeUndefined();
    await timed('a service on Redis beside Python', async () => {
      const beside = steps('A service on Redis beside Python');
      await succeeds(beside.commands[0]);
      expect(await succeeds(beside.commands[1])).not.toContain('problem');
      for (const file of ['service.js', 'peer.py']) terminals.write(beside, file);
      // In place of what pip downloads: the versions that the tests of interoperation use.
      symlinkSync(dirname(dirname(python)), join(terminals.folder, 'python'));
      const peer = terminals.start(beside.commands[2]?.split('\n').slice(1).join('\n'));
      const [lag, start] = beside.commands[3]?.split('\n') ?? [];
      await vi.waitFor(async () => expect((await terminals.run(lag)).output).toMatch(/^courses +python /m), {
        timeout: 120_000,
        interval: 500,
      });
      const service = terminals.start(start);
      const lines = beside.outputs[0]?.trimEnd().split('\n') ?? [];
      const [fromNode = '', fromPython = ''] = lines;
      for (const one of [peer, service]) await one.line(exactly(fromNode));
      await succeeds(beside.commands[4]);
      for (const one of [peer, service]) await one.line(exactly(fromPython));
      await service.interrupt();
      await peer.kill();
    });
  });

  it('finds a dead letter and redrives it to the group that failed', async () => {
    await timed('a dead letter found and redriven', async () => {
      const dead = steps('A dead letter');
      expect(await succeeds(dead.commands[0])).toContain('1 event accepted on courses');
      terminals.write(dead, 'broken.js');
      const broken = terminals.start(dead.commands[1]);
      const deadLettered = () => broken.lines.filter((line) => line.includes('an event was dead-lettered'));
      await vi.waitFor(() => expect(deadLettered()).toHaveLength(3), { timeout: 120_000 }); // of Node, Python and produce
      await broken.interrupt();
      expect(await succeeds(dead.commands[2])).toContain('the index is read-only');
      terminals.write(dead, 'fixed.js');
      const fixed = terminals.start(dead.commands[3]);
      await vi.waitFor(
        async () => expect(await succeeds(dead.commands[4])).toContain('no dead letters of topic courses'),
        { timeout: 120_000, interval: 500 },
      );
      await fixed.line(exactly('indexed course-v1:edX+DemoX+2026'));
      await fixed.interrupt();
    });
  });
}

async function printsBothLines(
  terminals: Terminals,
  command: string | undefined,
  { outputs }: PageSection,
): Promise<void> {
  const program = terminals.start(command);
  for (const line of outputs[0]?.trimEnd().split('\n') ?? []) await program.line(exactly(line));
  await program.interrupt();
}

function exactly(line: string): RegExp {
  return new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

/** A page shows no folder of this machine. */
function withoutFolders(output: string): string {
  return output.replaceAll(`${home}/`, '');
}

/** Prints how long the machine takes for a way; nothing depends on it. */
async function timed(way: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  process.stderr.write(`${way}: ${((performance.now() - start) / 1_000).toFixed(1)} s\n`);
}
