import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, inject, it } from 'vitest';
import { problemsOfPackage } from '../release/problems-of-package.mjs';
import { tarballLimits } from '../release/size-limits.mjs';
import { root } from '../setup/paths.mjs';
import { runCaptured } from '../setup/run-captured.mjs';
import { publicPackages, readManifest } from './public-packages.js';

const { packages } = inject('packed');
const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');

describe('published packages', () => {
  it('are all here', () => {
    const scope = '@openedx-ts';
    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        `${scope}/event-bus-memory`,
        `${scope}/events-avro`,
        `${scope}/events-catalog`,
        `${scope}/events-cli`,
        `${scope}/events-core`,
        `${scope}/events-testing`,
        `${scope}/opaque-keys`,
      ]),
    );
  });

  it('leave events-core without dependencies', () => {
    const core = packages.find(({ name }) => name === '@openedx-ts/events-core');
    expect(readManifest(core?.installed ?? '').dependencies ?? {}).toEqual({});
  });

  it('bring the command openedx-events', () => {
    const cli = packages.find(({ name }) => name === '@openedx-ts/events-cli');
    expect(readManifest(cli?.installed ?? '').bin).toHaveProperty('openedx-events');
  });
});

describe.for(packages)('$name', ({ name, tarball, installed }) => {
  it('pleases publint', async () => {
    const pack = { tarball: arrayBuffer(readFileSync(tarball)) };
    const { messages, pkg } = await publint({ pack, strict: true });
    const complaints = messages.filter(({ type }) => type !== 'suggestion');
    expect(complaints.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has types for every way of importing it', async () => {
    const options = ['--profile', 'esm-only', '--no-definitely-typed', '--no-color', '--format', 'ascii'];
    const run = await runCaptured(process.execPath, [attw, tarball, ...options]);
    expect(run.code, run.output).toBe(0);
  });

  it('holds what it needs, no tests, and links that lead somewhere', () => {
    expect(problemsOfPackage(installed)).toEqual([]);
  });

  it('is not larger than its limit', () => {
    expect(statSync(tarball).size / 1024).toBeLessThanOrEqual(tarballLimits[name] ?? 0);
  });

  it('asks for its siblings by a version that exists', () => {
    const { dependencies, peerDependencies } = readManifest(installed);
    const versions = new Map(publicPackages().map(({ manifest }) => [manifest.name, manifest.version]));
    for (const [other, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
      if (other.startsWith('@openedx-ts/'))
        expect(range, `${name} → ${other}`).toBe(`^${versions.get(other)}`);
    }
  });
});

function arrayBuffer({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
