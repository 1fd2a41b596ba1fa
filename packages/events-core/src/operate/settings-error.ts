import { InvalidOptionsError } from '../errors/configuration-errors.js';

/**
 * Names the environment's variables in the error of options that were read from them: whoever set a variable does not know
 * the option. Any other error is returned as it is.
 *
 * @param subject whose settings are wrong, e.g. `Redis settings`
 * @param variables the variable of each option, by its path
 */
export function settingsError(
  error: unknown,
  subject: string,
  variables: Readonly<Record<string, string>>,
): unknown {
  if (!(error instanceof InvalidOptionsError)) return error;
  const issues = error.issues.map(({ path, message }) => {
    const variable = variables[path];
    return variable === undefined
      ? { path, message }
      : { path: variable, message: message.replace(` (${variable})`, '') };
  });
  return new InvalidOptionsError(subject, issues, { cause: error });
}
