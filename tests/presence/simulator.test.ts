/** Hundreds of phones with bad luck, and callbacks with worse: the lists are right in the end. */
import { onBothDatabases } from '../../testkit/service';
import { simulate } from './support/simulation';

/** SIMULATION_SEED plays another evening, SIMULATION_MINUTES a longer one. */
const seed = Number(process.env['SIMULATION_SEED'] ?? 20_261_123);
const minutes = Number(process.env['SIMULATION_MINUTES'] ?? 3);

onBothDatabases((kind) => {
  test('lists and counts are those of the phones that are alive, and nothing is left over', async () => {
    const figures = await simulate(kind, { seed, anchors: 60, viewers: 180, minutes });
    const { phones, events, checks, lives, wrong } = figures;
    process.stderr.write(
      `simulator on ${kind}: ${phones} phones, ${events} events, ${minutes} minutes simulated, ${checks} checks, ` +
        `${lives} lives opened, wrong answers: ${wrong.length} (SIMULATION_SEED=${seed})\n`,
    );
    expect(wrong.slice(0, 20)).toEqual([]);
  }, 300_000);
});
