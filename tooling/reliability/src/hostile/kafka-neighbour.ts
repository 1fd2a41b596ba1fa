import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../seeded-random.js';
import { oneOf } from './attack.js';
import { damaged, hostileBytes, hostileText } from './hostile-bytes.js';
import { array, blob, int16, int32, int64, type RawKafka, text } from './raw-kafka.js';

const JOIN_GROUP = 11;
const SYNC_GROUP = 14;
const LEAVE_GROUP = 13;
const OFFSET_COMMIT = 8;

/** What a client needs to be in a group. */
interface Membership {
  readonly groupId: string;
  readonly memberId: string;
  readonly generation: number;
  readonly isLeader: boolean;
  readonly members: readonly string[];
}

/** Joins a group with metadata of its own making, or joins it again; resolves when the group has formed. */
async function join(kafka: RawKafka, groupId: string, metadata: Buffer, memberId = ''): Promise<Membership> {
  const protocols = ['range', 'roundrobin'].map((name) => Buffer.concat([text(name), blob(metadata)]));
  const body = [
    text(groupId),
    int32(6_000),
    int32(10_000),
    text(memberId),
    text('consumer'),
    array(protocols),
  ];
  const answer = await kafka.request(JOIN_GROUP, 2, Buffer.concat(body));
  const error = answer.readInt16BE(4);
  if (error !== 0) throw new Error(`JoinGroup is refused with ${error}`);
  let at = 10;
  const next = () => {
    const length = answer.readInt16BE(at);
    at += 2 + length;
    return answer.toString('utf8', at - length, at);
  };
  next();
  const leader = next();
  const ownId = next();
  const count = answer.readInt32BE(at);
  at += 4;
  const members = Array.from({ length: count }, () => {
    const member = next();
    at += 4 + answer.readInt32BE(at);
    return member;
  });
  return { groupId, memberId: ownId, generation: answer.readInt32BE(6), isLeader: leader === ownId, members };
}

/** Ends a rebalance; the leader's assignment is what it is. */
async function sync(kafka: RawKafka, member: Membership, assignment: Buffer): Promise<void> {
  const { groupId, memberId, generation, isLeader, members } = member;
  const assignments = isLeader ? members.map((one) => Buffer.concat([text(one), blob(assignment)])) : [];
  const body = [text(groupId), int32(generation), text(memberId), array(assignments)];
  await kafka.request(SYNC_GROUP, 1, Buffer.concat(body));
}

async function leave(kafka: RawKafka, { groupId, memberId }: Membership): Promise<void> {
  await kafka.request(LEAVE_GROUP, 1, Buffer.concat([text(groupId), text(memberId)]));
}

/** A member and what it sends: both of its own making. */
export interface Neighbour {
  readonly groupId: string;
  readonly metadata: Buffer;
  readonly assignment: Buffer;
}

/** Joins a group that has members, and leaves it. */
export async function visitGroup(
  kafka: RawKafka,
  { groupId, metadata, assignment }: Neighbour,
): Promise<void> {
  const member = await join(kafka, groupId, metadata);
  await sync(kafka, member, assignment);
  await leave(kafka, member);
}

/**
 * Joins a group while it is empty, so that it leads, sends its assignment to those who join, and leaves.
 *
 * @param whileEmpty does something while the group is empty, and lets others join
 */
export async function leadGroup(
  kafka: RawKafka,
  { groupId, metadata, assignment }: Neighbour,
  whileEmpty: (visit: () => Promise<void>) => Promise<void>,
): Promise<void> {
  let member: Membership | undefined;
  const visit = async () => {
    member = await join(kafka, groupId, metadata, member?.memberId);
    await sync(kafka, member, assignment);
  };
  await whileEmpty(visit);
  for (let left = 20; left > 0 && member?.members.length === 1; left -= 1) {
    await sleep(300);
    await visit();
  }
  if (member !== undefined) await leave(kafka, member);
}

/** Commits for a group without members. @throws Error when the broker refuses it */
export async function commit(
  kafka: RawKafka,
  groupId: string,
  { topic, partition, offset, metadata }: RawCommit,
): Promise<void> {
  const partitions = array([Buffer.concat([int32(partition), int64(offset), text(metadata)])]);
  const body = [
    text(groupId),
    int32(-1),
    text(''),
    int64(-1n),
    array([Buffer.concat([text(topic), partitions])]),
  ];
  const answer = await kafka.request(OFFSET_COMMIT, 2, Buffer.concat(body));
  const error = answer.readInt16BE(answer.length - 2);
  if (error !== 0) throw new Error(`OffsetCommit is refused with ${error}`);
}

export interface RawCommit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly metadata: string | null;
}

/** What a member subscribes to: topics that are odd, missing, doubled or none, and user data. */
export function hostileSubscription(random: SeededRandom, topic: string): Buffer {
  const topics = array(Array.from({ length: random.below(4) }, () => text(oddTopic(random, topic))));
  const subscribed = Buffer.concat([int16(0), topics, blob(hostileBytes(random).subarray(0, 100_000))]);
  return random.below(5) === 0 ? Buffer.alloc(0) : subscribed;
}

/** What a leader assigns to a member. */
export function hostileAssignment(random: SeededRandom, topic: string): Buffer {
  const partitions = array([int32(oneOf(random, [0, 1, -1, 99, 2 ** 31 - 1]))]);
  const assigned = Buffer.concat([
    int16(0),
    array([Buffer.concat([text(oddTopic(random, topic)), partitions])]),
    blob(Buffer.alloc(0)),
  ]);
  return oneOf(random, [
    () => assigned,
    () => Buffer.alloc(0),
    () => damaged(random, assigned),
    () => hostileBytes(random),
    () => Buffer.concat([int16(0), int32(2 ** 31 - 1)]),
  ])().subarray(0, 700_000);
}

function oddTopic(random: SeededRandom, topic: string): string {
  return oneOf(random, [topic, '__consumer_offsets', 'not-there', 'a/b', '', hostileText(random)]);
}

/** The text of a commit that this project has not written. */
export function hostileCommitText(random: SeededRandom, offset: bigint): string | null {
  const number = () =>
    oneOf<unknown>(random, [
      0,
      1,
      2,
      9,
      offset,
      offset + BigInt(random.below(5_000)),
      '99999999999999999999',
      -1,
      '',
      'x',
    ]);
  return oneOf(random, [
    () => null,
    () => hostileText(random),
    () => `openedx/1 deliveries=${number()} through=${number()}`,
    () => `openedx/1 topic=${'A'.repeat(22)} deliveries=${number()} through=${number()}`,
    () => `openedx/1 handled=${hostileText(random)}`,
    () =>
      `openedx/1 handled=${Array.from({ length: random.below(300) }, () => oneOf(random, [...'+-0123456789abcAZz,:_'])).join('')}`,
    () => `openedx/1 ${'a=1 '.repeat(random.below(900))}`,
    () => `removed/1 0-${'z'.repeat(1 + random.below(12))}`,
  ])();
}
