import { catalogEventTypes } from '@openedx-ts/events-catalog/loader';
import { describe, expect, it } from 'vitest';
import { collected, run } from '../run.test-support.js';

describe('catalog list', () => {
  it('has a JSON object a line for every event of Open edX, each with its name', async () => {
    const { code, stdout, stderr } = await run(['catalog', 'list', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(events.map(({ event_type }) => event_type)).toEqual(catalogEventTypes);
    expect(events.filter(({ name }) => !/^[A-Z][A-Z_]+$/.test(String(name)))).toEqual([]);
    expect(events[0]).toEqual({
      event_type: 'org.openedx.analytics.tracking.event.emitted.v1',
      name: 'TRACKING_EVENT_EMITTED',
      subdomain: 'analytics',
      minor_version: 0,
      doc: 'An entry was written to the tracking log.',
      key_field: 'tracking_log.name',
      pii: ['other'],
      produced_by: ['openedx/event-tracking'],
      since: '9.1.0',
      deprecated: null,
      local_only: null,
    });
  });

  it('is a table for people', async () => {
    const { stdout } = await run(['catalog', 'list']);
    const [head = '', first = '', ...rest] = stdout.trimEnd().split('\n');
    expect(rest).toHaveLength(80);
    expect(head).toMatch(/^EVENT TYPE +SINCE +PII +DOC$/);
    expect(first).toMatch(/^org\.openedx\.analytics\.tracking\.event\.emitted\.v1 +9\.1\.0 +yes +An entry/);
    expect(head.indexOf('DOC')).toBe(first.indexOf('An entry'));
    expect(stdout).toContain('(local only) ');
  });

  it('keeps to the width of a terminal', async () => {
    const { stream, text } = collected();
    await run(['catalog', 'list'], { stdout: Object.assign(stream, { columns: 100 }) });
    const lines = text().trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBe(100);
    expect(lines[1]?.endsWith('…')).toBe(true);
  });

  it.each(['content_authoring', 'content-authoring'])('shows the subdomain %s alone', async (subdomain) => {
    const { stdout } = await run(['catalog', 'list', '--subdomain', subdomain, '--json']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as { subdomain: string });
    expect(new Set(events.map((event) => event.subdomain))).toEqual(new Set(['content_authoring']));
  });

  it('names the nearest subdomain for one that is unknown', async () => {
    const { code, stdout, stderr } = await run(['catalog', 'list', '--subdomain', 'lerning']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('did you mean learning?');
  });
});
