import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runHadolint, runKubernetesValidate } from '@openedx-ts/brokers';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../deploy', import.meta.url));

it('the Dockerfile pleases hadolint', async () => {
  const { code, output } = await runHadolint([join(folder, 'Dockerfile')]);
  expect(output).toBe('');
  expect(code).toBe(0);
});

it('the manifests fit the schemas of Kubernetes', async () => {
  const files = readdirSync(join(folder, 'kubernetes')).map((file) => join(folder, 'kubernetes', file));
  const { code, output } = await runKubernetesValidate(['--strict', '--no-warn', ...files]);
  expect(output).not.toMatch(/ERROR|Traceback/);
  expect(code).toBe(0);
});
