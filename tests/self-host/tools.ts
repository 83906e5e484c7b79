/** Programs of the operating system that some tests run. */
import { spawnSync } from 'node:child_process';

const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;

/** A describe() that is skipped with a warning if the program is missing; a failure if CI=true, which installs it. */
export function whereThereIs(program: string, body: () => void): void {
  if (spawnSync(program, ['--version'], { env: { PATH }, stdio: 'ignore' }).status === 0) {
    describe(`with ${program}`, body);
    return;
  }
  const warning = `${program} is not here: what docs/self-host.md says of it is NOT TESTED.`;
  if (process.env['CI'] === 'true') {
    test(`${program} is here`, () => {
      throw new Error(warning);
    });
    return;
  }
  process.stderr.write(`\n*** ${warning} ***\n\n`);
  describe.skip(`with ${program}`, body);
}
