/** Types of the part of the Serverless Framework (osls) that the provider uses; osls ships none for plugins. */

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A command line option; the framework refuses options that no command declares. */
export interface OptionDefinition {
  usage: string;
  type: 'string' | 'boolean' | 'multiple';
  shortcut?: string;
}

export interface CommandDefinition {
  usage: string;
  lifecycleEvents: string[];
  options: Record<string, OptionDefinition>;
  commands?: Record<string, CommandDefinition>;
}

export interface Framework {
  readonly version: string;
  readonly serviceDir: string;
  readonly service: { readonly service: string; readonly provider: unknown };
  readonly configSchemaHandler: {
    defineProvider(name: string, schemas: { provider: JsonSchema; function: JsonSchema }): void;
  };
  readonly pluginManager: { spawn(command: string): Promise<void> };
  /** The error whose message is printed without a stack. */
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  setProvider(name: string, provider: unknown): void;
}

export interface Progress {
  update(message: string): void;
  remove(): void;
}

/** The third argument of a plugin's constructor. */
export interface Writers {
  readonly log: { notice(text?: string): void; warning(text: string): void; success(text: string): void };
  readonly progress: { create(options: { message: string }): Progress };
  writeText(text: string): void;
}
