import { afterEach, describe, expect, it, vi } from 'vitest';
import { compressRecords } from './compress-records.js';
import { decompressRecords } from './decompress-records.js';
import { foreignBatches } from './foreign-batches.test-support.js';
import { MissingCodecError } from './missing-codec-error.js';
import { zstdOfPackage } from './zstd-of-package.js';

const records = Buffer.from(foreignBatches['zstd of Java'] as string, 'base64').subarray(61);

describe('zstdOfPackage', () => {
  afterEach(() => {
    vi.doUnmock('@bokuweb/zstd-wasm');
  });

  it('reads a frame that declares no size, and stops at the limit', async () => {
    const codec = await zstdOfPackage();
    expect(await codec.decompress(records, 10_000)).toHaveLength(3_263);
    await expect(codec.decompress(records, 3_000)).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' });
  });

  it('names what to install when the package is missing, and finds it once it is there', async () => {
    vi.resetModules();
    vi.doMock('@bokuweb/zstd-wasm', () => {
      throw new Error('Cannot find package');
    });
    const { zstdOfPackage: missing } = await import('./zstd-of-package.js');
    await expect(missing()).rejects.toThrow(
      'the codec zstd is missing: use Node 22.15 or newer, or install it with npm install @bokuweb/zstd-wasm',
    );
    await expect(missing()).rejects.toMatchObject({ code: 'EVENT_BUS_KAFKA_MISSING_CODEC' });
    vi.doUnmock('@bokuweb/zstd-wasm');
    expect(await (await missing()).decompress(records, 10_000)).toHaveLength(3_263);
  });

  it('does not call a good batch damaged after the package was initialised again, which breaks it', async () => {
    vi.resetModules();
    let isBroken = false;
    vi.doMock('@bokuweb/zstd-wasm', () => ({
      init: async () => {},
      compress: () => Buffer.from(isBroken ? '000000000000000000' : '28b52ffd2000010000', 'hex'),
      decompress: () => {
        throw new Error('Failed to compress with code -10');
      },
    }));
    const codec = await (await import('./zstd-of-package.js')).zstdOfPackage();
    await expect(codec.decompress(records, 10_000)).rejects.toThrow('code -10');
    isBroken = true;
    const reason = /does not work: something else in this process has initialised/;
    await expect(codec.decompress(records, 10_000)).rejects.toThrow(reason);
    await expect(codec.compress(records)).rejects.toThrow(reason);
  });

  it('errors of a missing codec are not reported as damage', async () => {
    vi.resetModules();
    vi.doMock('./zstd.js', () => ({ zstd: () => Promise.reject(new MissingCodecError('is missing')) }));
    const { decompressRecords: decompress } = await import('./decompress-records.js');
    await expect(decompress('zstd', records, 10_000)).rejects.toThrow('the codec zstd is missing');
    vi.doUnmock('./zstd.js');
    expect(await decompressRecords('zstd', records, 10_000)).toHaveLength(3_263);
    expect(await compressRecords('zstd', records)).toBeInstanceOf(Uint8Array);
  });
});
