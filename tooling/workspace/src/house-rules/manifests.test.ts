import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publicPackages } from '../packed/public-packages.js';
import { repositoryUrl } from '../release/repository.mjs';
import { tarballLimits } from '../release/size-limits.mjs';
import { root } from '../setup/paths.mjs';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

describe.each(publicPackages())('$manifest.name', ({ folder }) => {
  const directory = `packages/${basename(folder)}`;
  const manifest = read(join(folder, 'package.json'));

  it('shows a reader of the registry its repository, home page, issues and keywords', () => {
    expect(manifest).toMatchObject({
      repository: { type: 'git', url: `git+${repositoryUrl}.git`, directory },
      homepage: `${repositoryUrl}/tree/main/${directory}#readme`,
      bugs: `${repositoryUrl}/issues`,
      keywords: expect.arrayContaining(['open-edx', 'events']) as unknown,
    });
  });

  it('is published for everybody, with provenance', () => {
    expect(manifest.publishConfig).toMatchObject({ access: 'public', provenance: true });
  });

  it('has a limit of size', () => {
    expect(Object.keys(tarballLimits)).toContain(manifest.name);
  });

  it('has types for each entry point in CommonJS with moduleResolution node10', () => {
    const { exports, main, types, typesVersions } = manifest as unknown as NodeTenManifest;
    const { '.': entryPoint, ...others } = exports;
    expect({ main, types }).toEqual({ main: entryPoint?.default, types: entryPoint?.types });
    const subpaths = Object.entries(others).flatMap(([subpath, target]) =>
      target.types === undefined ? [] : [[subpath.slice(2), [target.types]] as const],
    );
    expect(typesVersions?.['*'] ?? {}).toEqual(Object.fromEntries(subpaths));
  });

  it('is 1.0.0 in the first release', () => {
    // Else a minor version of core makes every package that has it as a peer a major one, under 0.x.
    const first = join(root, '.changeset/first-release.md');
    if (existsSync(first)) {
      expect(readFileSync(first, 'utf8')).toContain(`'${String(manifest.name)}': major\n`);
    } else {
      expect(Number.parseInt(String(manifest.version), 10)).toBeGreaterThanOrEqual(1);
    }
  });
});

/** What TypeScript looks at with `moduleResolution: node10`, which knows no `exports`. */
interface NodeTenManifest {
  readonly exports: Readonly<Record<string, { readonly types?: string; readonly default?: string }>>;
  readonly main?: string;
  readonly types?: string;
  readonly typesVersions?: { readonly '*': Readonly<Record<string, readonly string[]>> };
}
