/** The variables of the deployed functions: deploy reads its secrets back from there. */
import type { Context } from './context';
import type { Variables } from './environment';
import { mark, variablesOf } from './function-plan';
import { getFunction } from './functions';
import { everyFunctionName } from './names';

/** The environment of the first function that this command deployed; {} if there is none. */
export async function deployedVariables(context: Context): Promise<Variables> {
  for (const name of [...everyFunctionName(context.settings)].reverse()) {
    const current = await getFunction(context, name);
    const variables = current?.Description?.startsWith(mark) ? variablesOf(current) : {};
    if (Object.keys(variables).length > 0) return variables;
  }
  return {};
}
