import type { SoakResult } from './soak-result.js';

/** A soak in which all is well. */
export const fineSoak: SoakResult = {
  scenario: 'soak',
  bus: 'redis',
  seed: 7,
  perSecond: 2_000,
  offered: 3_600_000,
  accepted: 3_600_000,
  rejected: 0,
  handled: 3_600_000,
  lost: 0,
  ghosts: 0,
  duplicates: 0,
  slowestSendMs: 12,
  durationMs: 1_800_000,
  warmUpMs: 300_000,
  processes: [
    {
      life: 'producer',
      samples: 150,
      heapMbPerHour: { slope: -0.1, lower: -0.25, upper: 0.05 },
      heapUsedMb: { first: 12.3, last: 12.25 },
      externalMb: { first: 3, last: 3 },
      arrayBuffersMb: { first: 0.1, last: 0.1 },
      rssMb: { first: 90, last: 91 },
      counts: { 'handles TCPSocketWrap': { first: 2, last: 2 } },
    },
  ],
  left: { stored: 100_000, pending: 0, unread: 0 },
  badEnds: [],
  broken: [],
};
