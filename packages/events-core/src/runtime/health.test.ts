import { describe, expect, it } from 'vitest';
import { combineHealth } from './health.js';

const well = { live: true, ready: true, reasons: [] };

describe('combineHealth', () => {
  it('is well when all parts are, or when there is none', () => {
    expect(combineHealth([well, well])).toEqual(well);
    expect(combineHealth([])).toEqual(well);
  });

  it('is as ready and as live as the worst part, with every reason', () => {
    const waiting = { live: true, ready: false, reasons: ['the broker is unreachable'] };
    const failed = { live: false, ready: false, reasons: ['it failed', 'for good'] };
    expect(combineHealth([well, waiting])).toEqual(waiting);
    expect(combineHealth([waiting, failed])).toEqual({
      live: false,
      ready: false,
      reasons: ['the broker is unreachable', 'it failed', 'for good'],
    });
  });
});
