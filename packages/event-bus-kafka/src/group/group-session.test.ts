import { type Clock, configureEvents, InvalidOptionsError } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeAssignment, encodeAssignment, encodeSubscription } from '../driver/consumer-protocol.js';
import type { GroupCoordinator } from '../driver/group-coordinator.js';
import type { JoinedGroup } from '../driver/kafkajs-broker.js';
import { brokerError, fakeCoordinator, fakeDriver } from './fake-driver.test-support.js';
import { GroupSession } from './group-session.js';

const mine = new Map([['t', [1]]]);

function sessionWith(coordinator: Partial<GroupCoordinator>) {
  return new GroupSession({
    driver: fakeDriver({ topics: { t: 2 } }),
    coordinator: fakeCoordinator(coordinator),
    sessionTimeoutMs: 6_000,
    rebalanceTimeoutMs: 60_000,
    requestTimeoutMs: 10_000,
  });
}

const joinedAs = (memberId: string, leaderId: string, others: readonly string[] = []): JoinedGroup => ({
  generationId: 4,
  leaderId,
  memberId,
  members: [memberId, ...others].map((id) => ({ memberId: id, memberMetadata: encodeSubscription(['t']) })),
});

describe('GroupSession', () => {
  let now = 0;
  let restore: Disposable;

  beforeEach(() => {
    now = 0;
    const never = new Promise<void>(() => {});
    const clock: Clock = { now: () => now, monotonic: () => now, sleep: () => never };
    restore = configureEvents({ clock });
  });
  afterEach(() => restore[Symbol.dispose]());

  const group = () => ({
    joinGroup: vi.fn(async (_: Parameters<GroupCoordinator['joinGroup']>[0]) => joinedAs('me', 'other')),
    syncGroup: vi.fn(async (_: Parameters<GroupCoordinator['syncGroup']>[0]) => encodeAssignment(mine)),
    heartbeat: vi.fn(async () => {}),
    leaveGroup: vi.fn(async () => {}),
  });

  it('reads the assignment that the leader sent', async () => {
    const broker = group();
    const session = sessionWith(broker);
    expect(session.member).toBeUndefined();
    expect(await session.join(['t'])).toStrictEqual(mine);
    expect(session.member).toStrictEqual({ groupId: 'g', generationId: 4, memberId: 'me' });
    expect(session.isLeader).toBe(false);
    expect(broker.syncGroup.mock.calls[0]?.[0]).toMatchObject({ generationId: 4, groupAssignment: [] });
  });

  it('shares all partitions out as the leader', async () => {
    const broker = { ...group(), joinGroup: async () => joinedAs('me', 'me', ['you']) };
    await sessionWith(broker).join(['t']);
    const { groupAssignment } = broker.syncGroup.mock.calls[0]?.[0] ?? { groupAssignment: [] };
    const shares = groupAssignment.map(({ memberId, memberAssignment }) => [
      memberId,
      decodeAssignment(memberAssignment)?.get('t'),
    ]);
    expect(Object.fromEntries(shares)).toStrictEqual({ me: [0], you: [1] });
  });

  it('assigns its own share as the leader, whatever other members subscribe to', async () => {
    const others = {
      invalid: encodeSubscription(['my topic', 't']),
      absent: encodeSubscription(['not-there']),
      empty: Buffer.alloc(0),
      broken: Buffer.from('00007fffffff', 'hex'),
    };
    const joined = joinedAs('me', 'me');
    const members = [
      ...joined.members,
      ...Object.entries(others).map(([memberId, memberMetadata]) => ({ memberId, memberMetadata })),
    ];
    const broker = { ...group(), joinGroup: async () => ({ ...joined, members }) };
    await sessionWith(broker).join(['t']);
    const { groupAssignment } = broker.syncGroup.mock.calls[0]?.[0] ?? { groupAssignment: [] };
    const assigned = groupAssignment.map(({ memberId, memberAssignment }) => [
      memberId,
      [...(decodeAssignment(memberAssignment) ?? [])].flat(2),
    ]);
    expect(Object.fromEntries(assigned)).toStrictEqual({
      me: ['t', 1],
      invalid: ['t', 0],
      absent: [],
      empty: [],
      broken: [],
    });
  });

  it('joins again as who it was, and as somebody new when the group has forgotten it', async () => {
    const broker = group();
    const session = sessionWith(broker);
    await session.join(['t']);
    broker.joinGroup.mockRejectedValueOnce(brokerError('UNKNOWN_MEMBER_ID'));
    await expect(session.join(['t'])).rejects.toThrow('UNKNOWN_MEMBER_ID');
    expect(session.member).toBeUndefined();
    await session.join(['t']);
    const asked = broker.joinGroup.mock.calls.map(([request]) => request.memberId);
    expect(asked).toStrictEqual(['', 'me', '']);
  });

  it.each([
    ['REBALANCE_IN_PROGRESS', 'rebalance', true],
    ['ILLEGAL_GENERATION', 'expelled', false],
    ['UNKNOWN_MEMBER_ID', 'expelled', false],
  ])('understands %s as the answer to a heartbeat', async (type, answer, isStillMember) => {
    const broker = group();
    const session = sessionWith(broker);
    expect(await session.heartbeat()).toBe('expelled');
    await session.join(['t']);
    expect(await session.heartbeat()).toBe('member');
    broker.heartbeat.mockRejectedValueOnce(brokerError(type));
    expect(await session.heartbeat()).toBe(answer);
    expect(session.member !== undefined).toBe(isStillMember);
  });

  it('counts as lapsed when no heartbeat was answered for a whole session, as of when it was sent', async () => {
    const broker = group();
    const session = sessionWith(broker);
    await session.join(['t']);
    now = 5_000;
    broker.heartbeat.mockImplementationOnce(async () => {
      now = 5_900; // the answer took its time
    });
    await session.heartbeat();
    now = 11_000;
    expect(session.hasLapsed).toBe(false);
    broker.heartbeat.mockRejectedValueOnce(brokerError('COORDINATOR_NOT_AVAILABLE'));
    await expect(session.heartbeat()).rejects.toThrow('COORDINATOR_NOT_AVAILABLE');
    now = 11_001;
    expect(session.hasLapsed).toBe(true);
  });

  it('stays lapsed although a late heartbeat is answered, until it joins again: events were abandoned', async () => {
    const broker = group();
    const session = sessionWith(broker);
    await session.join(['t']);
    now = 5_000;
    broker.heartbeat.mockImplementationOnce(async () => {
      now = 7_000; // the coordinator moved to another broker meanwhile
      expect(session.hasLapsed).toBe(true);
    });
    expect(await session.heartbeat()).toBe('member');
    expect(session.hasLapsed).toBe(true);
    await session.join(['t']);
    expect(session.hasLapsed).toBe(false);
  });

  it('reports what does not end by waiting', async () => {
    const broker = group();
    const session = sessionWith(broker);
    broker.joinGroup.mockRejectedValueOnce(brokerError('INVALID_SESSION_TIMEOUT'));
    await expect(session.join(['t'])).rejects.toThrow(InvalidOptionsError);
    broker.joinGroup.mockRejectedValueOnce(brokerError('INCONSISTENT_GROUP_PROTOCOL'));
    await expect(session.join(['t'])).rejects.toThrow('stop them first, or choose another groupId');
    broker.joinGroup.mockRejectedValueOnce(brokerError('UNKNOWN'));
    await expect(session.join(['t'])).rejects.toThrow(
      /UNKNOWN, as it does while a member of another program/,
    );
  });

  it('leaves once, and only what it has joined', async () => {
    const broker = group();
    const session = sessionWith(broker);
    await session.leave(1_000);
    expect(broker.leaveGroup).not.toHaveBeenCalled();
    await session.join(['t']);
    await session.leave(1_000);
    await session.leave(1_000);
    expect(broker.leaveGroup).toHaveBeenCalledExactlyOnceWith('me', 1_000);
    expect(session.member).toBeUndefined();
  });
});
