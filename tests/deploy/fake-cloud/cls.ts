/** cls of the fake cloud: logsets, topics that need an index to be searched, and the lines that functions write. */
import type {
  CreateIndexRequest,
  CreateTopicRequest,
  DescribeLogsetsRequest,
  DescribeTopicsRequest,
  ModifyTopicRequest,
  SearchLogRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_models';
import type { Account } from './account';
import { Refusal } from './refusal';
import { type Handlers, newId } from './world';

interface Topic {
  readonly TopicId: string;
  readonly TopicName: string;
  readonly LogsetId: string;
  Period: number;
  Index: boolean;
  readonly lines: { time: number; fields: Readonly<Record<string, string>> }[];
}

export interface Cls {
  readonly handlers: Handlers;
  resources(): string[];
  /** The lines that the log pipeline of SCF writes. Lines for a topic that is gone are lost. */
  write(topicId: string, fields: Readonly<Record<string, string>>): void;
}

/** `a:"x" OR a:"y"`, plain or in brackets, and words with AND: the part of CQL that `sls logs` uses. */
function matches(fields: Readonly<Record<string, string>>, query: string): boolean {
  return query.split(' AND ').every((part) => {
    const terms = part.replace(/^\(|\)$/g, '').split(' OR ');
    return terms.some((term) => {
      const pair = /^(\w+):"(.*)"$/.exec(term.trim());
      if (pair) return fields[pair[1] ?? ''] === pair[2];
      return Object.values(fields).some((value) => value.includes(term.trim()));
    });
  });
}

export function createCls(account: Account): Cls {
  const logsets = new Map<string, { LogsetId: string; LogsetName: string }>();
  const topics = new Map<string, Topic>();
  const find = (id: string | undefined): Topic => {
    const topic = topics.get(id ?? '');
    if (!topic) throw new Refusal('ResourceNotFound.TopicNotExist', `topic ${id} does not exist`);
    return topic;
  };
  const opened = (handlers: Handlers): Handlers =>
    Object.fromEntries(
      Object.entries(handlers).map(([name, handle]) => [
        name,
        (request: never) => {
          if (!account.logsOpened) throw new Refusal('OperationDenied.AccountNotExists', 'CLS is not opened');
          if (account.pays === 'arrears')
            throw new Refusal('OperationDenied.AccountIsolate', 'the account is in arrears');
          return handle(request);
        },
      ]),
    );
  const handlers: Handlers = opened({
    CreateLogset: ({ LogsetName }: { LogsetName: string }) => {
      if ([...logsets.values()].some((logset) => logset.LogsetName === LogsetName)) {
        throw new Refusal('InvalidParameter.LogsetConflict', `${LogsetName} exists`);
      }
      const LogsetId = newId('logset');
      logsets.set(LogsetId, { LogsetId, LogsetName });
      return { LogsetId };
    },
    DescribeLogsets: ({ Filters }: DescribeLogsetsRequest) => {
      const name = Filters?.find(({ Key }) => Key === 'logsetName')?.Values[0] ?? '';
      const Logsets = [...logsets.values()].filter(({ LogsetName }) => LogsetName.includes(name));
      return { TotalCount: Logsets.length, Logsets };
    },
    DeleteLogset: ({ LogsetId }: { LogsetId: string }) => {
      if ([...topics.values()].some((topic) => topic.LogsetId === LogsetId)) {
        throw new Refusal('FailedOperation.LogsetNotEmpty', 'the logset has topics');
      }
      if (!logsets.delete(LogsetId)) throw new Refusal('ResourceNotFound.LogsetNotExist', 'no such logset');
      return {};
    },
    CreateTopic: ({ LogsetId, TopicName, Period = 30 }: CreateTopicRequest) => {
      if (!logsets.has(LogsetId)) throw new Refusal('ResourceNotFound.LogsetNotExist', 'no such logset');
      if ([...topics.values()].some((topic) => topic.LogsetId === LogsetId && topic.TopicName === TopicName)) {
        throw new Refusal('InvalidParameter.TopicConflict', `${TopicName} exists`);
      }
      const TopicId = newId('topic');
      topics.set(TopicId, { TopicId, TopicName, LogsetId, Period, Index: false, lines: [] });
      return { TopicId };
    },
    DescribeTopics: ({ Filters }: DescribeTopicsRequest) => {
      const logsetId = Filters?.find(({ Key }) => Key === 'logsetId')?.Values[0];
      const Topics = [...topics.values()]
        .filter((topic) => logsetId === undefined || topic.LogsetId === logsetId)
        .map(({ lines: _, ...topic }) => topic);
      return { TotalCount: Topics.length, Topics };
    },
    ModifyTopic: ({ TopicId, Period }: ModifyTopicRequest) => {
      const topic = find(TopicId);
      topic.Period = Period ?? topic.Period;
      return {};
    },
    DeleteTopic: ({ TopicId }: { TopicId: string }) => {
      topics.delete(find(TopicId).TopicId);
      return {};
    },
    CreateIndex: ({ TopicId, Rule }: CreateIndexRequest) => {
      const topic = find(TopicId);
      if (topic.Index) throw new Refusal('InvalidParameter.IndexConflict', 'the index exists');
      if (!Rule.FullText) throw new Refusal('InvalidParameter', 'an index needs a rule');
      topic.Index = true;
      return {};
    },
    SearchLog: ({ TopicId, From, To, QueryString = '', Sort, Limit = 100 }: SearchLogRequest) => {
      const topic = find(TopicId);
      if (!topic.Index) throw new Refusal('FailedOperation.QueryError', 'the topic has no index');
      const found = topic.lines
        .filter(({ time, fields }) => time >= From && time < To && matches(fields, QueryString))
        .map(({ time, fields }, index) => ({
          Time: time,
          TopicId: topic.TopicId,
          PkgId: 'p',
          PkgLogId: String(index),
          LogJson: JSON.stringify(fields),
        }));
      if (Sort !== 'asc') found.reverse();
      return { Context: '', ListOver: true, Analysis: false, Results: found.slice(0, Limit) };
    },
  });
  const service: Handlers = {
    GetClsService: () => ({ Status: account.logsOpened ? 0 : 1 }),
    OpenClsService: () => {
      account.logsOpened = true;
      return {};
    },
  };
  return {
    handlers: { ...handlers, ...service },
    resources: () => [...logsets.keys(), ...topics.keys()],
    write: (topicId, fields) => {
      topics.get(topicId)?.lines.push({ time: Date.now(), fields });
    },
  };
}
