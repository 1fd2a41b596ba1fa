import { describe, expect, it } from 'vitest';
import { catalogEvents } from './catalog-events.js';
import { compareCatalog } from './compare-catalog.js';
import type { ComparedEvents } from './compared-event.js';
import { eventDifferences } from './event-differences.js';

const type = 'org.openedx.learning.badge.awarded.v1';
const badge = catalogEvents()[type] as ComparedEvents[string];
const changed = (change: Partial<ComparedEvents[string]>) => ({ [type]: { ...badge, ...change } });

describe('a comparison with wheels', () => {
  it('finds no difference between an event and itself', () => {
    expect(eventDifferences({ [type]: badge }, { [type]: badge })).toEqual([]);
  });

  it.each<[string, Partial<ComparedEvents[string]>, string]>([
    ['another name', { name: 'BADGE_GIVEN' }, 'its name is BADGE_GIVEN in the wheel, BADGE_AWARDED here'],
    ['another minor version', { minor_version: 1 }, 'its minor version is 1 in the wheel, 0 here'],
    [
      'a missing field',
      { fields: badge.fields.slice(0, -1) },
      'badge.template.image_url is missing in the wheel, str | None here',
    ],
    [
      'a new field',
      { fields: [...badge.fields, ['badge.level', 'int']] },
      'badge.level is int in the wheel, missing here',
    ],
    [
      'another type',
      { fields: badge.fields.map(([path, kind]) => [path, path === 'badge.uuid' ? 'UUID' : kind]) },
      'badge.uuid is UUID in the wheel, str here',
    ],
    [
      'another default',
      { fields: badge.fields.map(([path, kind]) => [path, path === 'badge.user.pii.name' ? 'str' : kind]) },
      'badge.user.pii.name is str in the wheel, str = "" here',
    ],
  ])('names %s', (_, change, difference) => {
    expect(eventDifferences(changed(change), { [type]: badge })).toEqual([`${type}: ${difference}`]);
  });

  it('names another order of fields', () => {
    const fields = [...badge.fields].reverse();
    expect(eventDifferences(changed({ fields }), { [type]: badge })).toEqual([
      expect.stringMatching(/the order of its fields is badge\.template\.image_url,.* in the wheel, badge,/),
    ]);
  });

  it('names an intended difference that no longer exists', () => {
    const ours = catalogEvents();
    expect(compareCatalog(ours, ours)).toEqual([
      expect.stringMatching(/^no longer so: .*certificate_config\.changed\.v1.*BinaryIO/),
      expect.stringMatching(/^no longer so: .*certificate_config\.deleted\.v1.*BinaryIO/),
      expect.stringMatching(/^no longer so: .*discussions\.configuration.*<class 'dict'>/),
    ]);
  });
});
