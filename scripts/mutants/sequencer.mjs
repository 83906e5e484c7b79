/** jest runs the files in the order of MUTANT_TESTS. */
import Sequencer from '@jest/test-sequencer';

const order = (process.env.MUTANT_TESTS ?? '').split(',');

export default class extends Sequencer {
  sort(tests) {
    const place = ({ path }) => order.findIndex((file) => path.endsWith(`/${file}`));
    return [...tests].sort((a, b) => place(a) - place(b));
  }
}
