import ts from 'typescript';

/**
 * The regular expressions that stand inside the argument of `toMatchObject`, as `line: text`. There vitest compares their
 * own properties, of which they have none, and so accepts every value; `expect.stringMatching` compares the text.
 */
export function barePatterns(source: string): readonly string[] {
  const file = ts.createSourceFile('test.ts', source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node, isCompared: boolean): void => {
    if (isCompared && ts.isRegularExpressionLiteral(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${line + 1}: ${node.text}`);
    }
    const called =
      ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)
        ? node.expression.name.text
        : undefined;
    const isArgument = called === undefined ? isCompared : called === 'toMatchObject';
    node.forEachChild((child) => visit(child, isArgument));
  };
  visit(file, false);
  return found;
}
