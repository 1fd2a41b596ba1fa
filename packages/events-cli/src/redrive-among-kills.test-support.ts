import { expect } from 'vitest';
import { type CommandBench, upTo } from './command-bench.test-support.js';
import { line, numbersIn } from './numbered-events.test-support.js';

/** Its tests take a minute: they run with `TEST_SIZE=short` (`npm run test:full`). The conformance suite has a short form. */
export const redrivesAmongKills = process.env.TEST_SIZE === 'short';

const COUNT = 1_000;
const slowly = { timeout: 240_000, interval: 100 };

/**
 * Two groups receive events of one key, of which group `g` has made dead letters; they are redriven for `g`, while the
 * command is killed once and a member once. Expects that `g` handles each in order and none is lost, and that the other
 * group receives nothing again.
 *
 * @param deadLetterAll makes dead letters of group `g` of all events of the topic
 * @param extra options of the members of `g`
 */
export async function redriveAmongKills(
  bench: CommandBench,
  deadLetterAll: (count: number) => Promise<void>,
  extra: string,
): Promise<void> {
  const sending = bench.produce(['--key-field', 'grade.course.course_key']);
  sending.child.stdin.end(upTo(COUNT).map(line).join(''));
  expect(await sending.ended, sending.stderr()).toBe(0);
  const other = bench.start(['consume', '-t', bench.topic, '-g', 'other', '--from', 'earliest']);
  await expect.poll(() => numbersIn(other.stdout()).length, slowly).toBe(COUNT);
  await deadLetterAll(COUNT);

  const member = () => bench.start(['consume', '-t', bench.topic, '-g', 'g', '--extra', extra]);
  const redrive = (...args: readonly string[]) =>
    bench.start(['dlq', 'redrive', '-t', bench.topic, '-g', 'g', '--all', ...args]);
  const first = member();
  let killed = redrive('--rate', '200');
  await expect
    .poll(() => {
      // It is refused until the member is in its group.
      if (killed.child.exitCode !== null) killed = redrive('--rate', '200');
      return numbersIn(first.stdout()).length;
    }, slowly)
    .toBeGreaterThan(20);
  killed.child.kill('SIGKILL');
  first.child.kill('SIGKILL');
  expect(await Promise.all([killed.ended, first.ended])).toEqual(['SIGKILL', 'SIGKILL']);

  const second = member();
  const ofRest: string[] = [];
  await expect
    .poll(async () => {
      const rest = redrive(); // refused until the member is in its group
      await rest.ended;
      ofRest.push(rest.stderr());
      return rest.child.exitCode;
    }, slowly)
    .toBe(0);
  expect(ofRest.at(-1)).toMatch(/ dead letters of group g were sent again to group g alone\n$/);
  const handled = () => [...numbersIn(first.stdout()), ...numbersIn(second.stdout())];
  await expect.poll(() => new Set(handled()).size, slowly).toBe(COUNT);
  expect([...new Set(handled())]).toEqual(upTo(COUNT));

  for (const running of [second, other]) running.child.kill('SIGTERM');
  expect(await Promise.all([second.ended, other.ended])).toEqual([0, 0]);
  expect(numbersIn(other.stdout())).toEqual(upTo(COUNT));
}
