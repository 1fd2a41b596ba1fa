import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparedVersions } from './compared-versions.js';
import { versionComparison } from './version-comparison.js';

const page = readFileSync(new URL('../../../docs/reference/open-edx-releases.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('the page of Open edX releases', () => {
  it('has a row for each version of openedx-events', () => {
    expect(rows.map(([version]) => version)).toEqual(comparedVersions.map(({ version }) => version));
  });

  it('counts each of the 73 events that may be sent once, and names each that differs', () => {
    for (const [version, , ...counts] of rows) {
      const [, withSchema = 0, same = 0, different = 0, notThere = 0] = counts.map(Number);
      expect(same + different, version).toBe(withSchema);
      expect(withSchema + notThere, version).toBe(73);
      const named = page.split('\n').filter((line) => line.startsWith(`- ${version}: `));
      expect(named, version).toHaveLength(different);
    }
  });

  it('has all 73 schemas of the newest version the same', () => {
    expect(rows.at(-1)).toEqual(['11.2.0', '–', '75', '73', '73', '0', '0']);
  });
});

describe('a comparison with a version', () => {
  const schema = (type: string, ...fields: object[]) =>
    JSON.stringify({ name: 'CloudEvent', type: 'record', namespace: type, fields });
  const id = { name: 'id', type: 'long' };

  it('separates the same, the different and the missing, with what Avro cannot resolve', () => {
    const theirs = {
      same: { is_listed_unserializable: false, schema: schema('same', id) },
      other: { is_listed_unserializable: false, schema: schema('other', { name: 'id', type: 'string' }) },
      none: { is_listed_unserializable: true, problem: 'no schema' },
    };
    const ours = new Map(['same', 'other', 'none', 'later'].map((type) => [type, schema(type, id)]));
    const { events, same, different, notThere } = versionComparison(theirs, ours);
    expect({ events, same, notThere }).toEqual({ events: 3, same: ['same'], notThere: ['none', 'later'] });
    expect(different).toEqual([
      {
        eventType: 'other',
        problems: [expect.stringMatching(/^from Python, id: /), expect.stringMatching(/^to Python, id: /)],
      },
    ]);
  });
});
