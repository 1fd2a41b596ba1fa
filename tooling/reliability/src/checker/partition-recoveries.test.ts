import { describe, expect, it } from 'vitest';
import { PartitionRecoveries } from './partition-recoveries.js';

describe('PartitionRecoveries', () => {
  it('counts events that were sent after the fault, and the first of each partition', () => {
    const recoveries = new PartitionRecoveries();
    recoveries.accepted('0:1', 5, 10);
    const fault = recoveries.fault(100, [0, 1], [3]);
    recoveries.accepted('3:0', 101, 9_000); // without a leader for so long
    recoveries.accepted('0:2', 99, 150); // was in flight
    expect(recoveries.areBack(fault)).toBe(false);
    recoveries.accepted('2:9', 101, 110);
    recoveries.accepted('0:3', 101, 700);
    recoveries.accepted('0:4', 102, 600); // of a journal that is read later
    recoveries.accepted('1:-1', 103, 400);
    expect(recoveries.areBack(fault)).toBe(true);
    expect(recoveries.pauses).toEqual({ affectedMs: 500, othersMs: 10 });
  });

  it('gives the longest of all faults, and leaves out partitions to which nothing was sent', () => {
    const recoveries = new PartitionRecoveries();
    expect(recoveries.pauses).toEqual({ affectedMs: null, othersMs: null });
    recoveries.fault(0, [0, 1]);
    recoveries.accepted('0:1', 1, 30);
    recoveries.fault(100, [1]);
    recoveries.accepted('0:2', 50, 5_000); // sent before this fault, and read late
    recoveries.accepted('1:1', 101, 120);
    expect(recoveries.pauses).toEqual({ affectedMs: 30, othersMs: null });
  });

  it('gives the longest time after an election, for faults after which a scenario looked for it', () => {
    const recoveries = new PartitionRecoveries();
    recoveries.fault(0, [0, 1]);
    recoveries.accepted('0:1', 1, 9_000);
    const fault = recoveries.fault(10_000, [0, 1]);
    fault.electedAt = 12_000;
    recoveries.accepted('0:2', 10_001, 12_300);
    recoveries.accepted('1:1', 10_002, 11_900); // before every node knew
    expect(recoveries.pauses).toMatchObject({ affectedMs: 9_000, afterElectionMs: 300 });
  });
});
