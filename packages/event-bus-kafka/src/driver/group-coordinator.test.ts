import { describe, expect, it, vi } from 'vitest';
import type { Connections } from './connections.js';
import { type FakeBrokerOptions, fakeBroker } from './fake-broker.test-support.js';
import { GroupCoordinator } from './group-coordinator.js';
import { kafkaError } from './kafka-error.js';

const OFFSET_COMMIT = 8;
const OFFSET_FETCH = 9;
const member = { groupId: 'g', generationId: 3, memberId: 'me' };

/** A coordinator whose broker a test scripts, and how often the broker was looked up. */
function coordinatorOf(options: FakeBrokerOptions) {
  const broker = fakeBroker(options);
  const lookUp = vi.fn(async () => broker);
  let generation = 0;
  const probe = vi.fn(async () => {});
  const connections: Pick<Connections, 'generation' | 'coordinator' | 'askBroker'> = {
    get generation() {
      return generation;
    },
    coordinator: lookUp,
    askBroker: async (asked, doing, run) => {
      try {
        return await run(asked);
      } catch (error) {
        throw kafkaError(error, doing);
      }
    },
  };
  const coordinator = new GroupCoordinator({
    connections: connections as Connections,
    groupId: 'g',
    requestTimeoutMs: 1_000,
    probe,
  });
  const renew = () => {
    generation += 1;
  };
  return { coordinator, lookUp, renew, probe };
}

const brokerError = (type: string) => Object.assign(new Error(type), { type, code: 1 });

describe('GroupCoordinator', () => {
  it('looks its broker up once', async () => {
    const heartbeat = vi.fn(async () => {});
    const { coordinator, lookUp } = coordinatorOf({ methods: { heartbeat } });
    await coordinator.heartbeat(member);
    await coordinator.heartbeat(member);
    expect(lookUp).toHaveBeenCalledExactlyOnceWith('g');
    expect(heartbeat).toHaveBeenLastCalledWith({ groupId: 'g', groupGenerationId: 3, memberId: 'me' });
  });

  it('looks its broker up again after another broker has become the coordinator', async () => {
    const heartbeat = vi.fn(async () => {});
    heartbeat.mockRejectedValueOnce(brokerError('NOT_COORDINATOR'));
    const { coordinator, lookUp } = coordinatorOf({ methods: { heartbeat } });
    await expect(coordinator.heartbeat(member)).rejects.toThrow(/^the heartbeat failed: .*NOT_COORDINATOR/);
    await coordinator.heartbeat(member);
    expect(lookUp).toHaveBeenCalledTimes(2);
  });

  it.each(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID'])(
    'keeps its broker after %s, which only the coordinator answers',
    async (type) => {
      const heartbeat = vi.fn(async () => {});
      heartbeat.mockRejectedValueOnce(brokerError(type));
      const { coordinator, lookUp } = coordinatorOf({ methods: { heartbeat } });
      await expect(coordinator.heartbeat(member)).rejects.toThrow(type);
      await coordinator.heartbeat(member);
      expect(lookUp).toHaveBeenCalledOnce();
    },
  );

  it('looks its broker up again when all connections were replaced', async () => {
    const { coordinator, lookUp, renew } = coordinatorOf({ methods: { heartbeat: async () => {} } });
    await coordinator.heartbeat(member);
    renew();
    await coordinator.heartbeat(member);
    expect(lookUp).toHaveBeenCalledTimes(2);
  });

  it('probes no broker before it knows one', async () => {
    const { coordinator, probe } = coordinatorOf({ methods: { heartbeat: async () => {} } });
    await coordinator.probe();
    expect(probe).not.toHaveBeenCalled();
    await coordinator.heartbeat(member);
    await coordinator.probe();
    expect(probe).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('rejects a commit with the error of a partition', async () => {
    // throttle time, one topic "t", one partition 0 with error 25
    const response = Buffer.from(
      '00000000 00000001 0001 74 00000001 00000000 0019'.replaceAll(' ', ''),
      'hex',
    );
    const { coordinator } = coordinatorOf({ versions: { [OFFSET_COMMIT]: 7 }, respond: () => response });
    const topics = [{ topic: 't', partitions: [{ partition: 0, offset: 5, metadata: null }] }];
    await expect(coordinator.offsetCommit({ ...member, topics })).rejects.toThrow(
      /^offsets of group g cannot be committed: .*UNKNOWN_MEMBER_ID/,
    );
  });

  it('returns committed offsets without partitions that have none', async () => {
    // throttle time, one topic "t", partition 0 at 17 and partition 1 at -1 (epoch, metadata and error each), no error
    const response = Buffer.from(
      `00000000 00000001 0001 74 00000002
       00000000 0000000000000011 ffffffff 0000 0000
       00000001 ffffffffffffffff ffffffff 0000 0000
       0000`.replace(/\s/g, ''),
      'hex',
    );
    const { coordinator } = coordinatorOf({ versions: { [OFFSET_FETCH]: 5 }, respond: () => response });
    const offsets = await coordinator.offsetFetch([{ topic: 't', partitions: [0, 1] }]);
    expect(offsets).toMatchObject([{ topic: 't', partition: 0, offset: 17 }]);
  });
});
