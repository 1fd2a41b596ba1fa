import { allSignals, findSignal } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { catalogEventTypes, loadCatalogSignal } from './loader.js';

const badgeAwarded = 'org.openedx.learning.badge.awarded.v1';

// The tests build on one another: they share the process's registry, which starts empty.
describe('loadCatalogSignal', () => {
  it('loads nothing on import', () => {
    expect(allSignals()).toEqual([]);
  });

  it('loads only the requested event', async () => {
    const signal = await loadCatalogSignal(badgeAwarded);
    expect(signal?.eventType).toBe(badgeAwarded);
    expect(allSignals().map(({ eventType }) => eventType)).toEqual([badgeAwarded]);
  });

  it('returns the registered signal, however often it is asked', async () => {
    expect(await loadCatalogSignal(badgeAwarded)).toBe(findSignal(badgeAwarded));
    expect(await loadCatalogSignal(badgeAwarded)).toBe(await loadCatalogSignal(badgeAwarded));
  });

  it.each(['org.example.shop.order.placed.v1', '__proto__', 'toString', ''])(
    'gives undefined for "%s"',
    async (eventType) => {
      expect(await loadCatalogSignal(eventType)).toBeUndefined();
    },
  );

  it('finds under every event type the event of that type', async () => {
    for (const eventType of catalogEventTypes) {
      expect(await loadCatalogSignal(eventType)).toHaveProperty('eventType', eventType);
    }
  });
});

describe('catalogEventTypes', () => {
  it('lists all 81, each once, and cannot be changed', () => {
    expect(catalogEventTypes).toHaveLength(81);
    expect(new Set(catalogEventTypes).size).toBe(81);
    expect(catalogEventTypes).toSatisfy(Object.isFrozen);
  });
});
