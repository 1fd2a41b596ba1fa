import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type FakeSchemaRegistry,
  freePort,
  type KafkaServer,
  kafkaOrReason,
  startFakeSchemaRegistry,
  unsecuredToken,
} from '@openedx-ts/brokers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandBench, endOf, patient, upTo } from './command-bench.test-support.js';
import { line, numbersIn, type } from './numbered-events.test-support.js';
import { redriveAmongKills, redrivesAmongKills } from './redrive-among-kills.test-support.js';
import { temporaryFolder } from './run.test-support.js';
import { tokenEndpoint } from './token-endpoint.test-support.js';

const login = { username: 'cli-user', password: 'top-secret-word' };
const kafka = await kafkaOrReason({
  listeners: ['sasl-plaintext'],
  users: { [login.username]: login.password },
});

describe.skipIf(kafka.reason !== undefined)(kafka.titled('the command with a real Kafka'), () => {
  let server: KafkaServer;
  let registry: FakeSchemaRegistry;
  let bench: CommandBench;
  beforeAll(async () => {
    bench = await CommandBench.open('kafka', env);
    registry = await startFakeSchemaRegistry();
    server = await kafka.start();
  });
  afterAll(async () => {
    await registry?.stop();
    await server?.[Symbol.asyncDispose]();
  });

  const env = () => ({
    EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: server.address('sasl-plaintext').bootstrapServers,
    EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: registry.url,
    EVENT_BUS_KAFKA_API_KEY: login.username,
    EVENT_BUS_KAFKA_API_SECRET: login.password,
    EVENT_BUS_KAFKA_TLS: 'false',
    EVENTS_SERVICE_NAME: 'lms',
  });
  const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);

  it('carries events from one process to another, in the order of each partition, and exactly', async () => {
    bench.nextTopic();
    const sending = await bench.sendAll(3_000);
    expect(sending.stderr()).toContain(`3,000 events accepted on ${bench.topic}\n`);
    const { code, stdout, stderr } = await endOf(bench.consume(['--count', '3000']));
    expect(code, stderr).toBe(0);
    expect(sorted(numbersIn(stdout))).toEqual(upTo(3_000));
    for (const partition of [0, 1, 2, 3]) {
      const lines = stdout.split('\n').filter((text) => text.includes(`"position":"${partition}:`));
      const numbers = numbersIn(`${lines.join('\n')}\n`);
      expect(numbers).toEqual(sorted(numbers));
      expect(numbers.length).toBeGreaterThan(500);
    }
    expect(JSON.parse(stdout.slice(0, stdout.indexOf('\n')))).toMatchObject({
      event_type: type,
      metadata: { source: 'openedx/lms/web' },
      topic: bench.topic,
      position: expect.stringMatching(/^[0-3]:\d+$/),
    });
  });

  it('has sent as many events as it reports when it is interrupted', async () => {
    bench.nextTopic();
    const sending = bench.produce();
    const interrupted = bench.sendUntilInterrupted(sending);
    const receiving = bench.consume();
    await expect.poll(() => numbersIn(receiving.stdout()).length, patient).toBeGreaterThan(1_000);
    sending.child.kill('SIGINT');
    const accepted = await interrupted;
    expect(accepted).toBeGreaterThan(1_000);
    await expect.poll(() => numbersIn(receiving.stdout()).length, patient).toBeGreaterThanOrEqual(accepted);
    receiving.child.kill('SIGTERM');
    expect(await receiving.ended).toBe(0);
    expect(sorted(new Set(numbersIn(receiving.stdout()))).slice(0, accepted)).toEqual(upTo(accepted));
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 0],
    ['SIGKILL', 'SIGKILL'],
  ] as const)('loses nothing when it ends with %s while it receives', async (signal, code) => {
    bench.nextTopic();
    const quickly = ['--extra', '{"sessionTimeoutMs": 6000}']; // the least that the broker allows
    const doubled = await bench.endAmongEvents(signal, code, quickly);
    expect(doubled).toBeLessThanOrEqual(signal === 'SIGKILL' ? 400 : 0);
  });

  it('waits out a restart of Kafka and logs it', async () => {
    bench.nextTopic();
    expect(await bench.waitOutARestart(server)).not.toContain(login.password);
  });

  it('waits for a topic that does not exist yet, and reports it at the end', async () => {
    bench.nextTopic();
    const { code, stderr } = await endOf(bench.consume(['--wait', '500']));
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(new RegExp(`topic ${bench.topic} does not exist yet`)),
    });
  });

  it('accepts the option of the Python command', async () => {
    bench.nextTopic();
    await bench.sendAll(2);
    const extra = '{"offset_time": "2026-01-31T06:00:00+00:00"}';
    const { code, stdout } = await bench.run([
      'consume',
      '-t',
      bench.topic,
      '-g',
      'g',
      '--count',
      '2',
      '--extra',
      extra,
    ]);
    expect({ code, numbers: sorted(numbersIn(stdout)) }).toEqual({ code: 0, numbers: [0, 1] });
    expect(await endOf(bench.consume(['--extra', '{"sessionTimeoutMS": 6000}']))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean'),
    });
  });

  describe('where something is not as it should be', () => {
    const each =
      (more: () => Promise<Readonly<Record<string, string>>>, expected: readonly number[], text: RegExp) =>
      async () => {
        bench.nextTopic();
        await bench.sendAll(1);
        const results = await bench.runAll(await more(), 1_500);
        for (const [index, { stdout, stderr }] of results.entries()) {
          if (expected[index] !== 0) expect(stdout + stderr).toMatch(text);
          expect(stdout + stderr).not.toContain(login.password);
          expect(stdout + stderr).not.toContain('wrong-word');
        }
        expect(results.map(({ code }) => code)).toEqual(expected);
      };

    it(
      'ends with 3 when Kafka is not there',
      each(
        async () => ({ EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${await freePort()}` }),
        [3, 3, 3, 3],
        /ECONNREFUSED: is the address right \(EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS\)/,
      ),
    );
    it(
      'ends with 1 when the password is wrong, and never shows it',
      each(
        async () => ({ EVENT_BUS_KAFKA_API_SECRET: 'wrong-word' }),
        [1, 1, 1, 1],
        /refuses the credentials/,
      ),
    );
    it(
      'ends with 2, or 1 for the doctor, when the address is none',
      each(
        async () => ({ EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS: 'kafka://:wrong-word@host' }),
        [2, 2, 2, 1],
        /must be host:port of at least one broker/,
      ),
    );
    it(
      'ends with 3 when the registry is not there, and shows the lag nevertheless',
      each(
        async () => ({ EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: `http://127.0.0.1:${await freePort()}` }),
        [3, 3, 0, 3],
        /schema registry at http:\/\/127\.0\.0\.1:\d+ cannot be reached/,
      ),
    );
    it(
      'ends with 3 when what answers is no registry',
      each(
        async () => ({ EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL: `${registry.url}/no/such/path` }),
        [3, 3, 0, 3],
        /does not answer as a schema registry does .*EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL/,
      ),
    );
    it('does not wait for a Kafka that is frozen', async () => {
      bench.nextTopic();
      await bench.sendAll(1);
      await server.freeze();
      try {
        const receiving = await endOf(bench.consume(['--wait', '300']));
        expect(receiving).toMatchObject({ code: 3, stderr: expect.stringMatching(/not ready after 300 ms/) });
      } finally {
        await server.unfreeze();
      }
    });
  });

  it('logs in with a token: of the environment, a file, an endpoint, and the code of a bus module', async () => {
    bench.nextTopic();
    const token = unsecuredToken('alice');
    await using endpoint = await tokenEndpoint(token);
    using folder = temporaryFolder();
    const [file, module] = [join(folder.path, 'token'), join(folder.path, 'bus.mjs')];
    writeFileSync(file, token);
    const bus = pathToFileURL(join(import.meta.dirname, '../.cache/with-kafka/bus.js'));
    writeFileSync(
      module,
      `import { kafkaEventBus } from '${bus}';
      export const eventBus = kafkaEventBus({ sasl: { mechanism: 'oauthbearer', token: () => '${token}' } });`,
    );
    const noLogin = { EVENT_BUS_KAFKA_API_KEY: '', EVENT_BUS_KAFKA_API_SECRET: '' };
    const client = { EVENT_BUS_KAFKA_API_KEY: 'client', EVENT_BUS_KAFKA_API_SECRET: 'secret-of-client' };
    const sending = bench.produce([], { ...noLogin, EVENT_BUS_KAFKA_SASL_TOKEN: token });
    sending.child.stdin.write(line(0));
    expect(await endOf(sending)).toMatchObject({ code: 0 });
    const fromEndpoint = { ...client, EVENT_BUS_KAFKA_SASL_TOKEN_URL: endpoint.url };
    const all = await Promise.all([
      endOf(bench.consume(['--count', '1'], fromEndpoint)),
      bench.run(['lag', '-t', bench.topic], { ...noLogin, EVENT_BUS_KAFKA_SASL_TOKEN_FILE: file }),
      bench.run(['lag', '-t', bench.topic, '--bus', module], noLogin),
    ]);
    expect(all.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      all.map(({ stderr }) => ({ code: 0, stderr })),
    );
    const expired = { ...noLogin, EVENT_BUS_KAFKA_SASL_TOKEN: unsecuredToken('alice', -60_000) };
    const refused = await bench.run(['lag', '-t', bench.topic], expired);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('refuses the credentials') });
    expect(refused.stderr).not.toContain(expired.EVENT_BUS_KAFKA_SASL_TOKEN);
  });

  it('shows an operator how far groups are behind, and what is wrong', async () => {
    bench.nextTopic();
    await bench.sendAll(9);
    await endOf(bench.consume(['--count', '1']));
    const lag = await bench.run(['lag', '-t', bench.topic, '--json']);
    expect(lag, lag.stderr).toMatchObject({ code: 0, stderr: '' });
    const lanes = lag.stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(lanes).toHaveLength(4);
    expect(lanes[0]).toMatchObject({
      topic: bench.topic,
      group: 'g',
      lane: `${bench.topic}:0`,
      members: 0,
      pending: null,
    });
    expect(lanes.reduce((sum, { length }) => sum + length, 0)).toBe(9);
    expect(lanes.reduce((sum, { lag: waiting }) => sum + waiting, 0)).toBe(8);
    const doctor = await bench.run(['doctor', '-t', bench.topic]);
    expect(doctor, doctor.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(doctor.stdout).toContain(
      `ok       topic ${bench.topic}: events: about 9, partitions: 4, groups: 1`,
    );
    expect(doctor.stdout).toContain(
      `warning  group g on ${bench.topic}: waiting 8 and no member reads the topic`,
    );
    expect(doctor.stdout).toContain(
      `ok       schemas of ${bench.topic}: ${type}: what is registered fits the definition here`,
    );
    expect(doctor.stdout).not.toMatch(new RegExp(`${login.password}|${login.username}`));
  });

  if (redrivesAmongKills)
    it('redrives for the group that failed alone, though the command and a member are killed', async () => {
      bench.nextTopic();
      const deadLetters = async () => {
        const { stdout } = await bench.run(['dlq', 'list', '-t', bench.topic, '-g', 'g', '--json']);
        return stdout === '' ? 0 : (JSON.parse(stdout) as { count: number }).count;
      };
      const deadLetterAll = async (count: number) => {
        const gone = { error_code: 40403, message: 'Schema not found' };
        registry.fail({ on: /^GET \/schemas\/ids\//, status: 404, body: JSON.stringify(gone) });
        const receiving = bench.consume();
        await expect.poll(deadLetters, { timeout: 240_000 }).toBe(count);
        receiving.child.kill('SIGTERM');
        expect(await receiving.ended, receiving.stderr()).toBe(0);
        registry.heal();
      };
      await redriveAmongKills(bench, deadLetterAll, '{"sessionTimeoutMs": 6000}');
    }, 300_000);

  it('shows dead letters whose schema is gone, sends them again as they are, and replays', async () => {
    bench.nextTopic();
    await bench.sendAll(2);
    const dlq = (...args: readonly string[]) => bench.run(['dlq', ...args, '-t', bench.topic, '-g', 'g']);
    const deadLetters = async () => {
      const { stdout } = await dlq('list', '--json');
      return stdout === '' ? { count: 0 } : (JSON.parse(stdout) as { count: number; redriven: number });
    };
    /** With the schema gone, the group can but give them up. */
    const deadLetterBoth = async (redriven: number) => {
      const receiving = bench.consume();
      await expect.poll(deadLetters, { timeout: 60_000 }).toMatchObject({ count: 2, redriven });
      receiving.child.kill('SIGTERM');
      expect(await receiving.ended, receiving.stderr()).toBe(0);
    };
    const gone = { error_code: 40403, message: 'Schema not found' };
    registry.fail({ on: /^GET \/schemas\/ids\//, status: 404, body: JSON.stringify(gone) });
    try {
      await deadLetterBoth(0);
      const shown = await dlq('show', '--payload', '--limit', '1');
      expect(JSON.parse(shown.stdout)).toMatchObject({
        event_type: type,
        code: 'EVENTS_UNUSABLE_MESSAGE',
        data: null,
        undecodable: expect.stringMatching(/schema/),
      });
      const refused = await dlq('redrive', '--all'); // its member has ended
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`no active member of the group reads ${bench.topic}.g.retry`);
      expect(refused.stderr).not.toContain('waiting up to');
      expect(await dlq('redrive', '--all-groups', '--all')).toMatchObject({ code: 0 });
      expect(await deadLetters()).toEqual({ count: 0 });
      await deadLetterBoth(2);
    } finally {
      registry.heal();
    }
    expect(await dlq('redrive', '--all-groups', '--all', '--rate', '100')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`2 dead letters of group g were sent again to ${bench.topic}\n`),
    });
    expect(sorted(numbersIn((await endOf(bench.consume(['--count', '2']))).stdout))).toEqual([0, 1]);
    const replayed = await bench.run(['replay', '-t', bench.topic, '-g', 'g', '--from', 'earliest']);
    expect(replayed).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        `group g receives 6 events of topic ${bench.topic} again: ${type} (6)\n`,
      ),
    });
    expect(sorted(numbersIn((await endOf(bench.consume(['--count', '6']))).stdout))).toEqual([
      0, 0, 0, 1, 1, 1,
    ]);
  });
});
