import { describe, expect, it, vi } from 'vitest';

const node = vi.hoisted(() => ({ zlib: {} as object, from: '', resolve: () => '' }));
vi.mock('node:zlib', () => ({ default: node.zlib }));
vi.mock('node:module', () => ({
  createRequire: (from: string) => {
    node.from = from;
    return { resolve: () => node.resolve() };
  },
}));

describe('hasZstd', () => {
  it('is true with a Node that has it, or with the package', async () => {
    const { hasZstd } = await import('./has-zstd.js');
    expect(hasZstd()).toBe(true);
    expect(node.from).toMatch(/[/\\]driver[/\\]compression[/\\]has-zstd\.ts$/);
    node.resolve = () => {
      throw new Error("Cannot find module '@bokuweb/zstd-wasm'");
    };
    expect(hasZstd()).toBe(false);
    Object.assign(node.zlib, { zstdCompress: () => {} });
    expect(hasZstd()).toBe(true);
  });
});
