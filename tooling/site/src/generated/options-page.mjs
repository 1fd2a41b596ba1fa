import { publicOptions } from './public-options.mjs';

/**
 * The page of every option of the published packages, from the comments in the sources.
 *
 * @param {string} root the repository
 * @returns {string}
 */
export function optionsPage(root) {
  const groups = publicOptions(root).filter(({ options, inherits }) => options.length + inherits.length > 0);
  const packages = [...new Set(groups.map((group) => group.package))];
  const sections = packages.flatMap((name) => [
    `## ${name}`,
    ...groups.filter((group) => group.package === name).map((group) => section(group)),
  ]);
  return `${[head, ...sections].join('\n\n')}\n`;
}

const head = `# Options

Every option that a published package has, written from the comments in its sources (\`node tooling/site/write-options.mjs\`). Durations end in \`Ms\` and are in milliseconds, sizes end in \`Bytes\`. Unknown and malformed options are refused at the start, all together, with the nearest known name. What environment variables set: [settings](settings.md).`;

/** @param {import('./public-options.mjs').OptionGroup} group */
function section({ name, doc, inherits, options }) {
  const text = [doc, ...inherited(inherits)];
  const rows = options.map(
    (option) =>
      `| \`${option.name}\` | ${code(option.type)} | ${cell(option.doc)} | ${option.required ? '**required**' : cell(option.defaultValue)} |`,
  );
  const table =
    rows.length === 0
      ? []
      : [['| option | type | what it does | default |', '|---|---|---|---|', ...rows].join('\n')];
  return [`### ${name}`, text.join(' '), ...table].join('\n\n');
}

/** Sentences about the options of other interfaces. @param {readonly string[]} inherits as in the source @returns {string[]} */
function inherited(inherits) {
  const picked = inherits.filter((one) => one.startsWith('Pick<'));
  const names = picked.flatMap((one) => [...one.matchAll(/'(\w+)'/g)].map(([, name]) => `\`${name}\``));
  const whole = inherits
    .filter((one) => !picked.includes(one))
    .map((one) => one.replace(/^Omit<(\w+).*$/, '$1'))
    .map((one) => `[\`${one}\`](#${one.toLowerCase()})`);
  return [
    ...(whole.length > 0 ? [`Also has the options of ${whole.join(', ')}.`] : []),
    ...(names.length > 0 ? [`Also has ${names.join(', ')}, as the client library defines them.`] : []),
  ];
}

/** @param {string} type */
function code(type) {
  return `\`${type.replace(/ ?\| undefined$/, '').replaceAll('|', '\\|')}\``;
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
