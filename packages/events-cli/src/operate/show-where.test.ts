import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { broker, showBrokerToOperators, showToOperators } from '../memory-bus.test-support.js';
import { line, numbersIn, type } from '../numbered-events.test-support.js';
import { run } from '../run.test-support.js';

const bus = ['--bus', './memory-bus.test-support.ts'];
let topics = 0;
let topic: string;
beforeEach(async () => {
  topics += 1;
  topic = `sought-${topics}`;
  showBrokerToOperators();
  const sending = ['produce', ...bus, '--type', type, '--topic', topic, '--key-field', 'grade.user_id'];
  await run(sending, { stdin: [0, 1, 2].map(line).join('') });
});
afterEach(() => showToOperators(undefined));

const idAt = (index: number) => {
  const { headers } = broker.messages(topic)[index] ?? { headers: [] };
  return String(headers.find(([name]) => name === 'ce_id')?.[1]);
};
const where = (...args: string[]) => run(['where', ...bus, ...args]);
const consume = (group: string, count: number) =>
  run(['consume', ...bus, '-t', topic, '-g', group, '--count', String(count), '--from', 'earliest']);

describe('where', () => {
  it('finds an event by the time in its id, and shows what became of it in each group', async () => {
    expect(numbersIn((await consume('ahead', 3)).stdout)).toEqual([0, 1, 2]);
    expect(numbersIn((await consume('behind', 1)).stdout)).toEqual([0]);
    const { code, stdout, stderr } = await where(idAt(1), '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      topic,
      position: '0:1',
      stored_at: expect.stringMatching(/^\d{4}-/),
      event_type: type,
      groups: [
        { group: 'ahead', state: 'passed', deliveries: null },
        { group: 'behind', state: 'waiting', deliveries: 0 },
      ],
    });
    const rows = (await where(idAt(1), '-t', topic)).stdout.split('\n');
    expect(rows[0]).toMatch(/^TOPIC +POSITION +STORED +TYPE +GROUP +STATE$/);
    expect(rows[1]).toMatch(/0:1 .* ahead +passed: the position of the group lies behind it$/);
    expect(rows[2]).toMatch(/behind +waiting$/);
  });

  it('shows the dead letter that a group made of it', async () => {
    const odd = randomUUID();
    broker.append({ topic, key: null, value: Buffer.from('junk'), headers: headersOf(1, odd) });
    const [first] = broker.messages(topic);
    broker.append({ topic, key: null, value: first?.value ?? null, headers: headersOf(0, randomUUID()) });
    expect(numbersIn((await consume('mail', 4)).stdout)).toEqual([0, 1, 2, 0]);
    const { stdout } = await where(odd, '-t', topic, '--since', '2026-01-01T00:00:00Z', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      position: '0:3',
      groups: [
        {
          group: 'mail',
          state: 'dead-lettered',
          dead_letter: { position: '0:0', code: 'EVENTS_UNUSABLE_MESSAGE' },
        },
      ],
    });
  });

  it('fails when there is no such event, and says where it looked', async () => {
    const { code, stdout, stderr } = await where('0199c0de-0000-7000-8000-000000000000', '-t', topic);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^error: no event 0199c0de-\S+ among 3 events of topic sought-\d+: .* \[CLI_NOT_FOUND\]\n$/,
    );
  });

  it('looks at later events where none is within ten minutes of the time in the id', async () => {
    const old = '018ae1b0-0000-7000-8000-000000000001';
    broker.append({ topic, key: null, value: Buffer.from('late'), headers: headersOf(0, old) });
    expect(JSON.parse((await where(old, '-t', topic, '--json')).stdout)).toMatchObject({ position: '0:3' });
  });

  it('stops at --limit, and goes on with --after', async () => {
    broker.append({ topic, key: null, value: null, headers: headersOf(0, 'last') });
    for (let more = 0; more < 200; more += 1)
      broker.append({ topic, key: null, value: null, headers: headersOf(0, `more-${more}`) });
    const since = ['-t', topic, '--since', '2026-01-01T00:00:00Z'];
    const stopped = await where('more-150', ...since, '--limit', '100');
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain(
      `stopped after 100 events (--limit); go on with --after ${topic}@0:99\n`,
    );
    const found = await where('more-150', ...since, '--after', `${topic}@0:99`, '--json');
    expect(JSON.parse(found.stdout)).toMatchObject({ position: '0:154' });
  });

  it.each([
    [['an id without a time'], 'holds no time: state since when to look'],
    [['x', '--since', 'yesterday'], '--since yesterday: expected a time with an offset'],
    [
      ['x', '--since', '2026-01-01T00:00:00Z', '--after', 'nowhere'],
      '--after nowhere: expected topic@position',
    ],
    [['x', '--limit', '0'], 'Expected a whole number'],
  ])('answers %j with exit code 2 and what is wrong', async (args, reason) => {
    const { code, stdout, stderr } = await where(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(reason);
  });

  it('ends with 3 while the broker is unreachable', async () => {
    broker.stop();
    const { code } = await where(idAt(0)).finally(() => broker.start());
    expect(code).toBe(3);
  });
});

/** The headers of a stored event, with another id. */
function headersOf(index: number, id: string): [string, Buffer][] {
  const { headers } = broker.messages(topic)[index] ?? { headers: [] };
  return headers.map(([name, value]) => [name, Buffer.from(name === 'ce_id' ? id : (value ?? ''))]);
}
