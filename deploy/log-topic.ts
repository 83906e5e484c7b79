/** The CLS topic of the functions' logs, which keeps them for days. */
import { minutes } from './clock';
import { orAbsent } from './cloud';
import { isDuplicate } from './cloud-errors';
import type { Context } from './context';
import { waitFor } from './wait';

export interface LogTopic {
  readonly logsetId: string;
  readonly topicId: string;
}

/** Splits words for the full text index. */
const separators = '@&?|#()=\'",;:<>[]{}/ \n\t\r\\';

async function findLogset({ cloud, settings }: Context): Promise<string | undefined> {
  const { Logsets } = await cloud.cls('DescribeLogsets', {
    Filters: [{ Key: 'logsetName', Values: [settings.name] }],
    Limit: 100,
  });
  return Logsets?.find(({ LogsetName }) => LogsetName === settings.name)?.LogsetId;
}

async function findTopic({ cloud, settings }: Context, logsetId: string) {
  const { Topics } = await cloud.cls('DescribeTopics', {
    Filters: [{ Key: 'logsetId', Values: [logsetId] }],
    Limit: 100,
  });
  return Topics?.find(({ TopicName }) => TopicName === settings.name);
}

/** The topic of this service and stage, or undefined. */
export async function findLogTopic(context: Context): Promise<LogTopic | undefined> {
  const logsetId = await findLogset(context);
  if (logsetId === undefined) return undefined;
  const topicId = (await findTopic(context, logsetId))?.TopicId;
  return topicId === undefined ? undefined : { logsetId, topicId };
}

async function makeLogset(context: Context): Promise<string> {
  const { cloud, settings } = context;
  const found = await findLogset(context);
  if (found !== undefined) return found;
  try {
    return (await cloud.cls('CreateLogset', { LogsetName: settings.name })).LogsetId ?? '';
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return waitFor(context, { what: 'the logset', timeout: minutes(1) }, () => findLogset(context));
  }
}

async function makeTopic(context: Context, logsetId: string): Promise<string> {
  const { cloud, settings } = context;
  const topic = { LogsetId: logsetId, TopicName: settings.name, Period: settings.retentionDays, PartitionCount: 1 };
  try {
    return (await cloud.cls('CreateTopic', topic)).TopicId ?? '';
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const look = async () => (await findTopic(context, logsetId))?.TopicId;
    return waitFor(context, { what: 'the log topic', timeout: minutes(1) }, look);
  }
}

async function makeIndex({ cloud }: Context, topicId: string): Promise<void> {
  const text = (Key: string) => ({
    Key,
    Value: { Type: 'text', Tokenizer: separators, SqlFlag: true, ContainZH: true },
  });
  try {
    await cloud.cls('CreateIndex', {
      TopicId: topicId,
      Status: true,
      Rule: {
        FullText: { CaseSensitive: false, Tokenizer: separators, ContainZH: true },
        KeyValue: {
          CaseSensitive: false,
          KeyValues: ['SCF_FunctionName', 'SCF_RequestId', 'SCF_Message', 'SCF_Type'].map(text),
        },
      },
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/** Makes logset, topic and index if missing, and corrects the retention. */
export async function ensureLogTopic(context: Context): Promise<LogTopic> {
  const { cloud, report, settings } = context;
  return report.step(
    'Log topic',
    async () => {
      const logsetId = await makeLogset(context);
      const found = await findTopic(context, logsetId);
      const topicId = found?.TopicId ?? (await makeTopic(context, logsetId));
      if (found && found.Period !== settings.retentionDays) {
        await cloud.cls('ModifyTopic', { TopicId: topicId, Period: settings.retentionDays });
      }
      if (found?.Index !== true) await makeIndex(context, topicId);
      return { logsetId, topicId };
    },
    ({ topicId }) => `Log topic ${topicId}, kept for ${settings.retentionDays} days`,
  );
}

/** True when there was something to remove. */
export async function removeLogTopic(context: Context): Promise<boolean> {
  const { cloud } = context;
  const logsetId = await findLogset(context);
  if (logsetId === undefined) return false;
  const topicId = (await findTopic(context, logsetId))?.TopicId;
  if (topicId !== undefined) await orAbsent(cloud.cls('DeleteTopic', { TopicId: topicId }));
  await orAbsent(cloud.cls('DeleteLogset', { LogsetId: logsetId }));
  return true;
}
