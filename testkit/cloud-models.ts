/**
 * Checks requests against the SDK's own typings: unknown parameters, missing ones, wrong types. The vendor's server
 * refuses the same with the same codes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What the SDK's typings do not allow, with the code that the vendor's server refuses it with. */
export class ModelError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Property {
  readonly required: boolean;
  readonly type: ts.TypeNode | undefined;
}
type Model = ReadonlyMap<string, Property>;
type Models = ReadonlyMap<string, Model>;

const services = join(__dirname, '../node_modules/tencentcloud-sdk-nodejs/tencentcloud/services');
const loaded = new Map<string, Models>();

function modelOf(declaration: ts.InterfaceDeclaration): Model {
  const properties = declaration.members
    .filter(ts.isPropertySignature)
    .map((member): [string, Property] => [
      member.name.getText(),
      { required: member.questionToken === undefined, type: member.type },
    ]);
  return new Map(properties);
}

function modelsOf(product: string, version: string): Models {
  const name = `${product} ${version}`;
  const known = loaded.get(name);
  if (known) return known;
  const file = join(services, product, `v${version.replaceAll('-', '')}`, `${product}_models.d.ts`);
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const models = new Map<string, Model>();
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) models.set(statement.name.text, modelOf(statement));
    // A request without parameters is declared as `type XRequest = null`.
    if (ts.isTypeAliasDeclaration(statement)) models.set(statement.name.text, new Map());
  }
  loaded.set(name, models);
  return models;
}

function checkValue(value: unknown, type: ts.TypeNode | undefined, path: string, models: Models): void {
  if (type === undefined) return;
  if (ts.isUnionTypeNode(type)) return;
  const wrong = () => new ModelError('InvalidParameter', `The type of ${path} is not ${type.getText()}.`);
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    if (name !== 'Array') {
      checkObject(value, name, path, models);
      return;
    }
    if (!Array.isArray(value)) throw wrong();
    for (const [index, item] of value.entries()) checkValue(item, type.typeArguments?.[0], `${path}.${index}`, models);
    return;
  }
  const text = type.getText();
  if (['string', 'number', 'boolean'].includes(text) && typeof value !== text) throw wrong();
}

function checkObject(value: unknown, name: string, path: string, models: Models): void {
  const model = models.get(name);
  if (!model) throw new Error(`the SDK has no model ${name}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ModelError('InvalidParameter', `${path || 'The request'} is not an object.`);
  }
  const given = new Map(Object.entries(value));
  for (const [key, item] of given) {
    const property = model.get(key);
    if (!property)
      throw new ModelError('UnknownParameter', `The parameter ${path}${path && '.'}${key} is not recognized.`);
    checkValue(item, property.type, `${path}${path && '.'}${key}`, models);
  }
  for (const [key, { required }] of model) {
    if (required && !given.has(key))
      throw new ModelError('MissingParameter', `The request lacks ${path}${path && '.'}${key}.`);
  }
}

/** Throws ModelError where the SDK's typings do not know the action or the parameters. */
export function checkModel(api: { product: string; version: string; action: string }, body: unknown): void {
  const models = modelsOf(api.product, api.version);
  const request = `${api.action}Request`;
  if (!models.has(request)) throw new ModelError('InvalidAction', `The action ${api.action} does not exist.`);
  checkObject(body, request, '', models);
}
