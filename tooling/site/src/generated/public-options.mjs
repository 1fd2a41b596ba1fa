import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * @typedef {object} Option
 * @property {string} name
 * @property {string} type as in the source
 * @property {boolean} required
 * @property {string} doc
 * @property {string} defaultValue empty where the comment names none
 *
 * @typedef {object} OptionGroup an exported interface of options
 * @property {string} package
 * @property {string} name
 * @property {string} doc
 * @property {readonly string[]} inherits names of the interfaces whose options it has as well
 * @property {readonly Option[]} options
 */

/**
 * Every interface of options that an entry point of a published package exports, read from the sources.
 *
 * @param {string} root the repository
 * @returns {readonly OptionGroup[]}
 */
export function publicOptions(root) {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const source = join(root, 'packages', name, 'src');
    const groups = entryPointsIn(source).flatMap((entryPoint) =>
      exportedFrom(entryPoint).flatMap((found) => groupOf(found, name)),
    );
    const inherited = groups.flatMap((group) => ancestors(group, source));
    return [...new Map([...groups, ...inherited].map((group) => [group.name, group])).values()];
  });
}

/** The interfaces whose options a group has as well, exported or not. @param {OptionGroup} group @param {string} source @returns {OptionGroup[]} */
function ancestors(group, source) {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).map((file) => join(source, file));
  return group.inherits.flatMap((name) => {
    const file = files.find(
      (one) => one.endsWith('.ts') && readFileSync(one, 'utf8').includes(`export interface ${name} `),
    );
    const found = file === undefined ? [] : groupOf({ name, file }, group.package);
    return found.flatMap((one) => [one, ...ancestors(one, source)]);
  });
}

/** @param {string} source */
function entryPointsIn(source) {
  return ['index.ts', 'bus.ts', 'operate.ts', 'metrics.ts', 'opentelemetry.ts']
    .map((file) => join(source, file))
    .filter((file) => existsSync(file));
}

/** The names of options that an entry point exports, and the files of their declarations. @param {string} entryPoint */
function exportedFrom(entryPoint) {
  return parse(entryPoint).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) return [];
    const from = /** @type {import('typescript').StringLiteral} */ (statement.moduleSpecifier).text;
    const { exportClause } = statement;
    if (!from.startsWith('.') || exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
    const file = join(dirname(entryPoint), from.replace(/\.js$/, '.ts'));
    return exportClause.elements
      .map((element) => element.name.text)
      .filter((name) => /(Options|Policy)$/.test(name))
      .map((name) => ({ name, file }));
  });
}

/** @param {{ name: string, file: string }} exported @param {string} packageName @returns {OptionGroup[]} */
function groupOf({ name, file }, packageName) {
  const declaration = parse(file).statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (declaration === undefined || !ts.isInterfaceDeclaration(declaration)) return [];
  const inherits =
    declaration.heritageClauses?.flatMap(({ types }) => types.map((type) => type.getText())) ?? [];
  const options = declaration.members.flatMap((member) => {
    if (!ts.isPropertySignature(member) || member.type === undefined) return [];
    return [
      {
        name: member.name.getText(),
        type: member.type
          .getText()
          .replace(/^\|\s*/, '')
          .replace(/\s+/g, ' '),
        required: member.questionToken === undefined,
        ...commentOf(member),
      },
    ];
  });
  return [{ package: packageName, name, doc: commentOf(declaration).doc, inherits, options }];
}

/** @param {import('typescript').Node} node */
function commentOf(node) {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter((one) => ts.isJSDoc(one));
  const tag = comment?.tags?.find(({ tagName }) => tagName.text === 'defaultValue');
  return { doc: textOf(comment?.comment), defaultValue: textOf(tag?.comment) };
}

/** @param {string | import('typescript').NodeArray<import('typescript').JSDocComment> | undefined} comment */
function textOf(comment) {
  return (ts.getTextOfJSDocComment(comment) ?? '').replace(/\s+/g, ' ').trim();
}

/** @param {string} file */
function parse(file) {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}
