/** jest's own environment (a package of jest's), which also tells mutants.mjs what begins, ends and fails, and what was reached. */
import { relative } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';

/** More than there are mutants. */
const MOST_MUTANTS = 100_000;

export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.file = relative(config.projectConfig.rootDir, context.testPath);
    this.reached = new Uint8Array(MOST_MUTANTS);
    this.global.mutantsReached = this.reached;
    process.send({ began: this.file });
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) process.send({ failed: this.file, test: test.name });
  }

  async teardown() {
    const reached = [];
    for (const [id, mark] of this.reached.entries()) if (mark === 1) reached.push(id);
    process.send({ ended: this.file, reached });
    await super.teardown();
  }
}
