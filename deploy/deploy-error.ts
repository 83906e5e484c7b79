/** The one error that the commands throw on purpose: a sentence for a person, printed without a stack. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
}

/** Several things are wrong at once: each on its own line. */
export function listOf(heading: string, problems: readonly string[]): DeployError {
  return new DeployError([heading, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
}
