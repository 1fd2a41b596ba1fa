import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../setup/paths.mjs';
import { copyManifests } from './copy-workspace.mjs';
import { writeVersions } from './write-versions.mjs';

const scope = '@openedx-ts/';

describe('the next versions', () => {
  let copy = '';
  beforeEach(() => {
    copy = realpathSync(mkdtempSync(join(tmpdir(), 'openedx-ts-versions-')));
    copyManifests(copy);
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  if (existsSync(join(root, '.changeset/first-release.md'))) {
    it('of the first release are 1.0.0 for every package', async () => {
      await writeVersions(copy);
      expect([...new Set(Object.values(versions(copy)))]).toEqual(['1.0.0']);
    });
  }

  it.each([
    ['patch', '1.0.1', '1.0.0', '1.0.0'],
    ['minor', '1.1.0', '1.0.0', '1.0.0'],
    ['major', '2.0.0', '2.0.0', '1.0.1'], // what has core as a peer makes its users change; the command does not
  ])('after a %s of core are %s, of buses %s and of the command %s', async (kind, core, peers, command) => {
    releaseAll(copy, '1.0.0');
    writeFileSync(join(copy, '.changeset/one.md'), `---\n'${scope}events-core': ${kind}\n---\n\nA change.\n`);
    await writeVersions(copy);
    const next = versions(copy);
    const expected = Object.fromEntries(Object.keys(next).map((name) => [name, peers]));
    expect(next).toEqual({
      ...expected,
      'events-core': core,
      'events-cli': command,
      'opaque-keys': '1.0.0',
    });
  });
});

function versions(copy: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(join(copy, 'packages')).map((name) => [name, manifestOf(copy, name).version]),
  );
}

/** As after a release: no changeset is left. */
function releaseAll(copy: string, version: string): void {
  for (const file of readdirSync(join(copy, '.changeset'))) {
    if (file !== 'config.json') rmSync(join(copy, '.changeset', file));
  }
  for (const name of readdirSync(join(copy, 'packages'))) {
    const manifest = { ...manifestOf(copy, name), version };
    writeFileSync(join(copy, 'packages', name, 'package.json'), JSON.stringify(manifest));
  }
}

function manifestOf(copy: string, name: string) {
  return JSON.parse(readFileSync(join(copy, 'packages', name, 'package.json'), 'utf8')) as {
    version: string;
  };
}
