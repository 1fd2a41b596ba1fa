import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !/\.(?:test|test-support)\.ts$/.test(path));
const importsKafkajs = (path: string) =>
  /(?:from|import|require)\s*\(?\s*['"]kafkajs(?:\/|['"])/.test(readFileSync(`${source}${path}`, 'utf8'));

it('keeps kafkajs in the folder driver/', () => {
  const importers = files.filter(importsKafkajs);
  expect(importers).toContain('driver/kafkajs-client.ts'); // the search finds what is there
  expect(importers.filter((path) => !path.startsWith('driver/'))).toStrictEqual([]);
});
