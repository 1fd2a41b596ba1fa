import { DateTime } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { startPosition } from './start-position.js';

describe('startPosition', () => {
  it.each(['resume', 'earliest'] as const)('accepts %s', (from) => {
    expect(startPosition(from)).toBe(from);
  });

  it.each(['1718-0', '1679676448892', '0:17'])('accepts the position %s', (from) => {
    expect(startPosition(from)).toEqual({ position: from });
  });

  it('accepts a time with an offset', () => {
    expect(startPosition('2026-01-31T12:00:00+01:00')).toEqual({
      time: DateTime.from('2026-01-31T12:00:00+01:00'),
    });
  });

  it.each(['2026-01-31', '2026-01-31T12:00:00', '2026-13-31T12:00:00Z'])('refuses the time %s', (from) => {
    expect(() => startPosition(from)).toThrow('expected a time with an offset');
  });

  it.each(['latest', 'somewhere'])('refuses %s and names the choices', (from) => {
    expect(() => startPosition(from)).toThrow(
      /expected resume .*, earliest, a time such as .* or a position/,
    );
  });
});
