import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { broker, showBrokerToOperators, showToOperators } from '../memory-bus.test-support.js';
import { line, numbersIn, type } from '../numbered-events.test-support.js';
import { closedReader, run } from '../run.test-support.js';

const bus = ['--bus', './memory-bus.test-support.ts'];
let topics = 0;
let topic: string;
beforeEach(async () => {
  topics += 1;
  topic = `replayed-${topics}`;
  showBrokerToOperators();
  const sending = ['produce', ...bus, '--type', type, '--topic', topic, '--key-field', 'grade.user_id'];
  await run(sending, { stdin: [0, 1, 2, 3].map(line).join('') });
  expect(numbersIn((await consume(4)).stdout)).toEqual([0, 1, 2, 3]);
});
afterEach(() => showToOperators(undefined));

const consume = (count: number, group = topic) =>
  run(['consume', ...bus, '-t', topic, '-g', group, '--count', String(count), '--from', 'earliest']);
const replay = (from: string, ...args: string[]) =>
  run([
    'replay',
    ...bus,
    '-t',
    topic,
    '--from',
    from,
    ...(args.includes('-g') ? [] : ['-g', topic]),
    ...args,
  ]);

describe('replay', () => {
  it('sets a group back to a position, and reports', async () => {
    expect(await replay('0:2')).toEqual({
      code: 0,
      stdout: `LANE${' '.repeat(topic.length)}FROM  EVENTS  GROUP\n${topic}/0  0:2   2       set back\n`,
      stderr: `group ${topic} receives 2 events of topic ${topic} again: ${type} (2)\n`,
    });
    expect(numbersIn((await consume(2)).stdout)).toEqual([2, 3]);
  });

  it('names the option that creates a group which does not exist', async () => {
    const { code, stderr } = await replay('earliest', '-g', 'nobody');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `error: there is no group nobody on topic ${topic}: lag lists the groups, --create makes a new one [CLI_USAGE]\n`,
    });
  });

  it('reports what was set back although its reader closes stdout', async () => {
    const args = ['replay', ...bus, '-t', topic, '-g', topic, '--from', 'earliest'];
    const { code, stderr } = await run(args, { stdout: closedReader() });
    expect(code).toBe(0);
    expect(stderr).toContain(`group ${topic} receives 4 events`);
  });

  it('knows events by id and by time', async () => {
    const { headers } = broker.messages(topic)[3] ?? { headers: [] };
    const id = String(headers.find(([name]) => name === 'ce_id')?.[1]);
    expect(await replay(id, '--dry-run')).toMatchObject({
      code: 0,
      stderr: `group ${topic} would receive 1 event of topic ${topic} again: ${type} (1)\n`,
    });
    const { stdout } = await replay('2026-01-01T00:00:00Z', '--json');
    expect(JSON.parse(stdout)).toEqual({
      topic,
      group: topic,
      new_group: false,
      dry_run: false,
      events: 4,
      event_types: [{ event_type: type, count: 4 }],
      lanes: [{ lane: `${topic}/0`, position: '0:0', events: 4, moved: true }],
    });
  });

  it('moves nothing when it is interrupted while it counts', async () => {
    const args = ['replay', ...bus, '-t', topic, '-g', topic, '--from', 'earliest'];
    expect(await run(args, { abortSignal: AbortSignal.abort('SIGINT') })).toMatchObject({
      code: 130,
      stdout: '',
    });
    expect(await replay('earliest', '--dry-run')).toMatchObject({
      stdout: expect.stringContaining('would be set back'),
    });
  });

  it('makes a group with --create alone', async () => {
    const other = `${topic}-other`;
    expect(await replay('0:3', '-g', other)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(other),
    });
    expect(await replay('0:3', '-g', other, '--create')).toMatchObject({
      code: 0,
      stderr: `the new group ${other} receives 1 event of topic ${topic}: ${type} (1)\n`,
    });
    expect(numbersIn((await consume(1, other)).stdout)).toEqual([3]);
  });

  it.each([['latest'], ['0:99'], ['nowhere'], ['2026-01-01'], ['00000000-0000-4000-8000-000000000000']])(
    'refuses --from %s',
    async (from) => {
      expect(await replay(from)).toMatchObject({ code: 2, stdout: '' });
    },
  );
});
