/** The error that the commands throw on purpose: a sentence for people, printed without a stack. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
}

/** An error with several problems, each on its own line. */
export function listOf(heading: string, problems: readonly string[]): DeployError {
  return new DeployError([heading, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
}
