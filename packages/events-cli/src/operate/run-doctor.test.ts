import type { Finding } from '@openedx-ts/events-core/operate';
import { afterEach, describe, expect, it } from 'vitest';
import { showToOperators } from '../memory-bus.test-support.js';
import { closedReader, run } from '../run.test-support.js';

const bus = ['--bus', './memory-bus.test-support.ts'];
const fine: Finding = { subject: 'broker', verdict: 'ok', message: 'it answers', cure: undefined };
const wrong: Finding = {
  subject: 'broker',
  verdict: 'problem',
  message: 'it is \u001b[31mred',
  cure: 'mend it',
};
const named = { EVENTS_SERVICE_NAME: 'lms' };
const type = 'org.openedx.learning.course.enrollment.created.v1';
const show = (findings: readonly Finding[]) =>
  showToOperators({ diagnose: async () => findings, lag: async () => [] });
afterEach(() => showToOperators(undefined));

describe('doctor', () => {
  it('reports that all is well', async () => {
    show([fine]);
    expect(await run(['doctor', ...bus], { env: named })).toEqual({
      code: 0,
      stdout:
        'ok       settings: sent events have the source openedx/lms/web\n' +
        'ok       bus: memory is installed\n' +
        'ok       broker: it answers\n',
      stderr: '',
    });
  });

  it('fails on a problem and shows its cure; no control character reaches the terminal', async () => {
    show([wrong]);
    const { code, stdout, stderr } = await run(['doctor', ...bus], { env: named });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'error: 1 problem found; the findings on stdout have the cures [CLI_CHECK_FAILED]\n',
    });
    expect(stdout).toMatch(/problem {2}broker: it is \\u\{1b\}\[31mred\n {9}→ mend it\n$/);
    const json = await run(['doctor', ...bus, '--json'], { env: named });
    expect(JSON.parse(json.stdout.trimEnd().split('\n').at(-1) as string)).toEqual(wrong);
  });

  it('fails although its reader closes stdout before the end', async () => {
    show([wrong]);
    const { code, stderr } = await run(['doctor', ...bus], { env: named, stdout: closedReader() });
    expect(code).toBe(1);
    expect(stderr).toContain('1 problem found');
  });

  it('ends with 3 when the broker is unreachable', async () => {
    show([{ ...wrong, isUnreachable: true }]);
    expect((await run(['doctor', ...bus], { env: named })).code).toBe(3);
  });

  it('only warns when the bus has no admin', async () => {
    const { code, stdout } = await run(['doctor', ...bus], { env: named });
    expect(code).toBe(0);
    expect(stdout).toContain('warning  bus: the bus memory has no admin');
  });

  it.each([
    [{}, [], 'no bus is named'],
    [{ EVENT_BUS: 'reddis' }, [], 'did you mean redis?'],
    [
      {
        EVENT_BUS_PRODUCER: 'edx_event_bus_redis.create_producer',
        EVENT_BUS_CONSUMER: 'edx_event_bus_kafka.KafkaEventConsumer',
      },
      [],
      'names another bus',
    ],
    [{ EVENT_BUS_PRODUCER_CONFIG: '{' }, bus, 'not JSON'],
    [{ EVENT_BUS_PRODUCER_CONFIG: '{"a": {"no topic": {"enabled": "yes"}}}' }, bus, 'expected true or false'],
    [{ EVENT_BUS_PRODUCER_MODE: 'outbx' }, bus, '"outbx" is no mode: use immediate, on-commit, outbox'],
    [config({ [`${type}x`]: route('a') }), bus, `did you mean ${type}?`],
    [
      config({ [type]: route('enrollment.course.course_kay') }),
      bus,
      'did you mean enrollment.course.course_key?',
    ],
    [
      config({ 'org.openedx.content_authoring.course.certificate_config.changed.v1': route('a') }),
      bus,
      'must stay in its process',
    ],
  ])('finds the problem in %j', async (env, args, text) => {
    show([fine]);
    const { code, stdout } = await run(['doctor', ...args], { env: { ...named, ...env } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem/m);
    expect(stdout).toContain(text);
  });

  it.each([
    [config({ [type]: route('enrollment.course.course_key') }), 'ok', '1 routes enabled, 0 disabled'],
    [
      { ...config({ [type]: route('enrollment.course.course_key') }), EVENT_BUS_PRODUCER_MODE: 'outbox' },
      'ok',
      '1 routes enabled (1 outbox), 0 disabled',
    ],
    [{ EVENT_BUS_PRODUCER_MODE: 'outbox' }, 'warning', 'no database is named: the outbox was not looked at'],
    [{ EVENT_BUS_PRODUCER_MODE: 'on-commit' }, 'ok', 'EVENT_BUS_PRODUCER_MODE is valid: on-commit'],
    [config({ [`${type}x`]: route('a', false) }), 'warning', `did you mean ${type}?`],
    [{ EVENT_BUS_TOPIC_PREFIX: 'prod' }, 'ok', 'topic orders is called prod-orders'],
    [{ EVENT_BUS_TOPIC_PREFIX: 'prod-' }, 'warning', 'topic orders is called prod--orders'],
    [{ EVENT_BUS_TOPIC_PREFX: 'prod' }, 'warning', 'did you mean EVENT_BUS_TOPIC_PREFIX?'],
    [{ EVENTBUS_PRODUCER_CONFIG: '{}' }, 'warning', 'did you mean EVENT_BUS_PRODUCER_CONFIG?'],
    [{ EVENT_BUS_REDS_CONNECTION_URL: 'a' }, 'warning', 'did you mean EVENT_BUS_REDIS_CONNECTION_URL?'],
    [
      { EVENT_BUS_KAFKA_API_KEY: 'a' },
      'ok',
      'EVENT_BUS_KAFKA_API_KEY belongs to the bus kafka and is ignored',
    ],
    [{ EVENTS_SERVICE_NAME: '' }, 'warning', 'EVENTS_SERVICE_NAME is not set'],
  ])('reports %j as %s', async (env, verdict, text) => {
    show([fine]);
    const { code, stdout } = await run(['doctor', ...bus], { env: { ...named, ...env } });
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    const at = lines.findIndex((line) => line.includes(text));
    expect(lines[at]?.startsWith(' ') ? lines[at - 1] : lines[at]).toMatch(new RegExp(`^${verdict} `));
  });

  it('leaves out the outbox where no database is named and no route needs one, or it is of another kind', async () => {
    show([fine]);
    for (const env of [named, { ...named, DATABASE_URL: 'sqlite:///lms.db' }])
      expect((await run(['doctor', ...bus], { env })).stdout).not.toContain('outbox');
  });

  it('asks for no bus where every route has the mode outbox, and for one where a route has another', async () => {
    const stored = { ...named, EVENT_BUS_PRODUCER_MODE: 'outbox' };
    const { code, stdout } = await run(['doctor'], { env: stored });
    expect(code).toBe(0);
    expect(stdout).toContain('ok       bus: none is named, and this service needs none');
    const enrollments = { event_key_field: 'enrollment.course.course_key', enabled: true, mode: 'immediate' };
    const mixed = { ...stored, ...config({ [type]: { enrollments } }) };
    expect((await run(['doctor'], { env: mixed })).stdout).toContain('problem  bus: no bus is named');
    const allStored = config({ [type]: { enrollments: { ...enrollments, mode: 'outbox' } } });
    expect((await run(['doctor'], { env: { ...named, ...allStored } })).code).toBe(0);
  });

  it('removes secrets from the findings of a bus', async () => {
    show([{ ...fine, message: 'amqp://ann:top-secret@host says hidden-key' }]);
    const env = { ...named, EVENT_BUS_KAFKA_API_SECRET: 'hidden-key' };
    const { stdout } = await run(['doctor', ...bus], { env });
    expect(stdout).toContain('broker: amqp://***@host says ***');
  });
});

function config(value: object) {
  return { EVENT_BUS_PRODUCER_CONFIG: JSON.stringify(value) };
}

function route(eventKeyField: string, enabled = true) {
  return { enrollments: { event_key_field: eventKeyField, enabled } };
}
