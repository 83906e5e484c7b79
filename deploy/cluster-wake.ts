/** Wakes a paused cluster: it refuses work on its accounts while it is paused. */
import { minutes } from './clock';
import { orAbsent } from './cloud';
import type { Context } from './context';
import { waitFor } from './wait';

export async function wake({ cloud, ...context }: Context, id: string): Promise<void> {
  let asked = false;
  const waiting = { what: `cluster ${id} to wake`, timeout: minutes(5), usually: 'half a minute' };
  await waitFor(context, waiting, async () => {
    const detail = (await orAbsent(cloud.cynosdb('DescribeClusterDetail', { ClusterId: id })))?.Detail;
    const status = detail?.ServerlessStatus ?? '';
    if (status === 'pause' && !asked) {
      await cloud.cynosdb('ResumeServerless', { ClusterId: id });
      asked = true;
    }
    return detail && (status === '' || status === 'resume') ? true : undefined;
  });
}
