import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { copyServices } from './copy-services.mjs';

const target = mkdtempSync(join(tmpdir(), 'openedx-ts-services-'));
afterEach(() => rmSync(target, { recursive: true, force: true }));

it('copies the services with versions of packages that npm can install, and without tests', () => {
  copyServices(target);
  const manifest = JSON.parse(readFileSync(join(target, 'enrollment-service/package.json'), 'utf8'));
  expect(manifest.dependencies['@openedx-ts/events-core']).toMatch(/^\^\d+\.\d+\.\d+$/);
  expect(JSON.stringify(manifest)).not.toContain('workspace:');
  const files = readdirSync(target, { recursive: true, encoding: 'utf8' });
  expect(files).toContain(join('enrollment-service', 'src', 'main.ts'));
  expect(files.filter((file) => file.includes('.test'))).toEqual([]);
  expect(() => copyServices(target)).toThrow('is not empty');
});
