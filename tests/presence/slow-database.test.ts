/** The vendors wait for an answer: they get one within a second also while the database hangs, and the truth in it. */

import { lived } from '../../testkit/lived';
import { describeWithMysql, startMysqlServer } from '../../testkit/mysql-server';
import { startService, whenReady } from '../../testkit/service';
import { CALLBACK_ENV, imCallback, roomEvent, stateChange, trtcCallback } from '../../testkit/vendor';

describeWithMysql('a database that hangs', () => {
  test('callbacks are answered 503 within a second, and 200 when it is back', async () => {
    const server = await startMysqlServer();
    const env = { ...CALLBACK_ENV, ...server.env(server.createDatabaseName()) };
    const service = await startService('sqlite', { env });
    const at = service.clock.now();
    // Creating the schema is not limited here.
    await whenReady(service);
    const both = async () => {
      const answers = [
        imCallback(service, stateChange('1', 'Disconnect', at)),
        trtcCallback(service, roomEvent({ type: 104, roomId: 1, userId: '1', at })),
      ];
      const { result, ms } = await lived(Promise.all(answers));
      return { statuses: result.map(({ status }) => status), ms };
    };
    try {
      expect((await both()).statuses).toEqual([200, 200]);
      await server.freeze();
      const hanging = await both();
      expect(hanging.statuses).toEqual([503, 503]);
      expect(hanging.ms).toBeLessThan(1_000);
      expect(service.lines.filter((line) => line.includes('callback_not_stored'))).toHaveLength(2);
      server.thaw();
      expect((await both()).statuses).toEqual([200, 200]);
    } finally {
      server.thaw();
      await service.close();
      await server.stop();
    }
  });
});
