import { describe, expect, it, vi } from 'vitest';

const node = vi.hoisted(() => ({ zlib: {} as object, resolve: () => '' }));
vi.mock('node:zlib', () => ({ default: node.zlib }));
vi.mock('node:module', () => ({ createRequire: () => ({ resolve: () => node.resolve() }) }));

describe('hasZstd', () => {
  it('is true with a Node that has it, or with the package', async () => {
    const { hasZstd } = await import('./has-zstd.js');
    expect(hasZstd()).toBe(true);
    node.resolve = () => {
      throw new Error("Cannot find module '@bokuweb/zstd-wasm'");
    };
    expect(hasZstd()).toBe(false);
    Object.assign(node.zlib, { zstdCompress: () => {} });
    expect(hasZstd()).toBe(true);
  });
});
