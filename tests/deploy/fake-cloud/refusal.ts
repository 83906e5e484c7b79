/** How the fake cloud refuses: as the cloud API does, with a code that the vendor lists for the action. */
import { isListedFor } from '../vendor/codes';

export class Refusal extends Error {
  readonly #codes: readonly string[];

  /** Several codes: the first that the vendor lists for the action counts, because lists differ between actions. */
  constructor(codes: string | readonly string[], message: string) {
    super(message);
    this.#codes = typeof codes === 'string' ? [codes] : codes;
  }

  /** `action` as in `scf:CreateFunction`. Throws Error if the vendor lists none of the codes for it. */
  codeFor(action: string): string {
    const code = this.#codes.find((candidate) => isListedFor(action, candidate));
    if (code === undefined) throw new Error(`the vendor lists no ${this.#codes.join(', ')} for ${action}`);
    return code;
  }
}
