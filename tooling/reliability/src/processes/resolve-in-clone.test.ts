import { describe, expect, it } from 'vitest';
import { initialize, resolve } from './resolve-in-clone.js';

const rig = 'file:///here/tooling/reliability/dist/rig.js';
const importerInClone = 'file:///other/tooling/reliability/package.json';

/** Resolves as Node would if the clone had these entry points. @returns what was asked for, and from where */
async function resolved(specifier: string, parentURL: string, exported = [specifier]) {
  await initialize('/other');
  const context = { parentURL, conditions: [], importAssertions: {}, importAttributes: {} };
  const { url } = await resolve(specifier, context, async (name, { parentURL: importer } = {}) => {
    if (!exported.includes(name)) throw Object.assign(new Error(), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
    return { url: `${name} from ${importer}` };
  });
  return url;
}

describe('resolve', () => {
  it('finds the packages that the rig imports in the other clone', async () => {
    expect(await resolved('@openedx-ts/events-core', rig)).toBe(
      `@openedx-ts/events-core from ${importerInClone}`,
    );
  });

  it('uses the main entry point of a package that does not have the one asked for', async () => {
    expect(await resolved('@openedx-ts/events-core/operate', rig, ['@openedx-ts/events-core'])).toBe(
      `@openedx-ts/events-core from ${importerInClone}`,
    );
  });

  it.each([
    [
      'what packages of the clone import',
      '@openedx-ts/opaque-keys',
      'file:///other/packages/x/dist/index.js',
    ],
    ['other packages', 'ioredis', rig],
  ])('leaves %s where it is', async (_, specifier, parentURL) => {
    expect(await resolved(specifier, parentURL)).toBe(`${specifier} from ${parentURL}`);
  });
});
