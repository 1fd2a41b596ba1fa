import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runPromtool } from '@openedx-ts/brokers';
import { configureEvents, type TelemetryFact } from '@openedx-ts/events-core';
import { eventMetrics } from '@openedx-ts/events-core/metrics';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../dashboards', import.meta.url));
const alerts = readFileSync(join(folder, 'alerts.yml'), 'utf8');
const dashboard = JSON.parse(readFileSync(join(folder, 'grafana.json'), 'utf8')) as Dashboard;

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly query: string | { readonly query: string } }[] };
}

/** One fact of each kind that a metric counts. */
const facts: readonly TelemetryFact[] = (() => {
  const event = { system: 'kafka', eventType: 'e', topic: 't' };
  const consumed = { ...event, groupId: 'g' };
  const lane = { lane: 't:0', groupId: 'g' };
  const error = new Error('refused');
  const failed = { ...consumed, code: 'C', durationMs: 1 };
  return [
    { type: 'event.published', ...event, durationMs: 1 },
    { type: 'event.publish-failed', ...event, durationMs: 1, error },
    { type: 'event.handled', ...consumed, attempts: 1, durationMs: 1, sentAt: null },
    { type: 'event.dead-lettered', ...failed },
    { type: 'event.dropped', ...failed, receiver: null },
    { type: 'event.skipped', ...consumed, reason: 'tombstone' },
    { type: 'event.retried', ...consumed, attempt: 1, error },
    { type: 'event.unverified', ...consumed },
    { type: 'receiver.failed', eventType: 'e', eventId: 'i', receiver: 'r', error },
    { type: 'events.lost', ...lane, count: 3, reason: 'trimmed' },
    { type: 'consumer.paused', ...lane, eventType: null, error },
    { type: 'consumer.stalled', ...lane, stage: 'read', receiver: null, eventType: null },
    { type: 'consumer.lag', ...lane, lag: 1, pending: 2, distanceToTrim: 3 },
    { type: 'consumer.oldest-age', ...lane, ageMs: 1 },
    { type: 'outbox.published', topic: 't', count: 1, durationMs: 1 },
    { type: 'outbox.state', pending: 1, oldestAgeMs: 1, parked: 1, holder: null },
  ];
})();

/** What Prometheus reads from a process in which everything has happened. */
function everythingAsText(): string {
  const metrics = eventMetrics();
  using _settings = configureEvents({ telemetry: metrics });
  for (const fact of facts) metrics.record(fact);
  return metrics.metricsText();
}

/** The labels of each metric, by its name. */
function emitted(): ReadonlyMap<string, ReadonlySet<string>> {
  const labels = new Map<string, Set<string>>();
  for (const [, name = '', pairs = ''] of everythingAsText().matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const known = labels.get(name) ?? new Set();
    for (const [, label = ''] of pairs.matchAll(/(\w+)="/g)) known.add(label);
    labels.set(name, known);
  }
  return labels;
}

const panelQueries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }): [string, string] => [title, expr]),
);
const alertQueries = [
  ...alerts.matchAll(/- alert: (\w+)\n\s+expr: (?:>-\n)?([\s\S]*?)\n\s+(?:for|labels):/g),
].map(([, name = '', expr = '']): [string, string] => [name, expr]);
const metricName = /\b(?:messaging|openedx_events)_\w+/g;

describe('dashboards', () => {
  it('has queries to check', () => {
    expect([panelQueries.length, alertQueries.length]).toEqual([26, 9]);
  });

  it.each([...panelQueries, ...alertQueries])(
    '%s asks for metrics and labels that are emitted',
    (_, query) => {
      const known = emitted();
      const outsideBraces = query.replace(/\{[^}]*\}|by \([^)]*\)/g, '');
      const metrics = outsideBraces.match(metricName) ?? [];
      expect(metrics).not.toEqual([]);
      expect(metrics.filter((name) => !known.has(name))).toEqual([]);
      const ofMetrics = new Set(metrics.flatMap((name) => [...(known.get(name) ?? [])]));
      const inLabels = [...query.matchAll(/\{([^}]*)\}|by \(([^)]*)\)/g)].flatMap(
        ([, matchers = '', by = '']) =>
          [...matchers.matchAll(/(\w+)[=!]/g)].map(([, name]) => name).concat(by.split(/, */)),
      );
      expect(inLabels.filter((name) => name !== '' && !ofMetrics.has(name as string))).toEqual([]);
    },
  );

  it('shows every metric that is emitted', () => {
    const shown = new Set(panelQueries.flatMap(([, query]) => query.match(metricName) ?? []));
    const missing = [...emitted().keys()].filter((name) => !shown.has(name) && !/_(sum|count)$/.test(name));
    // How many events were lost is not always known: how often it happened is shown.
    expect(missing).toEqual(['openedx_events_lost_total']);
  });
});

// Debian's package of Prometheus is large: with npm run test:full.
if (process.env.TEST_SIZE === 'short')
  describe('promtool', { timeout: 300_000 }, () => {
    it('accepts the text of the metrics', async () => {
      expect(await runPromtool(['check', 'metrics'], everythingAsText())).toMatchObject({
        code: 0,
        output: '',
      });
    });

    it('accepts the alert rules, and the queries of the dashboard', async () => {
      expect(await runPromtool(['check', 'rules', join(folder, 'alerts.yml')])).toMatchObject({ code: 0 });
      const home = mkdtempSync(join(tmpdir(), 'openedx-events-promtool-'));
      const rules = panelQueries.map(([, expr], index) => ({
        record: `panel_${index}`,
        expr: expr.replaceAll('$__rate_interval', '5m').replaceAll(/\$(group|topic)/g, '.*'),
      }));
      const file = join(home, 'panels.yml');
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
      const { code, output } = await runPromtool(['check', 'rules', file]);
      rmSync(home, { recursive: true });
      expect([code, output]).toEqual([0, expect.stringContaining(`${panelQueries.length} rules found`)]);
    });
  });
