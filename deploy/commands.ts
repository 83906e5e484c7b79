/** The commands and options. Their own life cycle events keep out AWS-only options. */
import type { CommandDefinition, OptionDefinition } from './framework';

const region: OptionDefinition = { usage: 'Region, for example ap-guangzhou', type: 'string', shortcut: 'r' };
const packageOption: OptionDefinition = { usage: 'Directory of the package', type: 'string', shortcut: 'p' };
const data: OptionDefinition = { usage: 'The event, as JSON', type: 'string', shortcut: 'd' };
const path: OptionDefinition = { usage: 'File with the event, as JSON', type: 'string', shortcut: 'p' };
const which: OptionDefinition = { usage: 'web or timer', type: 'string', shortcut: 'f' };

export const commands: Record<string, CommandDefinition> = {
  deploy: {
    usage: 'Deploy the service, or its changes',
    lifecycleEvents: ['check', 'publish'],
    options: {
      region,
      package: { ...packageOption, usage: 'Deploy the package that `sls package --package <directory>` made' },
      plan: { usage: 'List the resources to create and change, with the price; needs no API key', type: 'boolean' },
      force: { usage: 'Upload and publish even if nothing has changed', type: 'boolean' },
      rotate: { usage: 'Make a new token-secret, database-password, admin-key or data-keys', type: 'string' },
      'open-cls': { usage: 'Open the log service first', type: 'boolean' },
    },
  },
  remove: {
    usage: 'Remove the functions, URL, timer and logs; the database stays',
    lifecycleEvents: ['unpublish'],
    options: { region, 'delete-data': { usage: 'Delete the database too, permanently', type: 'boolean' } },
  },
  info: { usage: 'Show the URL, functions, versions and database', lifecycleEvents: ['show'], options: { region } },
  logs: {
    usage: 'Show the logs',
    lifecycleEvents: ['show'],
    options: {
      region,
      function: { ...which, usage: 'web or timer; both if not given' },
      tail: { usage: 'Follow new lines', type: 'boolean', shortcut: 't' },
      since: { usage: 'How far back: 10m (default), 2h, 1d or a date', type: 'string' },
      filter: { usage: 'CLS search expression', type: 'string' },
    },
  },
  invoke: {
    usage: 'Call the deployed function',
    lifecycleEvents: ['call'],
    options: { region, function: which, data, path },
    commands: {
      local: {
        usage: 'Call the function on this computer, as the cloud would',
        lifecycleEvents: ['call'],
        options: { region, function: which, data, path },
      },
    },
  },
  rollback: {
    usage: 'Send requests to an earlier version',
    lifecycleEvents: ['switch'],
    options: { region, to: { usage: 'Version number; the previous one if not given', type: 'string' } },
  },
};
